"""How the demo is loaded. What it holds: tests/courses/demo/test_build.py."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Person
from courses.certifying.models import Certificate
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment
from courses.scheduling.models import Cohort

pytestmark = [pytest.mark.django_db, pytest.mark.onedb]


def test_demo_is_the_same_for_the_same_seed(db):
    def figures():
        with transaction.atomic():
            call_command("load_demo", verbosity=0)
            made = [
                list(Person.objects.order_by("code").values_list("code", "last_name", "birth_year")),
                list(Enrollment.objects.order_by("pk").values_list("person__code", "cohort__code", "state")),
                list(Certificate.objects.order_by("number").values_list("number", "person__code", "valid_until")),
            ]
            transaction.set_rollback(True)
        return made

    assert figures() == figures()


def test_demo_refuses_a_database_with_people(learner):
    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)

    assert Person.objects.get() == learner


@pytest.mark.slow
def test_demo_scales(db):
    call_command("load_demo", people=400, cohorts=60, verbosity=0)

    assert Cohort.objects.count() == 60
    assert not Enrollment.objects.filter(state__in=OPEN_STATES, cohort__state="finished").exists()
