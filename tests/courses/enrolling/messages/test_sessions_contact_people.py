"""Reminders and changes told to contact people, by mail or phone, never more than they may be told."""

from datetime import date, timedelta

import pytest
from django.db.models import F

from accounts.enums import Channel, HowAsked
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.messages.places import plan_cohort_cancelled, plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.models import Message
from courses.messaging.services.outbox import send_due_messages
from courses.messaging.services.planning import cancel_messages_for_contact, plan_next_channel
from courses.messaging.services.stops import stop_reminders
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, ContactPersonFactory, EnrollmentFactory, PersonFactory
from tests.sessions import DUE, session_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]

# The databases differ in where they put what is empty.
OWN_FIRST = F("contact_id").asc(nulls_first=True)


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


def helped(session, channel=Channel.EMAIL, contact=None, **person):
    """Somebody with a place and a contact person, whom a mail reaches."""
    enrollment = EnrollmentFactory.create(
        cohort=session.cohort,
        person=PersonFactory.create(channel=channel, **person),
        admitted_at=NOW - timedelta(days=1),
    )
    return ContactPersonFactory.create(person=enrollment.person, **{"email": "apu@example.org", **(contact or {})})


def rows(rule="session_soon"):
    return [(row.contact_id, row.channel, row.state) for row in Message.objects.filter(rule=rule).order_by(OWN_FIRST)]


def test_contact_person_is_reminded_on_the_same_day(session):
    contact = helped(session)

    assert (plan_session_reminders(at=NOW), plan_session_reminders(at=NOW)) == (2, 0)

    own, theirs = Message.objects.order_by("pk")
    assert (own.contact, theirs.contact, theirs.person) == (None, contact, contact.person)
    assert theirs.dedupe_key == f"{own.dedupe_key}:k{contact.pk}"
    assert (own.due_at, theirs.due_at) == (DUE, DUE)


@pytest.mark.parametrize(
    "contact",
    [
        {"told_reminders": False},
        {"until": date(2027, 1, 25)},
        {"ended_at": NOW},
    ],
)
def test_who_may_not_be_told_is_not(session, contact):
    helped(session, contact=contact)

    plan_session_reminders(at=NOW)

    assert rows() == [(None, "email", "pending")]


def test_withdrawn_consent_tells_nobody(session):
    contact = helped(session)
    contact.consent.withdrawn_at, contact.consent.withdrawn_how_asked = NOW, HowAsked.PHONE
    contact.consent.save()

    plan_session_reminders(at=NOW)

    assert rows() == [(None, "email", "pending")]


def test_last_day_counts(session):
    contact = helped(session, contact={"until": date(2027, 1, 26), "email": ""})

    plan_session_reminders(at=NOW)

    assert rows() == [(None, "email", "pending"), (contact.pk, "call", "pending")]


def test_place_and_offers_are_not_told_to_contact_people(session):
    contact = helped(session)

    plan_place_confirmed(enrollments=contact.person.enrollments.select_related("person"), at=NOW)

    assert rows("place_confirmed") == [(None, "email", "pending")]


def test_who_is_reached_through_a_contact_person_gets_no_reminder_of_their_own(session):
    contact = helped(session, Channel.CONTACT)

    plan_session_reminders(at=NOW)

    assert rows() == [(contact.pk, "email", "pending")]


def test_and_gets_it_again_when_the_contact_person_ends(session):
    contact = helped(session, Channel.CONTACT)
    plan_session_reminders(at=NOW)
    contact.ended_at = NOW
    contact.save()

    assert cancel_messages_for_contact(contact=contact) == 1
    plan_session_reminders(at=NOW)

    assert rows() == [(None, "email", "pending"), (contact.pk, "email", "cancelled")]


def test_contact_person_who_cannot_be_reached_is_followed_by_the_person(session):
    contact = helped(session, Channel.CONTACT, phone="+358407654321", contact={"phone": ""})
    plan_session_reminders(at=NOW)
    message = Message.objects.get()
    message.state = "dead"
    message.save()

    follower = plan_next_channel(message=message, at=DUE)

    assert (follower.contact, follower.channel, follower.person) == (None, "call", contact.person)
    assert plan_session_reminders(at=NOW) == 0


