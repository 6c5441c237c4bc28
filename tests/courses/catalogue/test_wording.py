from decimal import Decimal

import pytest

from courses.catalogue.models import Course, Module
from courses.catalogue.readers import SAMPLES, read_course
from courses.catalogue.rules import CompletionRule, Practice
from courses.catalogue.wording import price_words, rule_in_words

pytestmark = pytest.mark.usefixtures("english")


def test_the_rule_of_the_sample_in_words():
    sample = read_course(SAMPLES / "aim.json")
    modules = [Module(**fields) for fields in sample.modules]

    assert rule_in_words(sample.rule, modules) == [
        "At least 75 % of the lessons: 18 of 24.",
        "Modules M4, M5 and M7 are mandatory.",
        "At most 2 modules may be made up in another group.",
        "Practice, at least: 4 visits, 4 hours, 3 people helped and 2 visits supervised.",
        "To be passed: teach-back.",
        "To be signed: code of conduct and promise of confidentiality.",
    ]


def test_a_course_without_a_rule_says_so():
    assert rule_in_words(CompletionRule(), []) == ["The course asks for nothing but a coordinator's decision."]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (CompletionRule(lesson_share=Decimal("0.8")), "At least 80 % of the lessons."),
        (CompletionRule(mandatory_modules=("M1",)), "Module M1 is mandatory."),
        (CompletionRule(most_made_up_modules=0), "No module may be made up in another group."),
        (CompletionRule(practice=Practice(minutes=90)), "Practice, at least: 90 minutes."),
        (CompletionRule(assessments=("from_elsewhere",)), "To be passed: from_elsewhere."),
    ],
)
def test_each_part_of_a_rule_in_words(rule, sentence):
    assert rule_in_words(rule, []) == [sentence]


@pytest.mark.parametrize(("price", "words"), [(None, ""), (0, "Free of charge."), (25, "The course costs 25 €.")])
def test_what_a_course_costs(price, words):
    assert price_words(Course(price=price)) == words
