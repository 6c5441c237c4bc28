import json

import pytest
from django.utils import translation

from accounts.exceptions import RuleError
from courses.catalogue.readers import SAMPLES, parse_course, read_course
from courses.catalogue.rules import Practice


def test_the_sample_is_the_course_it_describes():
    course = read_course(SAMPLES / "aim.json")

    assert course.fields["title_sv"] == "Grundkurs för AI-mentorer"
    assert course.fields["makes_mentors"] is True
    assert len(course.modules) == 10
    assert course.modules[8]["practice_minutes"] == 240
    assert course.rule.practice == Practice(visits=4, minutes=240, people_helped=3, supervised_visits=2)
    assert course.waiting_list == 10


def test_every_text_of_the_sample_is_there_in_three_languages():
    course = read_course(SAMPLES / "aim.json")

    texts = [course.fields, *course.modules]
    assert [
        key for fields in texts for key, text in fields.items() if key[-3:] in ("_fi", "_sv", "_en") and not text
    ] == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"code": "X"}, "The course lacks “title”."),
        ({"code": "X", "title": {}, "modules": [{"title": {}}]}, "The course lacks “code”."),
    ],
)
def test_what_is_missing_is_named(data, reason):
    with translation.override("en"), pytest.raises(RuleError) as refused:
        parse_course(data)

    assert refused.value.reasons == [reason]


@pytest.mark.parametrize("content", ["", "[1, 2", json.dumps({"code": "X", "title": {}, "format": "party"})])
def test_what_is_no_course_is_refused(tmp_path, content):
    file = tmp_path / "course.json"
    file.write_text(content)

    with pytest.raises(RuleError):
        read_course(file)
