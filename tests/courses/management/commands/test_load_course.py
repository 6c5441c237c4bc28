import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.catalogue.models import Course
from courses.catalogue.readers import SAMPLE

pytestmark = pytest.mark.django_db


def load(file):
    out = io.StringIO()
    call_command("load_course", str(file), language="en", stdout=out)
    return out.getvalue()


def changed(tmp_path, **changes):
    file = tmp_path / "course.json"
    file.write_text(json.dumps(json.loads(SAMPLE.read_text(encoding="utf-8")) | changes), encoding="utf-8")
    return file


def test_the_sample_is_added():
    assert load(SAMPLE) == "AIM: AI Mentor Foundation Course is added, with 10 modules.\n"
    assert Course.objects.get(code="AIM").lessons == sum(
        module.lessons for module in Course.objects.get().modules.all()
    )


def test_a_course_that_is_there_stays_as_it_is():
    load(SAMPLE)
    Course.objects.update(title_en="Ours")

    with pytest.raises(CommandError, match="There is a course with the code AIM already."):
        load(SAMPLE)

    assert Course.objects.get().title_en == "Ours"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": {"fi": "Kurssi", "en": "Course"}}, "title_sv: This field cannot be blank."),
        ({"title": "Kurssi"}, "The course cannot be read"),
        ({"completion_rule": {"mandatory_modules": ["M99"]}}, "The course has no module M99."),
        ({"modules": [{"code": "M1"}]}, "The course lacks “title”."),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_added(tmp_path, changes, said):
    with pytest.raises(CommandError) as refusal:
        load(changed(tmp_path, **changes))

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not Course.objects.exists()


def test_no_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="is no JSON file of a course"):
        load(tmp_path / "none.json")


def test_without_a_rule_the_mandatory_modules_are_asked_for(tmp_path):
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    del data["completion_rule"]
    for module in data["modules"]:
        module["mandatory"] = module["code"] == "M1"
    file = tmp_path / "course.json"
    file.write_text(json.dumps(data), encoding="utf-8")

    load(file)

    course = Course.objects.get()
    assert course.completion_rule["mandatory_modules"] == ["M1"]
    assert list(course.modules.filter(mandatory=True).values_list("code", flat=True)) == ["M1"]


def test_the_example_of_the_manual_can_be_loaded(tmp_path):
    manual = (Path(__file__).parents[4] / "docs" / "courses.md").read_text(encoding="utf-8")
    file = tmp_path / "course.json"
    file.write_text(manual.split("```json\n")[1].split("```")[0], encoding="utf-8")

    assert load(file) == "TALK: Scams online is added, with 1 module.\n"
