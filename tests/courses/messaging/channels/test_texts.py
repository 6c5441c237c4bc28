"""What is read and heard of applications, offers, cancelled groups and lost companions."""

from datetime import datetime, timedelta

import pytest

from accounts.enums import Channel
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.links import offer_token, read_offer_token
from courses.enrolling.messages.facts import EnrollmentFacts
from courses.enrolling.models import Party
from courses.messaging.channels.calls import call_of
from courses.messaging.channels.email import mail_of
from courses.messaging.channels.letters import letter_of
from courses.messaging.channels.texts import MessageFacts, text_of
from courses.messaging.links import stop_token
from courses.messaging.selectors import messages_with_facts
from tests.conftest import HELSINKI, NOW
from tests.factories import (
    CohortFactory,
    ContactPersonFactory,
    EnrollmentFactory,
    MessageFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]

STARTS = datetime(2027, 2, 9, 10, 0, tzinfo=HELSINKI)
UNTIL = datetime(2027, 1, 14, 10, 0, tzinfo=HELSINKI)
CODE = "H-7K3M-Q2PX-9DTR"
STATES = {
    "application_received": EnrollmentState.WAITLISTED,
    "place_confirmed": EnrollmentState.ENROLLED,
    "seat_offered": EnrollmentState.OFFERED,
    "offer_lapsing": EnrollmentState.OFFERED,
    "cohort_cancelled": EnrollmentState.COHORT_CANCELLED,
    "companion_left": EnrollmentState.ENROLLED,
}
UNTIL_WORDS = {
    "fi": "torstaina 14. tammikuuta kello 10.00",
    "sv": "torsdagen den 14 januari kl. 10.00",
    "en": "Thursday 14 January, 10:00",
}
FIRST_DAY = {"fi": "tiistaina 9. helmikuuta", "sv": "tisdagen den 9 februari", "en": "Tuesday 9 February"}


@pytest.fixture
def cohort():
    return starting("Ryhmä A", "Grupp A", "Group A")


def starting(name_fi, name_sv, name_en):
    cohort = CohortFactory.create(name_fi=name_fi, name_sv=name_sv, name_en=name_en, starts_on=STARTS.date())
    SessionFactory.create(cohort=cohort, starts_at=STARTS, ends_at=STARTS + timedelta(hours=3))
    return cohort


def enrollment_in(cohort, state, person=None, **fields):
    if state == EnrollmentState.OFFERED:
        fields.setdefault("offer_expires_at", UNTIL)
    if state == EnrollmentState.WAITLISTED:
        fields.setdefault("queue_number", 1)
    fields.setdefault("application_code", CODE)
    return EnrollmentFactory.create(cohort=cohort, person=person or PersonFactory.create(), state=state, **fields)


def message_about(rule, enrollment, contact=None):
    row = MessageFactory.create(
        rule=rule,
        dedupe_key=f"{rule}:{enrollment.pk}:{contact}",
        person=enrollment.person,
        enrollment=enrollment,
        session=enrollment.cohort.sessions.get() if rule == ReminderRule.SESSION_SOON else None,
        contact=contact,
        channel="email",
        due_at=NOW,
        next_attempt_at=NOW,
        expires_at=UNTIL,
    )
    return messages_with_facts().get(pk=row.pk)


def everything(message):
    """(kind, text) of each form in which the message exists: text, call, mail, letter."""
    facts = MessageFacts([message], at=NOW)
    mail, letter = mail_of(message, facts, at=NOW), letter_of(message, facts)
    call = call_of(message, facts)
    texts = {"text": mail.text.body, "mail": mail.html, "letter": str(letter.html), "call": call.text.body}
    texts["subject"] = mail.text.subject
    return {kind: text.replace("&nbsp;", " ").replace("\u00a0", " ") for kind, text in texts.items()}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("rule", STATES)
