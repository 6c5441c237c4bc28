import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import ConsentPurpose
from accounts.models import Consent, Person, ToldApart
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.scheduling.models import Cohort
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory, SessionFactory
from tests.pages import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

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


def sent(cohort, **data):
    chosen = cohort.code if cohort else ""
    return {
        "step": "enroll",
        "how_asked": "desk",
        "cohort": chosen,
        "token": "t1",
        "yes_course": data.get("who", ""),
        **data,
    }


def enroll(office, cohort, **data):
    return office.post(DESK, sent(cohort, **data))


def errors(response):
    desk = response.context["desk"]
    return {form.add_prefix(name): list(texts) for form in desk.forms for name, texts in form.errors.items()}


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

    assert response["Location"] == f"{DESK}?cohort=R1&done={Enrollment.objects.get().pk}"


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
    assert chosen.context["desk"].first.person == known
    assert Enrollment.objects.count() == 0

    enroll(office, cohort, who=known.code)
    assert Enrollment.objects.get().person == known


def test_another_person_of_the_same_name_is_added_when_that_was_said(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    cohort = CohortFactory.create()

    told = office.post(DESK, {**sent(cohort, **NEW), "step": "", "different": known.code})
    assert told.context["desk"].first.new.duplicates == []
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

    response = office.post(DESK, {"step": "find", "find": "makela"})

    assert response.context["desk"].first.found == [person]
    assert "<mark>Mäkelä</mark>, Väinö" in response.content.decode()
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

    assert response.context["desk"].first.new.form.initial[name] == value


def test_person_and_cohort_come_along_in_the_address(office, learner):
    cohort = CohortFactory.create()
    first = SessionFactory.create(cohort=cohort, starts_at=timezone.now() + timedelta(days=3))

    desk = office.get(DESK, {"cohort": cohort.code, "person": learner.code}).context["desk"]

    assert (desk.cohort, desk.first.person, desk.next_session) == (cohort, learner, first)


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

    assert said(page)[-1] == "Undone. Lempi Oppija: Withdrawn."
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


def test_without_a_yes_nobody_is_enrolled_and_the_text_is_there_to_read(office, learner):
    response = enroll(office, CohortFactory.create(), who=learner.code, yes_course="")

    assert errors(response) == {"yes_course": ["Read the text aloud, and tick that they said yes."]}
    assert "stores your name and how to reach you" in response.content.decode()
    assert Enrollment.objects.count() == 0


def test_the_yes_of_one_person_is_not_taken_for_another(office, learner, stranger):
    response = enroll(office, CohortFactory.create(), who=learner.code, yes_course=stranger.code)

    assert list(errors(response)) == ["yes_course"]


def test_the_yes_is_kept_with_the_words_in_the_persons_language(office, learner):
    Person.objects.filter(pk=learner.pk).update(language="en")

    enroll(office, CohortFactory.create(), who=learner.code)

    consent = Consent.objects.get()
    assert (consent.person, consent.purpose, consent.how_asked) == (learner, ConsentPurpose.COURSE, "desk")
    assert consent.text.startswith("Testikeskus stores your name")


def test_a_yes_that_stands_is_not_asked_for_again(office, learner):
    cohort = CohortFactory.create()
    enroll(office, cohort, who=learner.code)

    page = office.get(DESK, {"person": learner.code}).content.decode()
    enroll(office, CohortFactory.create(), who=learner.code, yes_course="", token="t2")

    assert "Lempi Oppija said yes to the stored details on" in page
    assert "data-yes" not in page
    assert (Consent.objects.count(), Enrollment.objects.count()) == (1, 2)


def test_arrangements_goal_and_contact_person_are_noted_with_their_consents(office):
    wishes = {"loan_device": "on", "note": "A seat near the door", "yes_support": "new", "goal": "Video calls"}
    contact = {
        "name": "Pekka Manninen",
        "relation": "child",
        "phone": "050 123 4567",
        "told_reminders": "on",
        "yes": "new",
    }

    enroll(
        office, CohortFactory.create(), **NEW, **wishes, **{f"contact-{name}": value for name, value in contact.items()}
    )

    enrollment = Enrollment.objects.get()
    needs = enrollment.support_needs
    helper = enrollment.person.contact_people.get()
    assert enrollment.goal == "Video calls"
    assert (needs.hearing_loop, needs.wheelchair, needs.loan_device, needs.note) == (
        False,
        False,
        True,
        "A seat near the door",
    )
    assert (helper.name, helper.phone, helper.told_reminders, helper.told_absences) == (
        "Pekka Manninen",
        "+358501234567",
        True,
        False,
    )
    assert sorted(Consent.objects.values_list("purpose", flat=True)) == ["contact", "course", "support"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"wheelchair": "on"}, "yes_support"),
        ({"goal": "010148-123A"}, "goal"),
        ({"note": "010148-123A", "yes_support": "new"}, "note"),
        ({"contact-name": "Pekka", "contact-told_changes": "on", "contact-yes": "new"}, "contact-phone"),
        ({"contact-phone": "050 123 4567", "contact-told_changes": "on", "contact-yes": "new"}, "contact-name"),
        ({"contact-name": "Pekka", "contact-phone": "050 123 4567", "contact-told_changes": "on"}, "contact-yes"),
        (
            {
                "contact-name": "Pekka",
                "contact-phone": "050 123 4567",
                "contact-told_changes": "on",
                "contact-yes": "S-1",
            },
            "contact-yes",
        ),
        ({"contact-name": "Pekka", "contact-phone": "050 123 4567", "contact-yes": "new"}, "contact-told_reminders"),
    ],
)
def test_what_is_missing_beside_the_person_is_told_and_nothing_is_saved(office, data, field):
    response = enroll(office, CohortFactory.create(), **NEW, **data)

    assert list(errors(response)) == [field]
    assert not Person.objects.filter(last_name="Manninen").exists()