def test_contact_person_is_tried_by_phone_after_mail(session):
    contact = helped(session)
    plan_session_reminders(at=NOW)

    follower = plan_next_channel(message=Message.objects.get(contact=contact), at=DUE)

    assert (follower.contact, follower.channel) == (contact, "call")
    assert follower.dedupe_key.endswith(f":k{contact.pk}/2")


def test_both_get_their_mail_on_one_day_each_at_their_address(session, mail_sink):
    contact = helped(session, first_name="Aino", last_name="Salainen")

    plan_session_reminders(at=NOW)
    send_due_messages(clock=lambda: DUE)

    to = {mail["To"].addresses[0].addr_spec: mail for mail in mail_sink.mails}
    assert set(to) == {contact.person.email, "apu@example.org"}
    theirs = to["apu@example.org"]
    text = theirs.get_body(("plain",)).get_content() + theirs.get_body(("html",)).get_content() + theirs["Subject"]
    assert contact.name in text
    assert "Aino" in text
    assert [hidden for hidden in ("Salainen", contact.person.code, contact.person.email) if hidden in text] == []
    assert "/stop/contact/" in theirs["List-Unsubscribe"]
    assert Message.objects.get(contact=contact).address == "apu@example.org"


@pytest.mark.parametrize("how", ["ended", "withdrawn", "not told any more", "over"])
def test_contact_person_who_ends_while_sending_gets_nothing(session, mail_sink, how):
    contact = helped(session, Channel.CONTACT)
    plan_session_reminders(at=NOW)
    asked = []

    def clock():
        # Asked for the claim, the text, the last check, the end: it happens right before the last check.
        asked.append(1)
        if len(asked) == 3:
            match how:
                case "ended":
                    contact.ended_at = DUE
                case "withdrawn":
                    contact.consent.withdrawn_at, contact.consent.withdrawn_how_asked = DUE, HowAsked.PHONE
                    contact.consent.save()
                case "not told any more":
                    contact.told_reminders = False
                case "over":
                    contact.until = date(2027, 1, 21)
            contact.save()
        return DUE

    send_due_messages(clock=clock, keep_going=lambda: not asked)

    assert mail_sink.mails == []
    assert rows() == [(contact.pk, "email", "cancelled")]


def test_stop_by_the_person_stops_their_contact_person_too(session):
    contact = helped(session)
    plan_session_reminders(at=NOW)

    stop_reminders(person=contact.person, rule=ReminderRule.SESSION_SOON, act=act(via=HowAsked.PHONE, at=NOW))

    assert rows() == [(None, "email", "cancelled"), (contact.pk, "email", "cancelled")]
    assert plan_session_reminders(at=NOW) == 0


@pytest.mark.parametrize(
    ("channel", "told", "expected"),
    [
        (Channel.EMAIL, True, [None, "contact"]),
        (Channel.CONTACT, True, ["contact"]),
        (Channel.CONTACT, False, [None]),
        (Channel.EMAIL, False, [None]),
    ],
)
def test_cancelled_group_is_told_to_who_may_be_told_of_changes(session, channel, told, expected):
    contact = helped(session, channel, contact={"told_changes": told})
    ended = contact.person.enrollments.get()
    ended.state = EnrollmentState.COHORT_CANCELLED

    plan_cohort_cancelled(enrollments=[ended], at=NOW)

    told_to = [row and "contact" for row in Message.objects.order_by(OWN_FIRST).values_list("contact_id", flat=True)]
    assert told_to == expected


@pytest.mark.parametrize("people", [1, 15])
def test_planning_takes_the_same_queries_for_any_number_of_contact_people(session, django_assert_num_queries, people):
    for _number in range(people):
        helped(session)

    # One more than without: the contact people themselves.
    with django_assert_num_queries(8):
        planned = plan_session_reminders(at=NOW)

    assert planned == 2 * people
