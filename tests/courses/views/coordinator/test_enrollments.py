from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Person
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db

DESK = "/en/coordinator/enroll/"
NEW = {
    "who": "new",
    "first_name": "Eila",
    "last_name": "Manninen",
    "birth_year": "1948",
    "language": "fi",
    "channel": "call",
    "second_channel": "",
    "phone": "040 123 4567",
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def office(sign_in, coordinator, centre):
    return sign_in(coordinator)


def sent(cohort, **data):
    return {"step": "enroll", "how_asked": "desk", "cohort": cohort.code if cohort else "", "token": "t1", **data}


def enroll(office, cohort, **data):
    return office.post(DESK, sent(cohort, **data))


def said(response):
    return [str(message) for message in response.context["messages"]]


def errors(response):
    desk = response.context["desk"]
    return {name: list(texts) for form in desk.forms for name, texts in form.errors.items()}


def test_a_known_person_gets_a_place(office, learner):
    cohort = CohortFactory.create(capacity=2)

    page = office.post(DESK, sent(cohort, who=learner.code), follow=True)

    enrollment = Enrollment.objects.get()
    assert (enrollment.person, enrollment.state, enrollment.how_asked) == (learner, EnrollmentState.ENROLLED, "desk")
    assert said(page) == [f"Lempi Oppija has a place in {cohort.name}. 1 of 2 seats are taken."]


def test_over_capacity_the_answer_is_the_number_on_the_waiting_list(office, learner):
    cohort = CohortFactory.create(capacity=1)
    EnrollmentFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    Cohort.objects.update(queue_last=1)

    page = office.post(DESK, sent(cohort, who=learner.code), follow=True)

    assert said(page) == [f"{cohort.name} is full. Lempi Oppija is number 2 on the waiting list."]


def test_a_new_person_is_added_and_enrolled_in_one(office):
    cohort = CohortFactory.create()

    response = enroll(office, cohort, **NEW)

    assert response.status_code == 302
    person = Person.objects.get(last_name="Manninen")
    assert (person.phone, person.birth_year, person.channel) == ("+358401234567", 1948, "call")
    assert list(person.enrollments.values_list("cohort", "state")) == [(cohort.pk, EnrollmentState.ENROLLED)]


def test_the_address_after_enrolling_names_nobody(office):
    response = enroll(office, CohortFactory.create(code="R1"), **NEW)

    assert response["Location"] == f"{DESK}?cohort=R1"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {"who": ["Find a person, or take a new one."], "cohort": ["Choose the group."]}),
        (
            {"who": "S-AAAA-AA"},
            {"who": ["There is no such person. Find the person again."], "cohort": ["Choose the group."]},
        ),
        ({"who": "new", "language": "fi", "channel": "letter"}, {"street", "first_name", "last_name", "cohort"}),
        ({**NEW, "birth_year": "48", "phone": "12"}, {"birth_year", "phone", "cohort"}),
        ({**NEW, "first_name": "010148-9992"}, {"first_name", "cohort"}),
    ],
)
def test_all_that_is_missing_is_told_at_once_and_what_was_typed_is_kept(office, data, expected):
    response = enroll(office, None, **data)

    assert response.status_code == 200
    told = errors(response)
    assert (told if isinstance(expected, dict) else set(told)) == expected
    if "last_name" in data:
        assert 'value="Manninen"' in response.content.decode()
    assert Enrollment.objects.count() == 0


