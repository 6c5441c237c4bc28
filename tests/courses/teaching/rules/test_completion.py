import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.rules import CompletionRule
from courses.teaching.rules.completion import Missing, Progress, judge

SAMPLE = json.loads((Path(__file__).parents[3] / "data" / "course-aim.json").read_text(encoding="utf-8"))
RULE = CompletionRule.from_json(SAMPLE["completion_rule"])
COUNTED = ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8")

# "18 of 24 counted lessons, modules 4, 5 and 7 attended, teach-back passed, 4 visits of 60 min, 3 people, 2 supervised,
# both declarations": the first worked example; the others are told as changes to it.
EVERYTHING = Progress(
    lessons=18,
    lessons_counted=24,
    modules=frozenset({"M1", "M2", "M3", "M4", "M5", "M7"}),
    assessments=frozenset({"teach_back"}),
    visits=4,
    minutes=240,
    people_helped=3,
    supervised_visits=2,
    declarations=frozenset({"code_of_conduct", "confidentiality"}),
)
WORKED_EXAMPLES = [
    EVERYTHING,
    replace(EVERYTHING, lessons=17),
    replace(EVERYTHING, lessons=21, modules=frozenset(COUNTED) - {"M5"}),
    replace(EVERYTHING, visits=3, minutes=240, people_helped=5),
    replace(EVERYTHING, lessons=24, modules=frozenset(COUNTED), made_up=frozenset({"M1", "M2", "M3"})),
    EVERYTHING,
]


@pytest.mark.parametrize(
    ("progress", "example"),
    list(zip(WORKED_EXAMPLES, SAMPLE["worked_examples"], strict=True)),
    ids=[example["given"][:40] for example in SAMPLE["worked_examples"]],
)
def test_worked_examples_of_the_sample_course(progress, example):
    missing = judge(RULE, progress)

    assert (not missing) is example["done"]
    assert [thing.code for thing in missing] == example.get("missing", [])


def test_missing_names_what_and_how_much():
    progress = replace(EVERYTHING, lessons=15, modules=frozenset({"M4"}), declarations=frozenset())

    assert judge(RULE, progress) == [
        Missing("lesson_share", 15, 18),
        Missing("mandatory_modules", 1, 3, ("M5", "M7")),
        Missing("declarations", 0, 2, ("code_of_conduct", "confidentiality")),
    ]


def test_lessons_needed_round_up_to_whole_lessons():
    rule = CompletionRule(lesson_share=Decimal("0.8"))

    assert [rule.lessons_needed(total) for total in (0, 1, 5, 24, 30)] == [0, 1, 4, 20, 24]


def test_course_without_a_rule_asks_for_its_mandatory_modules():
    rule = CompletionRule.from_json({}, mandatory_modules=["T1", "T2"])

    assert judge(rule, Progress(modules=frozenset({"T1"}))) == [Missing("mandatory_modules", 1, 2, ("T2",))]


def test_rule_survives_storage():
    assert CompletionRule.from_json(json.loads(json.dumps(RULE.to_json()))) == RULE


numbers = st.integers(min_value=0, max_value=600)
codes = st.frozensets(st.sampled_from(COUNTED))
some_progress = st.builds(
    Progress,
    lessons=st.integers(min_value=0, max_value=24),
    lessons_counted=st.just(24),
    modules=codes,
    assessments=st.frozensets(st.just("teach_back")),
    visits=numbers,
    minutes=numbers,
    people_helped=numbers,
    supervised_visits=numbers,
    declarations=st.frozensets(st.sampled_from(["code_of_conduct", "confidentiality"])),
)


@given(some_progress)
def test_doing_more_never_makes_more_missing(progress):
    more = replace(
        progress,
        lessons=24,
        modules=frozenset(COUNTED),
        assessments=frozenset({"teach_back"}),
        visits=progress.visits + 1,
        minutes=progress.minutes + 60,
    )

    assert {thing.code for thing in judge(RULE, more)} <= {thing.code for thing in judge(RULE, progress)}


@given(some_progress)
def test_done_exactly_when_nothing_is_missing(progress):
    met = (
        progress.lessons >= 18
        and {"M4", "M5", "M7"} <= progress.modules
        and "teach_back" in progress.assessments
        and progress.visits >= 4
        and progress.minutes >= 240
        and progress.people_helped >= 3
        and progress.supervised_visits >= 2
        and progress.declarations == {"code_of_conduct", "confidentiality"}
    )

    assert (judge(RULE, progress) == []) is met
