"""What a completion lacks, as it is read aloud and as it is refused."""

import pytest
from django.utils.translation import override

from courses.catalogue.rules import CompletionRule
from courses.enrolling.enums import EnrollmentState
from courses.teaching.rules.completion import Missing, Progress
from courses.teaching.selectors.completions import Standing
from courses.teaching.wording import missing_sentences, unmet_sentences
from tests.factories import EnrollmentFactory, ModuleFactory

pytestmark = pytest.mark.django_db

MISSING = [
    Missing("lesson_share", have=15, need=18),
    Missing("mandatory_modules", items=("M5",)),
    Missing("practice.visits", have=2, need=4),
    Missing("practice.minutes", have=120, need=240),
    Missing("practice.people_helped", have=1, need=3),
    Missing("declarations", items=("confidentiality",)),
]


def standing(state: EnrollmentState) -> Standing:
    return Standing(
        enrollment=EnrollmentFactory.create(state=state, person__first_name="Aino", person__last_name="Aho"),
        rule=CompletionRule.from_json({}),
        progress=Progress(),
        missing=MISSING,
        cells=[],
        modules=[ModuleFactory.create(code="M5", title_en="Ethics and your data")],
    )


def test_what_is_missing_can_be_read_aloud():
    with override("en"):
        assert missing_sentences(standing(EnrollmentState.ACTIVE)) == [
            "Take part in 3 more lessons (now 15 of 18).",
            "Complete module M5: Ethics and your data.",
            "Guide 2 more times during the course (now 2).",
            "Guide for 2 hours more.",
            "Help 2 more people (now 1).",
            "Sign the promise of confidentiality.",
        ]


def test_a_refusal_names_whose_completion_lacks_what():
    with override("en"):
        assert (
            unmet_sentences(standing(EnrollmentState.ACTIVE))[0]
            == "Aho, Aino: Take part in 3 more lessons (now 15 of 18)."
        )


def test_of_an_enrollment_that_has_ended_the_refusal_says_how_it_stands():
    with override("en"):
        assert unmet_sentences(standing(EnrollmentState.WITHDRAWN)) == [
            "Aho, Aino: nothing can be decided, because the enrollment is “Withdrawn”."
        ]