def test_a_likely_duplicate_is_shown_before_saving(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    cohort = CohortFactory.create()

    asked = enroll(office, cohort, **NEW)

    assert "Perhaps the same person" in asked.content.decode()
    assert known.code in asked.content.decode()
    assert Person.objects.filter(last_name="Manninen").count() == 1


def test_the_one_on_file_is_taken_instead(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    cohort = CohortFactory.create()

    chosen = office.post(DESK, {**sent(cohort, **NEW), "step": "", "use": known.code})
    assert chosen.context["desk"].person == known
    assert Enrollment.objects.count() == 0

    enroll(office, cohort, who=known.code)
    assert Enrollment.objects.get().person == known


def test_another_person_of_the_same_name_is_added_when_that_was_said(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    cohort = CohortFactory.create()

    told = office.post(DESK, {**sent(cohort, **NEW), "step": "", "different": known.code})
    assert told.context["desk"].duplicates == []
    assert Enrollment.objects.count() == 0

    enroll(office, cohort, **NEW, apart=known.code)
    assert Person.objects.filter(last_name="Manninen").count() == 2


def test_sent_twice_it_is_done_once(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    cohort = CohortFactory.create()

    enroll(office, cohort, **NEW, apart=known.code)
    again = office.post(DESK, sent(cohort, **NEW, apart=[known.code, Person.objects.latest("pk").code]), follow=True)

    assert said(again)[-1] == "The form was sent twice. It was done once."
    assert Enrollment.objects.count() == 1


def test_somebody_enrolled_already_is_told_kindly(office):
    enrollment = EnrollmentFactory.create()

    response = enroll(office, enrollment.cohort, who=enrollment.person.code)

    assert errors(response) == {"__all__": [f"{enrollment.person.list_name} is enrolled in this group already."]}
    assert "Enrolled already" in response.content.decode()


def test_after_a_refusal_the_same_page_can_be_sent_again(office, learner):
    cohort = CohortFactory.create(capacity=1, waiting_list_capacity=0)
    EnrollmentFactory.create(cohort=cohort)
    assert enroll(office, cohort, who=learner.code).status_code == 200
    Cohort.objects.update(capacity=2)

    assert enroll(office, cohort, who=learner.code).status_code == 302


def test_a_cohort_that_takes_nobody_is_not_to_be_chosen(office, learner):
    over = CohortFactory.create(state="draft")

    response = enroll(office, over, who=learner.code)

    assert errors(response) == {"cohort": ["Nobody can be enrolled in that group now. Choose another one."]}


def test_search_finds_people_without_writing_the_name_into_an_address(office):
    person = PersonFactory.create(first_name="Väinö", last_name="Mäkelä")

    response = office.post(DESK, {"step": "find", "find": "makela vaino"})

    assert response.context["desk"].found == [person]
    assert "Mäkelä, Väinö" in response.content.decode()
    assert errors(response) == {}


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("korhonen aino", "last_name", "Korhonen"),
        ("040 123 4567", "phone", "040 123 4567"),
        ("a@x.fi", "email", "a@x.fi"),
    ],
)
def test_what_was_looked_for_stands_in_the_form_of_a_new_person(office, typed, name, value):
    response = office.post(DESK, {"step": "look", "find": typed, "who": "new"})

    assert response.context["person_form"].initial[name] == value


def test_person_and_cohort_come_along_in_the_address(office, learner):
    cohort = CohortFactory.create()
    first = SessionFactory.create(cohort=cohort, starts_at=timezone.now() + timedelta(days=3))

    desk = office.get(DESK, {"cohort": cohort.code, "person": learner.code}).context["desk"]

    assert (desk.cohort, desk.person, desk.next_session) == (cohort, learner, first)


def test_a_person_under_a_safety_ban_is_shown_by_code_alone(office):
    person = PersonFactory.create(first_name="Salla", last_name="Salattu", protected=True)

    text = office.post(DESK, {"step": "find", "find": "salattu"}).content.decode()

    assert person.code in text
    assert "Salla" not in text


def test_enrolling_can_be_undone(office, learner):
    cohort = CohortFactory.create()
    enroll(office, cohort, who=learner.code)
    enrollment = Enrollment.objects.get()

    page = office.post(reverse("coordinator:enrollments-undo", args=[enrollment.pk]), follow=True)

    assert said(page)[-1] == "Undone. Lempi Oppija is now: Withdrawn."
    assert Cohort.objects.get().seats_taken == 0


def test_queries_do_not_grow_with_people_and_cohorts(office, django_assert_max_num_queries):
    for number in range(12):
        SessionFactory.create(cohort=CohortFactory.create(), number=1)
        PersonFactory.create(last_name=f"Korhonen{number}")

    with django_assert_max_num_queries(12):
        office.post(DESK, {"step": "find", "find": "korhonen"})


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{7*7}}", '"><img src=x>', "x" * 10_000, "a\r\nBcc: b@x.fi"]
)
def test_hostile_text_is_shown_as_text(office, text):
    response = office.post(DESK, {"step": "look", "find": text, "who": "new", "first_name": text, "last_name": text})

    page = response.content.decode()
    assert response.status_code == 200
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