def test_each_text_exists_in_each_language_and_form(cohort, rule, language):
    person = PersonFactory.create(first_name="Aino", language=language)
    message = message_about(rule, enrollment_in(cohort, STATES[rule], person))

    texts = everything(message)

    assert [kind for kind, text in texts.items() if len(text) < 10] == []
    assert [kind for kind in ("text", "mail", "letter") if "Aino" not in texts[kind]] == []
    assert [kind for kind in ("text", "mail", "letter", "call") if "09 123 4567" not in texts[kind]] == []
    assert f'lang="{language}"' in texts["mail"]


@pytest.mark.parametrize("rule", [ReminderRule.SESSION_SOON, "seat_offered"])
def test_what_is_kept_of_a_letter_names_no_link_that_paper_has_not(cohort, rule):
    enrollment = enrollment_in(cohort, STATES.get(rule, EnrollmentState.ENROLLED), PersonFactory.create(language="en"))
    message = message_about(rule, enrollment)
    facts = MessageFacts([message], at=NOW)
    mail = text_of(message, facts).body
    message.channel = Channel.LETTER
    letter = text_of(message, facts).body

    assert ("/stop/" in mail or "/offer/" in mail, "In our e-mails" in mail) == (True, True)
    assert ("/stop/" in letter, "/offer/" in letter, "In our e-mails" in letter) == (False, False, False)
    assert "all us" in letter


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("rule", ["seat_offered", "offer_lapsing"])
def test_offer_says_the_group_the_day_and_how_long_it_holds(cohort, rule, language):
    message = message_about(
        rule, enrollment_in(cohort, EnrollmentState.OFFERED, PersonFactory.create(language=language))
    )

    texts = everything(message)

    facts = [UNTIL_WORDS[language], FIRST_DAY[language], cohort_name(cohort, language), "Kirjastokatu 1"]
    lacking = {
        kind: [fact for fact in facts if fact.lower() not in texts[kind].lower()]
        for kind in ("text", "mail", "letter", "call")
    }
    assert lacking == {"text": [], "mail": [], "letter": [], "call": []}


def cohort_name(cohort, language):
    return getattr(cohort, f"name_{language}")


def test_offer_is_answered_by_link_by_code_or_by_phone(cohort, clock):
    enrollment = enrollment_in(cohort, EnrollmentState.OFFERED)

    texts = everything(message_about("seat_offered", enrollment))

    link = f"/fi/offer/{offer_token(enrollment)}/"
    assert [kind for kind, text in texts.items() if link in text] == ["text", "mail"]
    assert [kind for kind, text in texts.items() if CODE in text] == ["text", "mail", "letter"]
    assert [kind for kind, text in texts.items() if "/fi/application/" in text] == ["text", "mail", "letter"]


def test_place_in_the_queue_is_the_one_of_the_day(cohort):
    mine = enrollment_in(cohort, EnrollmentState.WAITLISTED, queue_number=8)
    for number in (3, 5):
        enrollment_in(cohort, EnrollmentState.WAITLISTED, queue_number=number, application_code="")
    message = message_about("application_received", mine)

    context = MessageFacts([message], at=NOW).context(message)

    assert (context["place_in_queue"], context["application_code"]) == (3, CODE)


def test_companions_are_named_by_their_first_names(cohort):
    party = Party.objects.create(cohort=cohort, how_asked="phone")
    people = [PersonFactory.create(first_name=name, last_name="Salainen") for name in ("Aino", "Eino", "Helmi")]
    mine, *_others = [
        enrollment_in(cohort, EnrollmentState.ENROLLED, person, party=party, application_code="") for person in people
    ]
    enrollment_in(cohort, EnrollmentState.WITHDRAWN, party=party, application_code="")
    message = message_about("place_confirmed", mine)

    facts = EnrollmentFacts([message], at=NOW)

    assert facts.queue[mine.pk].companions == ["Eino", "Helmi"]
    assert "Salainen" not in everything(message)["text"]


