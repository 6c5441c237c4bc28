import re
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.enums import PersonState
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Person
from accounts.services.people import disable_person
from accounts.services.sign_in import person_of_token, sign_in_token, use_sign_in_token
from tests.acts import act
from tests.conftest import NOW
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

LOGIN = "/en/accounts/login/"
CONFIRM = "/en/accounts/login/code/confirm/"
CODE = re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b")


@pytest.fixture(autouse=True)
def no_waiting(settings):
    settings.SIGN_IN_ANSWER_TIME = timedelta()


@pytest.fixture
def person(centre):
    return PersonFactory.create(first_name="Åke", last_name="Mäki", email="ake@example.org", language="en")


def ask(client, typed):
    return client.post(LOGIN, {"email": typed})


def sent_code():
    return CODE.search(mail.outbox[-1].body)[0]


def signed_in_person(client):
    pk = client.session.get("_auth_user_id")
    return Person.objects.get(pk=pk) if pk else None


def error_of(response):
    return [text for errors in response.context["form"].errors.values() for text in errors]


@pytest.mark.parametrize("typed", ["ake@example.org", " AKE@Example.org "])
def test_sign_in_with_an_address(client, person, typed):
    response = ask(client, typed)
    assert (response.status_code, response["Location"]) == (302, CONFIRM)

    client.post(CONFIRM, {"code": sent_code()})

    assert signed_in_person(client) == person


def test_sign_in_with_the_own_code_in_any_form(client, person):
    ask(client, f" {person.code.lower().replace('-', ' ')} ")
    assert mail.outbox[-1].to == ["ake@example.org"]

    client.post(CONFIRM, {"code": sent_code().lower().replace("-", "")})

    assert signed_in_person(client) == person


def test_the_mail_speaks_the_persons_language_and_names_the_phone(client, centre):
    PersonFactory.create(first_name="Åke", last_name="Mäki", email="ake@example.org", language="sv")

    ask(client, "ake@example.org")

    message = mail.outbox[-1]
    assert "09 123 4567" in message.body
    assert "må–to 12.30–15.30" in message.body
    assert "Åke Mäki" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    (html,) = message.alternatives
    assert (html.mimetype, sent_code() in html.content) == ("text/html", True)
    with translation.override("sv"):
        assert message.subject == translation.gettext("Your code for signing in")


def test_a_hostile_name_cannot_break_the_mail(client, centre):
    PersonFactory.create(
        first_name="<script>alert(1)</script>", last_name="{{7*7}}", email="x@example.org", language="en"
    )

    ask(client, "x@example.org")

    (html,) = mail.outbox[-1].alternatives
    assert "<script>" not in html.content
    assert "Hello <script>alert(1)</script> {{7*7}}!" in mail.outbox[-1].body


def test_the_session_key_changes_and_the_code_works_once(client, person):
    ask(client, person.email)
    code, before = sent_code(), client.session.session_key
    client.post(CONFIRM, {"code": code})
    after = client.session.session_key

    another = Client()
    another.cookies["sessionid"] = before
    another.post(CONFIRM, {"code": code})

    assert before != after
    assert signed_in_person(another) is None


def test_the_code_is_bound_to_the_session_that_asked(client, person):
    ask(client, person.email)
    thief = Client()
    ask(thief, "somebody@example.org")

    thief.post(CONFIRM, {"code": sent_code()})

    assert signed_in_person(thief) is None


def test_five_wrong_codes_end_it(client, person):
    ask(client, person.email)
    right = sent_code()
    answers = [client.post(CONFIRM, {"code": "BBBB-BBBB"}) for _try in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
    assert error_of(answers[0]) == ["That is not the code we sent. Compare each letter."]

    client.post(CONFIRM, {"code": right})

    assert signed_in_person(client) is None


@pytest.mark.parametrize(("minutes", "works"), [(9.9, True), (10.1, False)])
def test_a_code_works_for_ten_minutes(client, person, clock, minutes, works):
    ask(client, person.email)
    clock.shift(timedelta(minutes=minutes))

    response = client.post(CONFIRM, {"code": sent_code()}, follow=False)

    assert (signed_in_person(client) == person) is works
    if not works:
        page = client.get(response["Location"])
        assert "older than ten minutes" in page.content.decode()


@pytest.mark.parametrize(
    "typed", ["nobody@example.org", "S-2222-22", "P-0042"], ids=["address", "own code", "code of old records"]
)
def test_an_unknown_person_gets_the_same_answer_and_no_mail(client, person, typed):
    known, unknown = Client(), Client()

    answers = [ask(known, person.email), ask(unknown, typed)]
    pages = [re.sub(r'value="\w{64}"', "", it.get(CONFIRM).content.decode()) for it in (known, unknown)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, CONFIRM)] * 2
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 1
    assert unknown.post(CONFIRM, {"code": ""}).status_code == 200
    assert error_of(unknown.post(CONFIRM, {"code": "BBBB-BBBB"})) == [
        "That is not the code we sent. Compare each letter."
    ]


