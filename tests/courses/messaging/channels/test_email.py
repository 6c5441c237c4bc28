from datetime import datetime, timedelta
from email.parser import BytesParser
from email.policy import default

import pytest
from django.test import Client
from django.utils import translation

from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.channels.email import BadAddress, mail_of
from courses.messaging.channels.texts import MessageFacts, text_of
from courses.messaging.links import read_stop_token, stop_token, stop_url
from courses.messaging.models import Message, ReminderStop
from courses.messaging.selectors import messages_with_facts
from courses.messaging.services.outbox import send_due_messages
from tests.conftest import HELSINKI, NOW
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    MessageFactory,
    ModuleFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

SESSION_AT = datetime(2027, 1, 26, 10, 0, tzinfo=HELSINKI)


@pytest.fixture
def session(centre):
    cohort = CohortFactory.create()
    module = ModuleFactory.create(course=cohort.course, title_fi="Huijaukset", title_sv="Bedrägerier", title_en="Scams")
    return SessionFactory.create(
        cohort=cohort, number=1, starts_at=SESSION_AT, ends_at=SESSION_AT + timedelta(hours=3), modules=[module]
    )


def reminder(session, **person):
    EnrollmentFactory.create(cohort=session.cohort, person=PersonFactory.create(**person))
    plan_session_reminders(at=NOW)
    return Message.objects.select_related("person").get()


def part(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def written(message):
    return mail_of(message, MessageFacts([message], at=NOW), at=NOW)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", ["tiistaina 26. tammikuuta", "kello 10.00", "Huijaukset", "Tekoälymentorin peruskurssi"]),
        ("sv", ["tisdagen den 26 januari", "kl. 10.00", "Bedrägerier", "Grundkurs för AI-mentorer"]),
        ("en", ["Tuesday 26 January", "10:00", "Scams", "AI Mentor Foundation Course"]),
    ],
)
def test_mail_is_in_the_readers_language(session, language, expected):
    mail = written(reminder(session, language=language, first_name="Aino"))

    text = mail.text.body.replace("\u00a0", " ")
    assert [words for words in [*expected, "Aino", "Kirjastokatu 1", "09 123 4567"] if words not in text] == []
    assert f'lang="{language}"' in mail.html


def test_mail_has_a_text_and_an_html_part_and_the_headers_of_rfc_8058(session, mail_sink):
    message = reminder(session)

    send_due_messages(clock=lambda: message.due_at)

    (mail,) = mail_sink.mails
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http") and "/stop/" in mail["List-Unsubscribe"]
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "fi")


def test_the_link_of_one_click_arrives_in_one_piece(session, mail_sink, clock):
    """On the bytes: a parser would put a folded field together again, mail programs do not."""
    message = reminder(session)

    send_due_messages(clock=lambda: message.due_at)

    head = mail_sink.raw[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    [field] = [line.decode("ascii") for line in head if line.lower().startswith(b"list-unsubscribe:")]
    with translation.override("fi"):
        url = stop_url(person_id=message.person_id, rule=message.rule, language="fi")
    assert field == f"List-Unsubscribe: <{url}>"
    assert max(len(line) for line in mail_sink.raw[0].split(b"\r\n")) <= 998


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(("language", "name"), [("fi", "Tekoälymentorit"), ("sv", "AI-mentorer"), ("en", "AI mentors")])
def test_the_sender_is_named_in_the_readers_language(session, settings, language, name):
    settings.DEFAULT_FROM_EMAIL = "AI mentors <mentors@example.org>"

    mail = BytesParser(policy=default).parsebytes(written(reminder(session, language=language)).content)

    assert mail["From"] == f"{name} <mentors@example.org>"


def test_a_name_that_somebody_chose_for_the_sender_stays(session, settings):
    settings.DEFAULT_FROM_EMAIL = "Omnia <mentors@example.org>"

    assert b"From: Omnia <mentors@example.org>" in written(reminder(session)).content


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_invisible_sign_stands_in_plain_text(session, language):
    mail = written(reminder(session, language=language))

    assert "\u2060" not in mail.text.subject + mail.text.body
    assert "–" in mail.text.body


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("language", "first", "middle", "last"),
    [
        ("fi", "alkaa. Tämä on ensimmäinen", "jatkuu. Tämä on kerta 2 / 3", "viimeinen kerta"),
        ("sv", "börjar. Det här är det första", "fortsätter", "sista"),
        ("en", "begins. This is the first of 3", "goes on. This is session 2 of 3", "This is the last session"),
    ],
)
def test_the_first_and_the_last_session_have_words_of_their_own(session, language, first, middle, last):
    sessions = [session] + [
        SessionFactory.create(
            cohort=session.cohort,
            number=number,
            starts_at=session.starts_at + timedelta(days=7 * number),
            ends_at=session.ends_at + timedelta(days=7 * number),
        )
        for number in (51, 52)
    ]
    enrollment = EnrollmentFactory.create(cohort=session.cohort, person__language=language)
    messages = [
        MessageFactory.create(person=enrollment.person, enrollment=enrollment, session=one, rule="session_soon")
        for one in sessions
    ]

    facts = MessageFacts(messages, at=NOW)
    mails = [mail_of(message, facts, at=NOW) for message in messages]

    for mail, words in zip(mails, (first, middle, last), strict=True):
        assert words in mail.text.body
        assert words in " ".join(mail.html.split())
    calls = [text_of(message, facts, kind="call").body for message in messages]
    assert len({call.splitlines()[2] for call in calls}) == 3