def test_cancelled_group_names_the_one_that_is_offered_instead(cohort, clock):
    other = starting("Ryhmä B", "Grupp B", "Group B")
    ended = enrollment_in(cohort, EnrollmentState.COHORT_CANCELLED, ended_at=NOW, application_code="")
    instead = enrollment_in(other, EnrollmentState.OFFERED, ended.person, applied_at=NOW)

    texts = everything(message_about("cohort_cancelled", ended))

    assert [kind for kind, text in texts.items() if "Ryhmä B" in text] == ["text", "mail", "letter", "call"]
    assert offer_token(instead) in texts["text"]


def test_group_that_the_person_was_in_already_is_not_offered_instead(cohort):
    other = starting("Ryhmä B", "Grupp B", "Group B")
    ended = enrollment_in(cohort, EnrollmentState.COHORT_CANCELLED, ended_at=NOW, application_code="")
    enrollment_in(other, EnrollmentState.ENROLLED, ended.person, applied_at=NOW - timedelta(days=9))

    assert [
        kind for kind, text in everything(message_about("cohort_cancelled", ended)).items() if "Ryhmä B" in text
    ] == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("rule", ["session_soon", "cohort_cancelled"])
def test_contact_person_reads_of_the_person_and_the_session_and_nothing_else(cohort, rule, language, clock):
    person = PersonFactory.create(first_name="Aino", last_name="Salainen", language=language, phone="+358409999999")
    state = EnrollmentState.ENROLLED if rule == "session_soon" else EnrollmentState.COHORT_CANCELLED
    contact = ContactPersonFactory.create(person=person, name="Mikko Auttaja", email="apu@example.org")
    message = message_about(rule, enrollment_in(cohort, state, person), contact)

    texts = everything(message)
    texts.pop("letter")

    assert [kind for kind, text in texts.items() if "Aino" not in text] == []
    assert [kind for kind in ("text", "mail", "call") if "Mikko Auttaja" not in texts[kind]] == []
    # The link that stops is the contact person's own.
    hidden = ["Salainen", person.code, CODE, person.email, "9999999", stop_token(person_id=person.pk, rule=rule)]
    assert [word for word in hidden if word in "".join(texts.values())] == []
    assert (FIRST_DAY[language].lower() in texts["text"].lower()) == (rule == "session_soon")


def test_facts_of_many_offers_take_as_few_queries_as_of_one(cohort, django_assert_num_queries):
    party = Party.objects.create(cohort=cohort, how_asked="phone")
    for number in range(4):
        enrollment = enrollment_in(
            cohort, EnrollmentState.WAITLISTED, queue_number=number, party=party, application_code=""
        )
        message_about("application_received", enrollment)
    messages = list(messages_with_facts())

    # The centre, the sessions, their modules, the queue, the parties.
    with django_assert_num_queries(5):
        facts = MessageFacts(messages, at=NOW)
        places = [facts.context(message)["place_in_queue"] for message in messages]

    assert sorted(places) == [1, 2, 3, 4]


# The link of an offer


def test_link_names_one_offer_to_the_microsecond(cohort):
    until = UNTIL + timedelta(microseconds=123456)
    enrollment = enrollment_in(cohort, EnrollmentState.OFFERED, offer_expires_at=until)

    assert read_offer_token(offer_token(enrollment)) == (enrollment.pk, until)


@pytest.mark.parametrize("token", ["", "1", "WzEsMTIzXQ:1tX:abc", "x" * 3000])
def test_guessed_link_is_none(token):
    assert read_offer_token(token) is None


def test_changed_link_is_none(cohort):
    one, other = (enrollment_in(cohort, EnrollmentState.OFFERED, application_code="") for _twice in range(2))
    payload, stamp, signature = offer_token(one).split(":")
    other_payload = offer_token(other).split(":")[0]

    assert read_offer_token(f"{payload}:{stamp}:{signature}") is not None
    assert read_offer_token(f"{other_payload}:{stamp}:{signature}") is None
