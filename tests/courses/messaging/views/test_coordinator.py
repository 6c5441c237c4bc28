from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Channel
from courses.dates.words import NBSP
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.offers import plan_seat_offered
from courses.enrolling.messages.places import plan_cohort_cancelled, plan_companion_left, plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.models import Party
from courses.enrolling.services.offers import lapse_offers
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from tests.conftest import NOW
from tests.factories import (
    CohortFactory,
    ContactPersonFactory,
    EnrollmentFactory,
    MessageFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "centre")]

LIST = "/en/coordinator/messages/"
PHONE = {"channel": Channel.CALL, "phone": "+358401234567", "email": ""}
ADDRESS = {"channel": Channel.LETTER, "street": "Tie 1", "postal_code": "02100", "city": "Espoo", "email": ""}


@pytest.fixture
def session():
    starts_at = NOW + timedelta(days=14)
    return SessionFactory.create(
        cohort=CohortFactory.create(capacity=50), number=8, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )


@pytest.fixture
def page(sign_in, coordinator):
    return sign_in(coordinator)


def message_to(session, **person):
    enrollment = EnrollmentFactory.create(
        cohort=session.cohort, person=PersonFactory.create(**person), admitted_at=NOW - timedelta(days=1)
    )
    plan_place_confirmed(enrollments=[enrollment], at=NOW)
    return Message.objects.get(enrollment=enrollment)


def act(page, message, verb, **data):
    return page.post(reverse(f"coordinator:messages-{verb}", args=[message.pk]), data)


