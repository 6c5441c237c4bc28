from dataclasses import replace

import pytest

from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Consent, Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, SupportNeeds
from courses.enrolling.services.desk import AtDesk, enroll_at_desk
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

NEW = AtDesk(
    data={"first_name": "Eila", "last_name": "Manninen", "birth_year": 1948, "language": "fi", "channel": "letter"},
    course_consent="May we?",
)


def enroll(people, cohort, coordinator, **options):
    return enroll_at_desk(people=people, cohort=cohort, act=act(coordinator, HowAsked.PHONE), **options)


def counts():
    models = (Person, Consent, Enrollment, SupportNeeds, AuditEntry)
    return [model.objects.count() for model in models]


@pytest.mark.parametrize(
    ("last", "code"),
    [
        # Each fails at another step: before anything, after the person, after the enrollment, after the needs.
        (replace(NEW, course_consent=""), "consent"),
        (replace(NEW, needs={"wheelchair": True}), "consent"),
        (
            replace(NEW, needs={"wheelchair": True}, support_consent="?", contact={"name": "P"}, contact_consent="?"),
            "invalid",
        ),
    ],
)
def test_all_of_it_or_nothing(last, code, coordinator):
    cohort = CohortFactory.create()
    before = counts()

    with pytest.raises(RuleError) as refused:
        enroll([last], cohort, coordinator)

    assert refused.value.code == code
    assert counts() == before
    assert Cohort.objects.get().seats_taken == 0


def test_a_person_put_on_record_in_the_meantime_is_not_doubled(coordinator):
    """Two coordinators take down the same new person: the second is told under the lock, not by chance before it."""
    cohort = CohortFactory.create()
    enroll([NEW], cohort, coordinator)

    with pytest.raises(RuleError) as refused:
        enroll([NEW], cohort, coordinator)

    assert refused.value.code == "duplicate"
    assert Person.objects.filter(last_name="Manninen").count() == 1


def test_two_new_people_of_one_call_are_not_each_other(coordinator):
    twin = replace(NEW, data={**NEW.data, "first_name": "Eija"})

    placed = enroll([NEW, twin], CohortFactory.create(), coordinator)

    assert [one.person.first_name for one in placed] == ["Eila", "Eija"]


def test_a_promised_seat_that_is_gone_is_refused_and_an_unpromised_one_queues(coordinator):
    cohort = CohortFactory.create(capacity=1)
    EnrollmentFactory.create(cohort=cohort)

    with pytest.raises(RuleError) as refused:
        enroll([NEW], cohort, coordinator, seats_promised=True)
    queued = enroll([NEW], cohort, coordinator)

    assert refused.value.code == "filled"
    assert [one.state for one in queued] == [EnrollmentState.WAITLISTED]


def test_a_pair_of_which_one_has_a_place_gets_none_when_the_other_cannot_have_one(coordinator):
    cohort = CohortFactory.create(capacity=2)
    placed, _other = EnrollmentFactory.create_batch(2, cohort=cohort)

    with pytest.raises(RuleError) as refused:
        enroll([NEW, AtDesk(person=placed.person, course_consent="May we?")], cohort, coordinator)

    assert refused.value.code == "not_together"
    assert Enrollment.objects.count() == 2


def test_a_yes_that_stands_is_enough(coordinator):
    person = PersonFactory.create()
    enroll([AtDesk(person=person, course_consent="May we?")], CohortFactory.create(), coordinator)

    enroll([AtDesk(person=person)], CohortFactory.create(), coordinator)

    assert Consent.objects.count() == 1