def test_what_is_told_once_offers_no_stop(session, mail_sink):
    enrollment = EnrollmentFactory.create(cohort=session.cohort)
    plan_place_confirmed(enrollments=[enrollment], at=NOW)

    send_due_messages(clock=lambda: NOW)

    assert mail_sink.mails[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "name",
    [
        "Aino\r\nBcc: victim@example.org",
        "<script>alert(1)</script>",
        "{{ 7*7 }}{% now 'Y' %}",
        "\u202eAino\u0007",
        "A" * 80,
        '"Aino" <victim@example.org>,',
    ],
)
def test_hostile_names_change_neither_headers_nor_markup(session, mail_sink, name):
    message = reminder(session, first_name=name, email="aino@example.org")

    send_due_messages(clock=lambda: message.due_at)

    (mail,) = mail_sink.mails
    html = part(mail, "html")
    assert (mail["Bcc"], mail["Cc"], len(mail.get_all("To"))) == (None, None, 1)
    assert [address.addr_spec for address in mail["To"].addresses] == ["aino@example.org"]
    assert "<script" not in html
    assert "49" not in mail["Subject"]
    assert not {"\u202e", "\x07", "\r"} & set(mail["Subject"] + html)


def test_course_title_with_a_line_end_stays_in_the_subject(session, mail_sink):
    session.cohort.course.title_fi = "Kurssi\r\nX-Evil: 1"
    session.cohort.course.save()
    message = reminder(session)

    send_due_messages(clock=lambda: message.due_at)

    assert (mail_sink.mails[0]["X-Evil"], "Kurssi X-Evil: 1" in mail_sink.mails[0]["Subject"]) == (None, True)


@pytest.mark.parametrize("email", ["", "aino", "aino@", "aino@example.org\r\nBcc: x@example.org", "äino@example.org"])
def test_address_no_mail_program_takes_is_refused(session, email):
    message = reminder(session)
    message.person.email = email

    with pytest.raises(BadAddress):
        written(message)


def test_address_with_finnish_letters_in_its_domain_is_taken(session):
    message = reminder(session, email="aino@mäkelä.example")

    assert written(message).recipient == "aino@xn--mkel-load.example"


def test_line_that_is_a_dot_arrives_whole(session, mail_sink):
    session.cohort.venue.directions_fi = "alku\n.\n..\nloppu"
    session.cohort.venue.save()
    message = reminder(session)

    send_due_messages(clock=lambda: message.due_at)

    text = part(mail_sink.mails[0], "plain")
    assert "alku\n.\n..\nloppu" in text


def test_text_of_the_row_is_the_text_of_the_mail(session, mail_sink):
    message = reminder(session)

    send_due_messages(clock=lambda: message.due_at)

    message.refresh_from_db()
    assert part(mail_sink.mails[0], "plain") == message.body


def test_facts_of_many_messages_take_as_few_queries_as_of_one(session, django_assert_num_queries):
    for _number in range(10):
        EnrollmentFactory.create(cohort=session.cohort)
    plan_session_reminders(at=NOW)
    messages = list(messages_with_facts())

    # The centre, the sessions, their modules.
    with django_assert_num_queries(3):
        facts = MessageFacts(messages, at=NOW)
        contexts = [facts.context(message) for message in messages]

    assert {context["day"] for context in contexts} == {"tiistaina 26.\u00a0tammikuuta"}


# The page behind the link


def stop_path(message):
    return f"/fi/stop/{stop_token(person_id=message.person_id, rule=message.rule)}/"


def test_mail_program_stops_reminders_with_one_click(session):
    message = reminder(session)

    response = Client(enforce_csrf_checks=True).post(stop_path(message), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert ReminderStop.objects.get().person == message.person
    assert Message.objects.get().state == "cancelled"


def test_looking_at_the_page_stops_nothing(session, client):
    message = reminder(session)

    response = client.get(stop_path(message))

    assert (response.status_code, ReminderStop.objects.count()) == (200, 0)
    assert message.person.first_name not in response.content.decode()


def test_stopped_reminders_come_again_from_the_same_page(session, client):
    message = reminder(session)
    client.post(stop_path(message))

    client.post(stop_path(message), {"resume": "1"})

    assert ReminderStop.objects.get().ended_at is not None


@pytest.mark.parametrize("token", ["1", "WzEsInNlc3Npb25fc29vbiJd", "WzEsInNlc3Npb25fc29vbiJd:1tX:abc"])
def test_guessed_link_is_no_page(client, db, token):
    assert read_stop_token(token) is None
    assert client.get(f"/fi/stop/{token}/").status_code == 404
