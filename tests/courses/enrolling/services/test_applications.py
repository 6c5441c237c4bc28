import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.enums import ConsentPurpose, HowAsked
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.rules.codes import parse_application_code
from accounts.services.people import update_person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.selectors.applications import is_own_record
from courses.enrolling.services.applications import Applicant, correct_application, send_application
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def applicant(first_name="Aino", **data):
    return Applicant(data={"first_name": first_name, "last_name": "Virtanen", "birth_year": 1948, **data})


def send(cohort, *applicants, **options):
    words = {"consent_text": "We store it. Is that all right?", "support_consent_text": "The trainers see it."}
    return send_application(
        cohort=cohort, applicants=applicants or [applicant()], act=act(via=HowAsked.WEB), **words, **options
    )


def test_an_application_takes_a_free_seat_as_a_new_person():
    cohort = CohortFactory.create()

    (enrollment,) = send(cohort, Applicant(data=applicant().data, goal="Oppia", needs={"hearing_loop": True}))

    cohort.refresh_from_db()
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.how_asked, enrollment.goal) == (
        EnrollmentState.ENROLLED,
        HowAsked.WEB,
        "Oppia",
    )
    assert cohort.seats_taken == 1
    assert parse_application_code(enrollment.application_code) == enrollment.application_code
    assert enrollment.support_needs.hearing_loop
    assert is_own_record(enrollment.person)


def test_somebody_who_is_known_gets_a_record_of_their_own_and_the_known_one_stays_as_it_is():
    cohort = CohortFactory.create()
    known = PersonFactory.create(first_name="Aino", last_name="Virtanen", birth_year=1948, email="aino@example.org")
    before = Person.objects.filter(pk=known.pk).values().get()

    (enrollment,) = send(cohort, applicant(email="aino@example.org", phone="+358401234567"))

    assert enrollment.person_id != known.pk
    assert Person.objects.filter(pk=known.pk).values().get() == before
    assert list(known.enrollments.all()) == []


def test_the_consents_keep_the_words_that_were_shown():
    (enrollment,) = send(CohortFactory.create(), Applicant(data=applicant().data, needs={"note": "Penkki"}))

    consents = set(enrollment.person.consents.values_list("purpose", "text", "how_asked", "by"))
    assert consents == {
        (ConsentPurpose.COURSE, "We store it. Is that all right?", HowAsked.WEB, None),
        (ConsentPurpose.SUPPORT, "The trainers see it.", HowAsked.WEB, None),
    }


def test_two_together_wait_together_when_one_seat_is_free():
    cohort = CohortFactory.create(capacity=2)
    EnrollmentFactory.create(cohort=cohort)

    first, second = send(cohort, applicant("Aino"), applicant("Eino"))

    assert [first.state, second.state] == [EnrollmentState.WAITLISTED] * 2
    assert first.party_id == second.party_id is not None
    assert first.application_code != second.application_code


def test_a_course_that_asks_for_another_one_leaves_the_application_to_a_coordinator():
    cohort = CohortFactory.create(course=CourseFactory.create(required_course=CourseFactory.create()))

    (enrollment,) = send(cohort)

    cohort.refresh_from_db()
    assert (enrollment.state, cohort.seats_taken) == (EnrollmentState.APPLIED, 0)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(
    "how",
    [
        {"state": CohortState.CANCELLED},
        {"state": CohortState.RUNNING},
        {"state": CohortState.DRAFT},
        {"applications_open_on": lambda: in_days(1)},
        {"applications_close_on": lambda: in_days(-1)},
    ],
    ids=["cancelled", "running", "draft", "not yet open", "closed yesterday"],
)
def test_a_group_that_takes_no_applications_writes_nothing(how):
    cohort = CohortFactory.create(**{name: value() if callable(value) else value for name, value in how.items()})

    with pytest.raises(RuleError) as refusal:
        send(cohort)

    assert refusal.value.code == "closed"
    assert Person.objects.count() == 0


def test_the_first_and_the_last_day_count():
    cohort = CohortFactory.create(applications_open_on=in_days(0), applications_close_on=in_days(0))

    assert send(cohort)[0].state == EnrollmentState.ENROLLED