def test_an_own_code_without_an_address_gets_the_same_answer(client, centre):
    person = PersonFactory.create(email="")

    response = ask(client, person.code)

    assert (response.status_code, response["Location"], mail.outbox) == (302, CONFIRM, [])


@pytest.mark.parametrize("typed", ["ake@example.org", "nobody@example.org"])
def test_every_answer_takes_the_same_time(client, person, settings, typed):
    settings.SIGN_IN_ANSWER_TIME = timedelta(seconds=0.4)
    started = time.monotonic()

    ask(client, typed)

    assert 0.4 <= time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Write your e-mail address or your own code."),
        ("ake@", "There is a mistake in the address. Write it like name@example.org."),
        ("S-7K3M-QQ", "There is a mistake in the own code. Compare each character."),
    ],
)
def test_what_is_badly_written_is_said_at_once(client, person, typed, error):
    response = ask(client, typed)

    assert error_of(response) == [error]
    assert mail.outbox == []


def test_people_who_share_an_address_are_sent_to_their_own_codes(client, person):
    spouse = PersonFactory.create(first_name="Liisa", last_name="Mäki", email="Ake@example.org")
    PersonFactory.create(first_name="Kuollut", email="ake@example.org", state=PersonState.DECEASED)

    response = ask(client, "ake@example.org")

    assert response["Location"] == CONFIRM
    body = mail.outbox[-1].body
    assert f"Åke Mäki: {person.code}" in body
    assert f"Liisa Mäki: {spouse.code}" in body
    assert "Kuollut" not in body
    assert CODE.search(body) is None

    ask(client, spouse.code)
    client.post(CONFIRM, {"code": sent_code()})
    assert signed_in_person(client) == spouse


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"state": PersonState.DECEASED}], ids=["disabled", "deceased"]
)
def test_who_may_not_sign_in_gets_no_mail(client, person, change):
    Person.objects.filter(pk=person.pk).update(**change)

    response = ask(client, person.email)

    assert (response["Location"], mail.outbox) == (CONFIRM, [])


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"state": PersonState.DECEASED}], ids=["disabled", "deceased"]
)
def test_a_code_is_worthless_once_its_owner_is_disabled(client, person, change):
    ask(client, person.email)
    Person.objects.filter(pk=person.pk).update(**change)

    response = client.post(CONFIRM, {"code": sent_code()})

    assert response["Location"] == "/en/accounts/inactive/"
    assert signed_in_person(client) is None


def test_a_refused_sign_in_leaves_nothing_to_go_on_with(client, person):
    ask(client, person.email)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client.post(CONFIRM, {"code": sent_code()})
    Person.objects.filter(pk=person.pk).update(is_active=True)

    client.post(CONFIRM, {"code": sent_code()})

    assert signed_in_person(client) is None


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"state": PersonState.DECEASED}], ids=["disabled", "deceased"]
)
def test_each_click_asks_whether_one_may_still_sign_in(client, person, change):
    client.force_login(person)
    Person.objects.filter(pk=person.pk).update(**change)

    assert client.get(LOGIN).status_code == 200


def test_disabling_ends_the_session(client, person, administrator):
    client.force_login(person)
    assert client.get(LOGIN).status_code == 302

    disable_person(person=person, act=act(administrator))

    assert client.get(LOGIN).status_code == 200


def test_a_mistyped_address_can_be_written_anew(client, person):
    ask(client, "aka@example.org")

    assert client.get(LOGIN).status_code == 200
    ask(client, "ake@example.org")
    client.post(CONFIRM, {"code": sent_code()})
    assert signed_in_person(client) == person


def test_a_stranger_who_asks_often_does_not_lock_the_owner_out(client, person):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    answers = [ask(stranger, person.email).status_code for _try in range(31)]
    assert answers == [302] * 30 + [200]

    ask(client, person.email)
    client.post(CONFIRM, {"code": sent_code()})

    assert signed_in_person(client) == person


def test_mail_goes_over_smtp(client, person, mail_sink):
    ask(client, person.email)

    (message,) = mail_sink.mails_to("ake@example.org")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    client.post(CONFIRM, {"code": CODE.search(message.get_body(("plain",)).get_content())[0]})
    assert signed_in_person(client) == person


