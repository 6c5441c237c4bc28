"""The demo is made in bulk, past the services: these tests hold it to what the services would have left."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Person
from accounts.selectors import contact_people_of, count_duplicate_candidates
from courses.catalogue.models import Course
from courses.certifying.models import Certificate
from courses.enrolling.enums import OPEN_STATES, SEAT_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, SupportNeeds
from courses.enrolling.rules.transitions import may_transition
from courses.enrolling.selectors.queues import queue_of
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.overview.selectors.today import tasks_of_coordinator
from courses.scheduling.models import Cohort, Session
from courses.teaching.models import Completion
from courses.teaching.selectors.completions import standings
from tests.worlds import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    yield from made_once(django_db_blocker, lambda: call_command("load_demo", verbosity=0))


def test_demo_has_its_people_cohorts_and_sessions(demo):
    counts = [model.objects.count() for model in (Person, Course, Cohort, Session)]

    assert counts == [320, 6, 25, 189]
    assert 90 <= Certificate.objects.count() <= 115


def test_demo_has_a_full_cohort_with_a_queue_and_certificates_of_each_kind(demo):
    today = timezone.localdate()
    full = Cohort.objects.filter(seats_taken=F("capacity"), enrollments__state=EnrollmentState.WAITLISTED).distinct()
    expired = Certificate.objects.filter(valid_until__lt=today)
    soon = Certificate.objects.filter(valid_until__range=(today, today + timedelta(days=60)))

    assert full.count() == 1
    assert (expired.exists(), soon.exists()) == (True, True)
    assert Certificate.objects.filter(revoked_at__isnull=False).count() == 1


def test_demo_shows_an_offer_a_pair_an_application_to_check_and_a_group_that_is_too_small(demo):
    [offered] = Enrollment.objects.filter(state=EnrollmentState.OFFERED)
    pair, singles = (queue_of(offered.cohort)[-2:], queue_of(offered.cohort)[:-2])
    tasks = {task.code: task.count for task in tasks_of_coordinator(timezone.now())}

    assert offered.cohort.seats_taken == offered.cohort.capacity
    assert len({one.party_id for one in pair} - {None}) == 1
    assert [(one.party_id, one.queue_reason) for one in singles] == [(None, "access"), (None, ""), (None, "")]
    assert tasks["applications"] == 1
    assert "under_minimum" in tasks


def test_demo_shows_a_contact_person_what_to_arrange_and_one_who_is_reached_through_nobody(demo):
    learner = Person.objects.get(email="learner@demo.example")
    [own] = Enrollment.objects.filter(person=learner, state=EnrollmentState.ACTIVE)

    assert contact_people_of(learner, timezone.localdate()).count() == 1
    assert SupportNeeds.objects.filter(enrollment__cohort=own.cohort).count() == SupportNeeds.objects.count() == 4
    assert [task.code for task in tasks_of_coordinator(timezone.now())].count("no_contact") == 1


def test_demo_counts_seats_as_they_are(demo):
    taken = Count("enrollments", filter=Q(enrollments__state__in=SEAT_STATES))

    assert list(Cohort.objects.annotate(counted=taken).exclude(seats_taken=F("counted"))) == []


def test_demo_made_only_moves_of_the_drawing(demo):
    wrong = [
        (enrollment.pk, [step.to_state for step in steps])
        for enrollment in Enrollment.objects.prefetch_related("transitions")
        if (steps := list(enrollment.transitions.all()))
        and (
            steps[-1].to_state != enrollment.state
            or any(
                step.from_state != step.to_state and not may_transition(step.from_state, step.to_state)
                for step in steps[1:]
            )
        )
    ]

    assert wrong == []


def test_each_completion_of_the_demo_meets_the_rule(demo):
    completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED).select_related("person", "cohort__course")
    unmet = [standing for standing in standings(list(completed), timezone.now()) if standing.missing]

    assert unmet == []
    assert Completion.objects.count() == Enrollment.objects.filter(state=EnrollmentState.COMPLETED).count()


def test_demo_plans_messages_to_come_and_shows_those_sent(demo):
    states = set(Message.objects.values_list("state", flat=True))

    assert {MessageState.PENDING, MessageState.SENT, MessageState.DEAD} <= states
    assert not Message.objects.filter(state=MessageState.SENT, body="").exists()


def test_demo_has_a_likely_pair_and_a_code_for_each_open_enrollment(demo):
    assert count_duplicate_candidates() == 1
    assert not Enrollment.objects.filter(state__in=OPEN_STATES, application_code="").exists()