def test_a_full_waiting_list_writes_nothing():
    cohort = CohortFactory.create(capacity=1, waiting_list_capacity=0)
    EnrollmentFactory.create(cohort=cohort)

    with pytest.raises(CohortFull):
        send(cohort)

    assert Person.objects.count() == 1


def test_a_draft_that_is_sent_again_gives_back_what_it_made():
    cohort = CohortFactory.create()
    first = send(cohort, applicant("Aino"), applicant("Eino"), draft="secret")

    again = send(cohort, applicant("Aino"), applicant("Eino"), draft="secret")

    assert [enrollment.pk for enrollment in again] == [enrollment.pk for enrollment in first]
    assert (Enrollment.objects.count(), Person.objects.count(), Party.objects.count()) == (2, 2, 1)


def test_a_draft_that_was_sent_is_given_back_although_the_group_closed_meanwhile():
    cohort = CohortFactory.create()
    (first,) = send(cohort, draft="secret")
    Cohort.objects.update(applications_close_on=in_days(-1))

    (again,) = send(cohort, draft="secret")

    assert again.pk == first.pk


def test_two_drafts_are_two_applications():
    cohort = CohortFactory.create()

    assert send(cohort, draft="one")[0].pk != send(cohort, draft="two")[0].pk


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_eight_times_at_once_makes_one_application():
    cohort = CohortFactory.create(capacity=20)
    gate = threading.Barrier(8)
    made, errors = [], []

    def press():
        try:
            gate.wait()
            made.append(send(cohort, draft="secret")[0].pk)
        except Exception as error:  # noqa: BLE001  # shown below
            errors.append(error)
        finally:
            connections.close_all()

    presses = [threading.Thread(target=press) for _ in range(8)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    cohort.refresh_from_db()
    assert (errors, len(made), len(set(made))) == ([], 8, 1)
    assert (Enrollment.objects.count(), Person.objects.count(), cohort.seats_taken) == (1, 1, 1)
    connection.close()


def test_correcting_changes_how_the_person_is_reached():
    (enrollment,) = send(CohortFactory.create(), applicant(email="aino@example.org", channel="email"))

    correct_application(
        enrollment=enrollment,
        goal="Kuvat",
        needs={},
        act=act(via=HowAsked.WEB),
        data={"channel": "call", "phone": "+358401234567", "email": ""},
    )

    person = Person.objects.get()
    assert (person.channel, person.phone, person.email) == ("call", "+358401234567", "")
    assert Enrollment.objects.get().goal == "Kuvat"


def test_correcting_leaves_a_record_alone_that_staff_have_changed(coordinator):
    (enrollment,) = send(CohortFactory.create(), applicant(phone="+358401234567"))
    update_person(person=enrollment.person, act=act(coordinator, HowAsked.PHONE), phone="+358409999999")

    with pytest.raises(RuleError) as refusal:
        correct_application(
            enrollment=enrollment, goal="", needs={}, act=act(via=HowAsked.WEB), data={"phone": "+358401111111"}
        )

    assert refusal.value.code == "not_own"
    assert Person.objects.get(pk=enrollment.person_id).phone == "+358409999999"


def test_the_wishes_can_be_corrected_when_the_record_cannot(coordinator):
    (enrollment,) = send(CohortFactory.create())
    update_person(person=enrollment.person, act=act(coordinator, HowAsked.PHONE), phone="+358409999999")

    correct_application(
        enrollment=enrollment,
        goal="Kuvat",
        needs={"wheelchair": True},
        act=act(via=HowAsked.WEB),
        consent_text="The trainers see it.",
    )

    assert (Enrollment.objects.get().goal, Enrollment.objects.get().support_needs.wheelchair) == ("Kuvat", True)


def test_an_application_that_has_ended_is_not_corrected():
    (enrollment,) = send(CohortFactory.create())
    Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)

    with pytest.raises(RuleError) as refusal:
        correct_application(enrollment=enrollment, goal="Kuvat", needs={}, act=act(via=HowAsked.WEB))

    assert (refusal.value.code, Enrollment.objects.get().goal) == ("closed", "")


def test_somebody_put_on_record_by_staff_is_no_record_of_the_web(coordinator):
    assert not is_own_record(PersonFactory.create())