@pytest.mark.parametrize("typed", ["ake@example.org", "nobody@example.org", "S-2222-22"])
def test_without_a_mail_server_there_is_a_phone_number(client, person, settings, typed):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    response = ask(client, typed)

    page = response.content.decode()
    assert response.status_code == 503
    assert "09 123 4567" in page
    assert f'value="{typed}"' in page


def test_a_mailbox_that_is_refused_gives_the_same_answer(client, person, mail_sink):
    mail_sink.answer_rcpt = lambda address: "550 no such mailbox"

    response = ask(client, person.email)

    assert (response.status_code, response["Location"]) == (302, CONFIRM)


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        (["coordinator", "administrator"], "/en/coordinator/"),
        (["trainer"], "/en/trainer/"),
        (["viewer"], "/en/viewer/"),
        (["administrator"], "/en/administrator/"),
        ([], "/en/learner/"),
    ],
)
def test_one_comes_to_the_page_of_ones_role(client, centre, roles, home):
    person = PersonFactory.create(roles=roles)
    ask(client, person.email)

    response = client.post(CONFIRM, {"code": sent_code()})

    assert response["Location"] == home


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [("/en/privacy/", "/en/privacy/"), ("https://evil.example/", "/en/learner/"), ("//evil.example", "/en/learner/")],
)
def test_next_leads_to_pages_of_this_site_only(client, person, asked, leads_to):
    ask(client, person.email)

    response = client.post(CONFIRM, {"code": sent_code(), "next": asked})

    assert response["Location"] == leads_to


def test_staff_are_signed_out_after_half_an_hour_and_learners_are_not(coordinator, learner, clock):
    clients = {person: Client() for person in (coordinator, learner)}
    for person, browser in clients.items():
        browser.force_login(person)
        browser.get("/en/privacy/")
    clock.shift(timedelta(minutes=31))

    for browser in clients.values():
        browser.get("/en/privacy/")

    assert {person: signed_in_person(browser) for person, browser in clients.items()} == {
        coordinator: None,
        learner: learner,
    }


def test_staff_who_click_stay(client, coordinator, clock):
    client.force_login(coordinator)
    for _click in range(3):
        client.get("/en/privacy/")
        clock.shift(timedelta(minutes=20))

    client.get("/en/privacy/")

    assert signed_in_person(client) == coordinator


def once(person):
    return reverse("account_sign_in_once", args=[sign_in_token(person)])


def test_a_sign_in_for_once_works_once(client, coordinator):
    address = once(coordinator)
    assert client.get(address).status_code == 200
    assert signed_in_person(client) is None

    first, second = Client(), Client()
    answers = [first.post(address).status_code, second.post(address).status_code]

    assert answers == [302, 410]
    assert (signed_in_person(first), signed_in_person(second)) == (coordinator, None)
    assert AuditEntry.objects.filter(action="person.sign_in_once", subject=coordinator).count() == 1


def test_using_a_token_makes_it_worthless_before_anybody_is_signed_in(coordinator):
    token = sign_in_token(coordinator)
    assert use_sign_in_token(token=token) == coordinator

    with pytest.raises(RuleError) as refusal:
        use_sign_in_token(token=token)

    assert refusal.value.code == "used"


def test_a_sign_in_for_once_is_worthless_after_an_hour(client, coordinator, clock):
    token = sign_in_token(coordinator)
    clock.move_to(NOW + timedelta(minutes=61))

    assert person_of_token(token) is None


def test_a_sign_in_for_once_cannot_be_made_up_or_used_by_the_disabled(coordinator, administrator):
    token = sign_in_token(coordinator)
    disable_person(person=coordinator, act=act(administrator))

    assert [person_of_token(token), person_of_token(token[:-1] + "A"), person_of_token("x")] == [None, None, None]


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(("language", "name"), [("fi", "Tekoälymentorit"), ("sv", "AI-mentorer"), ("en", "AI mentors")])
def test_the_mail_with_the_code_says_whom_it_is_from_and_where_it_was_made(client, settings, mail_sink, language, name):
    settings.DEFAULT_FROM_EMAIL = "AI mentors <mentors@example.org>"
    settings.SITE_URL = "https://mentors.example.org"
    PersonFactory.create(email="ake@example.org", language=language)

    client.post(LOGIN, {"email": "ake@example.org"})

    [sent] = mail_sink.mails
    assert sent["From"] == f"{name} <mentors@example.org>"
    assert sent["Message-ID"].endswith("@mentors.example.org>")
    assert len(mail_sink.mails_to("ake@example.org")) == 1