def test_a_landline_for_text_messages_is_told_before_and_refused(office):
    landline = {**NEW, "phone": "09 123 4567", "channel": "sms"}

    looked = office.post(DESK, {"step": "look", **landline}).content.decode()
    refused = enroll(office, CohortFactory.create(), **landline)

    assert "That is a landline" in looked
    assert errors(refused) == {"phone": ["A landline gets no text messages. Choose a phone call or a letter."]}


def promise_of(office, cohort, **data):
    return office.post(DESK, {**sent(cohort, **data), "step": "look"}).context["desk"].promise


def test_a_group_that_filled_up_meanwhile_is_told_and_asked_once_more(office, learner):
    cohort = CohortFactory.create(capacity=1, code="R1")
    promise = promise_of(office, cohort, who=learner.code)
    EnrollmentFactory.create(cohort=cohort)

    told = enroll(office, cohort, who=learner.code, promise=promise)
    assert promise == "R1:seat"
    assert errors(told)["__all__"][0].startswith(f"The seat in {cohort.name} that was free a moment ago is taken.")
    assert "number 1 on the waiting list" in told.content.decode()
    assert not learner.enrollments.exists()

    enroll(office, cohort, who=learner.code, promise=told.context["desk"].promise)
    assert learner.enrollments.get().state == EnrollmentState.WAITLISTED


def test_the_page_left_open_for_a_day_says_that_the_group_is_closed_and_keeps_what_was_typed(office):
    cohort = CohortFactory.create()
    promise = promise_of(office, cohort, **NEW)
    Cohort.objects.update(state="finished")

    response = enroll(office, cohort, **NEW, promise=promise)

    assert errors(response) == {"cohort": ["Nobody can be enrolled in that group now. Choose another one."]}
    assert 'value="Manninen"' in response.content.decode()


def test_somebody_put_on_record_meanwhile_is_shown(office):
    cohort = CohortFactory.create()
    other = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)

    response = enroll(office, cohort, **NEW)

    assert [one.person for one in response.context["desk"].first.new.duplicates] == [other]
    assert Enrollment.objects.count() == 0


def test_told_apart_at_the_desk_is_told_apart_for_good(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)

    enroll(office, CohortFactory.create(), **NEW, apart=known.code)

    assert ToldApart.objects.get().first == known