def said(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_list_shows_each_planned_message_with_its_reason_by_day(page, session):
    person = message_to(session).person
    plan_session_reminders(at=NOW)

    response = page.get(LIST)

    days = [(day.isoformat(), number) for day, number, _rows in response.context["days"]]
    text = response.content.decode()
    assert days == [("2027-01-12", 1), ("2027-01-22", 1)]
    assert person.list_name in text
    assert "2 working days before the session on Tue\u00a026\u00a0Jan at 10:00." in text


@pytest.mark.parametrize("people", [1, 30])
def test_list_takes_the_same_queries_for_any_number_of_rows(page, session, django_assert_max_num_queries, people):
    for _number in range(people):
        message_to(session)
    plan_session_reminders(at=NOW)

    with django_assert_max_num_queries(17):
        page.get(LIST)


@pytest.mark.parametrize("people", [1, 30])
@pytest.mark.parametrize(("path", "person"), [("calls", PHONE), ("letters", ADDRESS), ("letters/sheets", ADDRESS)])
def test_calls_and_letters_take_the_same_queries_for_any_number(
    page, session, django_assert_max_num_queries, people, path, person
):
    for _number in range(people):
        message_to(session, **person)

    with django_assert_max_num_queries(13):
        response = page.get(f"{LIST}{path}/")

    assert len(response.context["page_obj"]) == people


@pytest.mark.parametrize(
    ("tab", "state"),
    [("sent", "sent"), ("failed", "dead"), ("failed", "unknown"), ("missed", "missed"), ("cancelled", "cancelled")],
)
def test_each_end_has_its_tab(page, session, tab, state):
    message_to(session)
    Message.objects.update(state=state, sent_at=NOW)

    assert [len(page.get(f"{LIST}?tab={one}").context["page_obj"]) for one in (tab, "planned")] == [1, 0]


@pytest.mark.parametrize(("clock", "shown"), [(16, "16:00"), (18, "Wed 13 Jan 9:00")])
def test_what_waits_shows_when_it_goes_out_next_and_never_a_time_that_is_past(
    sign_in, coordinator, session, clock, shown
):
    """Due at ten and not sent: at four it goes now, at six tomorrow morning, which the chart says as well."""
    message_to(session)
    due = timezone.localtime(NOW).replace(hour=10, minute=0)
    Message.objects.update(due_at=due, next_attempt_at=due, expires_at=due + timedelta(days=3))

    with time_machine.travel(due.replace(hour=clock), tick=False):
        response = sign_in(coordinator).get(LIST)

    row = response.content.decode().partition('<th scope="row" class="rh">')[2].partition("</th>")[0]
    bars = [bar.value for bar in response.context["bars"][:2]]
    assert " ".join(row.replace(NBSP, " ").split()) == shown
    assert bars == ([1, 0] if clock == 16 else [0, 1])


def test_messages_that_go_another_way_stand_last_among_those_that_failed_and_say_so(page, session):
    on_its_way, lost = message_to(session, **PHONE), message_to(session)
    Message.objects.update(state="dead")
    MessageFactory.create(
        person=on_its_way.person, rule=on_its_way.rule, enrollment=on_its_way.enrollment, due_at=on_its_way.due_at
    )

    response = page.get(f"{LIST}?tab=failed")

    assert [message.pk for message in response.context["page_obj"]] == [lost.pk, on_its_way.pk]
    assert response.content.decode().count("It goes another way.") == 1


def test_list_is_narrowed_by_channel_and_cohort(page, session):
    mine = message_to(session, **PHONE)
    message_to(session)
    other = SessionFactory.create()
    message_to(other, **PHONE)

    response = page.get(LIST, {"channel": "call", "cohort": session.cohort.code})

    assert [message.pk for message in response.context["page_obj"]] == [mine.pk]


def test_wrong_choices_show_everything(page, session):
    message_to(session)

    response = page.get(LIST, {"channel": "pigeon", "cohort": "nowhere", "tab": "none", "page": "x"})

    assert len(response.context["page_obj"]) == 1


def test_detail_shows_the_text_as_it_would_leave_now(page, session):
    message = message_to(session, first_name="Aino")
    session.cohort.course.title_fi = "Uusi nimi"
    session.cohort.course.save()

    response = page.get(reverse("coordinator:messages-detail", args=[message.pk]))

    assert "Uusi nimi" in response.context["text"].body
    assert "Aino" in response.context["text"].body


def test_detail_of_a_sent_message_shows_what_left(page, session):
    message = message_to(session)
    Message.objects.update(state=MessageState.SENT, sent_at=NOW, subject="Otsikko", body="Teksti")

    response = page.get(reverse("coordinator:messages-detail", args=[message.pk]))

    assert (response.context["text"].subject, response.context["text"].body) == ("Otsikko", "Teksti")


def test_mail_in_its_frame_may_do_nothing_but_show_its_own_styles(page, session):
    message = message_to(session)

    response = page.get(reverse("coordinator:messages-mail", args=[message.pk]))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "sandbox" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_hold_and_release(page, session):
    message = message_to(session)

    act(page, message, "hold")
    held = Message.objects.get().held
    act(page, message, "hold")

    assert (held, Message.objects.get().held) == (True, False)


def test_cancel(page, session):
    act(page, message_to(session), "cancel")

    assert Message.objects.get().state == MessageState.CANCELLED


def test_cancelling_what_has_left_says_why_not(page, session):
    message = message_to(session)
    Message.objects.update(state=MessageState.SENT, sent_at=NOW)

    response = act(page, message, "cancel")

    assert said(response) == ["The message has left already or is on its way."]
    assert Message.objects.get().state == MessageState.SENT


def test_send_again(page, session):
    message = message_to(session)
    Message.objects.update(state=MessageState.DEAD)

    act(page, message, "again")

    assert Message.objects.get().state == MessageState.PENDING


def test_test_goes_to_oneself(page, session, coordinator, mail_sink):
    act(page, message_to(session), "test")

    assert [mail["To"] for mail in mail_sink.mails] == [coordinator.email]


def test_call_is_recorded_and_leaves_the_list(page, session):
    message = message_to(session, **PHONE)

    response = act(page, message, "answer", answer="reached")

    assert response.url == reverse("coordinator:messages-calls")
    assert Message.objects.get().state == MessageState.SENT
    assert len(page.get(f"{LIST}calls/").context["calls"]) == 0


def test_unknown_answer_is_no_page(page, session):
    message = message_to(session, **PHONE)

    assert act(page, message, "answer", answer="maybe").status_code == 404
    assert Message.objects.get().state == MessageState.PENDING


def test_call_list_says_what_to_say_in_the_persons_language(page, session):
    message_to(session, **PHONE, language="sv", first_name="Åke")

    ((call, _answers),) = page.get(f"{LIST}calls/").context["calls"]

    assert "Grundkurs för AI-mentorer" in call.text.body
    assert "Åke" in call.text.body


def test_a_letter_that_waits_is_shown_as_it_is_printed_and_not_as_a_mail(page, session):
    message = message_to(session, **ADDRESS, first_name="Aino")

    content = page.get(reverse("coordinator:messages-detail", args=[message.pk])).content.decode()
    frame = page.get(reverse("coordinator:messages-letter", args=[message.pk]))

    assert f'src="{reverse("coordinator:messages-letter", args=[message.pk])}"' in content
    assert "salasanaa" not in content
    assert "Tie 1<br>" in frame.content.decode()
    assert (frame["X-Frame-Options"], "frame-ancestors 'self'" in frame["Content-Security-Policy"]) == (
        "SAMEORIGIN",
        True,
    )


def test_only_a_letter_has_a_sheet(page, session):
    message = message_to(session)

    assert page.get(reverse("coordinator:messages-letter", args=[message.pk])).status_code == 404


def test_letters_are_marked_as_posted_where_they_are_printed(page, session):
    first, second = message_to(session, **ADDRESS), message_to(session, **ADDRESS)

    posted = reverse("coordinator:messages-posted")
    the_list = page.get(f"{LIST}letters/").content.decode()
    every = page.get(f"{LIST}letters/sheets/").content.decode()
    one = page.get(f"{LIST}letters/sheets/", {"message": second.pk}).content.decode()

    assert (posted in the_list, "First print the sheets." in the_list) == (False, True)
    assert [f'name="message" value="{letter.pk}"' in every for letter in (first, second)] == [True, True]
    assert [f'name="message" value="{letter.pk}"' in one for letter in (first, second)] == [False, True]


def test_a_sheet_that_is_shown_again_cannot_be_posted_again(page, session):
    letter = message_to(session, **ADDRESS)
    Message.objects.update(state=MessageState.SENT, sent_at=NOW)

    content = page.get(f"{LIST}letters/sheets/", {"message": letter.pk}).content.decode()

    assert "Tie 1<br>" in content
    assert reverse("coordinator:messages-posted") not in content


def test_chosen_letters_are_marked_as_posted(page, session):
    first, second = message_to(session, **ADDRESS), message_to(session, **ADDRESS)
    email = message_to(session)

    page.post(reverse("coordinator:messages-posted"), {"message": [first.pk, email.pk, "x"]})

    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {first.pk: "sent", second.pk: "pending", email.pk: "pending"}
    assert Message.objects.get(pk=first.pk).body != ""


def test_sheet_bears_the_address_and_is_escaped(page, session):
    message_to(session, **ADDRESS, first_name="<script>alert(1)</script>")

    text = page.get(f"{LIST}letters/sheets/").content.decode()

    assert "Tie 1<br>" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("verb", ["hold", "cancel", "again", "test", "answer"])
def test_looking_changes_nothing(page, session, verb):
    message = message_to(session)

    assert page.get(reverse(f"coordinator:messages-{verb}", args=[message.pk])).status_code == 405


@pytest.mark.parametrize("who", ["trainer", "learner", "viewer", "administrator", "stranger"])
def test_others_find_no_such_page(request, sign_in, session, who):
    message = message_to(session)
    client = sign_in(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 404
    assert client.get(reverse("coordinator:messages-detail", args=[message.pk])).status_code == 404
    assert act(client, message, "cancel").status_code == 404


# Calls about a seat


def offered(session, rule="seat_offered", **fields):
    """Somebody to be called about a seat that is held for them."""
    fields.setdefault("person", PersonFactory.create(**PHONE))
    enrollment = EnrollmentFactory.create(
        cohort=session.cohort, state=EnrollmentState.OFFERED, offer_expires_at=NOW + timedelta(days=3), **fields
    )
    plan_seat_offered(enrollments=[enrollment], at=NOW)
    return Message.objects.get(enrollment=enrollment, rule=rule)


def state_of(message):
    message.enrollment.refresh_from_db()
    return message.enrollment.state


def answers(page):
    return [[answer.value for answer in answers] for _call, answers in page.get(f"{LIST}calls/").context["calls"]]


ALWAYS = ["reached", "no_answer", "call_again", "wrong_number"]


def test_call_about_an_offer_takes_the_answer(page, session):
    message_to(session, **PHONE)
    offered(session)

    assert sorted(answers(page)) == [ALWAYS, ["takes", "declines", *ALWAYS]]


@pytest.mark.parametrize(
    ("answer", "state"), [("takes", "enrolled"), ("declines", "withdrawn"), ("reached", "offered")]
)
def test_answer_in_a_call_takes_or_frees_the_seat_at_once(page, session, answer, state):
    message = offered(session)

    act(page, message, "answer", answer=answer)

    message.refresh_from_db()
    assert (message.state, message.answer, state_of(message)) == ("sent", "reached", state)
    transition = message.enrollment.transitions.order_by("pk").last()
    assert transition is None if state == "offered" else transition.how_asked == "phone"


@pytest.mark.parametrize(
    ("answer", "states"), [("declines", ["offered", "withdrawn"]), ("all_decline", ["withdrawn"] * 2)]
)
def test_one_of_two_may_decline_alone_or_for_both(page, session, answer, states):
    party = Party.objects.create(cohort=session.cohort, how_asked="phone")
    offered(session, party=party)
    message = offered(session, party=party)

    act(page, message, "answer", answer=answer)

    assert sorted(session.cohort.enrollments.values_list("state", flat=True)) == states


def test_offer_that_is_gone_cannot_be_taken_in_a_call(page, session):
    message = offered(session)
    lapse_offers(at=NOW + timedelta(days=4))

    response = act(page, message, "answer", answer="takes")

    # There is another offer by then, with a call of its own.
    assert said(response) == ["Somebody else has recorded this call meanwhile."]
    assert state_of(message) == "offered"


def test_reminder_of_an_offer_waits_while_its_first_call_is_open(page, session, clock):
    offered(session)
    clock.move_to(NOW + timedelta(days=2))

    assert len(page.get(f"{LIST}calls/").context["calls"]) == 1


@pytest.mark.parametrize(("answer", "state"), [("comes", "enrolled"), ("declines", "withdrawn")])
def test_who_lost_a_companion_comes_or_does_not(page, session, answer, state):
    enrollment = EnrollmentFactory.create(cohort=session.cohort, person=PersonFactory.create(**PHONE))
    plan_companion_left(enrollments=[enrollment], at=NOW)
    message = Message.objects.get()

    assert answers(page) == [["comes", "declines", *ALWAYS[1:]]]
    act(page, message, "answer", answer=answer)

    assert (state_of(message), Message.objects.get(pk=message.pk).answer) == (state, "reached")


def test_answer_about_a_seat_in_another_call_is_refused(page, session):
    message = message_to(session, **PHONE)

    assert act(page, message, "answer", answer="declines").status_code == 404
    assert state_of(message) == "enrolled"


def test_contact_person_is_named_in_list_detail_and_calls(page, session):
    enrollment = EnrollmentFactory.create(
        cohort=session.cohort,
        person=PersonFactory.create(first_name="Aino", last_name="Aalto"),
        state=EnrollmentState.COHORT_CANCELLED,
    )
    contact = ContactPersonFactory.create(person=enrollment.person, name="Mikko Aalto", phone="+358409876543")
    plan_cohort_cancelled(enrollments=[enrollment], at=NOW)
    message = Message.objects.get(contact=contact)

    pages = [page.get(path) for path in (LIST, f"{LIST}calls/", f"{LIST}{message.pk}/")]

    assert [
        one
        for one in pages
        if f"Mikko Aalto, contact person of {enrollment.person.list_name}" not in one.content.decode()
    ] == []
    assert "tel:+358409876543" in pages[1].content.decode()


@pytest.mark.parametrize("people", [1, 30])
def test_calls_about_seats_take_the_same_queries_for_any_number(page, session, django_assert_max_num_queries, people):
    for _number in range(people):
        party = Party.objects.create(cohort=session.cohort, how_asked="phone")
        offered(session, party=party)

    with django_assert_max_num_queries(14):
        response = page.get(f"{LIST}calls/")

    assert len(response.context["page_obj"]) == people