def test_a_prerequisite_is_said_and_may_be_waived_with_a_reason(office, learner):
    basics = CourseFactory.create(title_en="Basics")
    cohort = CohortFactory.create(course=CourseFactory.create(required_course=basics))

    asked = enroll(office, cohort, who=learner.code)
    assert errors(asked) == {"waiver": ["Say why it is not asked for this time, or choose another group."]}
    assert "“Basics” is not completed." in asked.content.decode()

    enroll(office, cohort, who=learner.code, waiver="Has taught it herself")
    assert Enrollment.objects.get().waiver == "Has taught it herself"


TOGETHER = {
    "together": "on",
    "companions": "1",
    "c1-who": "new",
    "c1-first_name": "Eino",
    "c1-last_name": "Manninen",
    "c1-birth_year": "1946",
    "c1-language": "fi",
    "c1-channel": "call",
    "c1-phone": "040 123 4567",
    "c1-yes_course": "new",
}


def test_two_together_have_two_seats(office):
    cohort = CohortFactory.create(capacity=2)

    page = office.post(DESK, sent(cohort, **NEW, **TOGETHER), follow=True)

    rows = Enrollment.objects.order_by("pk").values_list("person__first_name", "state")
    assert list(rows) == [("Eila", EnrollmentState.ENROLLED), ("Eino", EnrollmentState.ENROLLED)]
    assert Enrollment.objects.values("party").distinct().count() == 1
    assert said(page) == [f"Eila Manninen and Eino Manninen have places in {cohort.name}. 2 of 2 seats are taken."]
    assert page.content.decode().count("Print the confirmation of") == 2


def test_two_together_have_none_when_one_seat_is_free(office):
    cohort = CohortFactory.create(capacity=2)
    EnrollmentFactory.create(cohort=cohort)

    promise = promise_of(office, cohort, **NEW, **TOGETHER)
    enroll(office, cohort, **NEW, **TOGETHER, promise=promise)

    assert promise == f"{cohort.code}:queue"
    waiting = Enrollment.objects.filter(state=EnrollmentState.WAITLISTED).order_by("queue_number")
    assert [one.person.first_name for one in waiting] == ["Eila", "Eino"]


def test_of_two_together_each_says_yes_and_nothing_is_saved_before(office):
    response = enroll(
        office, CohortFactory.create(), **NEW, **(TOGETHER | {"c1-yes_course": "", "c1-birth_year": "46"})
    )

    assert list(errors(response)) == ["c1-yes_course", "c1-birth_year"]
    assert not Person.objects.filter(last_name="Manninen").exists()


def test_a_companion_joins_who_waits_already(office, learner):
    cohort = CohortFactory.create(capacity=2)
    EnrollmentFactory.create_batch(2, cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, person=learner, state=EnrollmentState.WAITLISTED, queue_number=1)
    Cohort.objects.update(queue_last=1)

    enroll(
        office, cohort, **NEW, together="on", companions="1", **{"c1-who": learner.code, "c1-yes_course": learner.code}
    )

    party = learner.enrollments.get().party
    assert [one.person.first_name for one in party.enrollments.order_by("queue_number")] == ["Lempi", "Eila"]


def test_up_to_three_may_come_along(office):
    more = office.post(DESK, {"together": "on", "companions": "1", "step": "more"}).context["desk"]
    most = office.post(DESK, {"together": "on", "companions": "9", "step": "look"}).context["desk"]
    none = office.post(DESK, {"companions": "2", "step": "look"}).context["desk"]

    assert [len(desk.companions) for desk in (more, most, none)] == [2, 3, 0]


def test_another_language_and_a_full_group_are_said_in_words(office, learner):
    CohortFactory.create(language="sv", capacity=1, seats_taken=1, name_en="Spring B")

    page = office.get(DESK, {"person": learner.code}).content.decode()

    assert "another language" in page
    assert "To the queue" in page
    assert 'data-key="b"' in page


def test_the_confirmation_is_one_pdf_page(office, learner):
    enrollment = EnrollmentFactory.create(person=learner)

    response = office.get(reverse("coordinator:enrollments-print", args=[enrollment.pk]))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert len(PdfReader(io.BytesIO(response.content)).pages) == 1


@pytest.mark.parametrize("done", ["x", "999999", "9" * 400, "²"])
def test_a_wrong_number_in_the_address_shows_no_confirmation(office, done):
    assert office.get(DESK, {"done": done}).context["done"] == []
