"""Who was signed out by the clock while writing loses nothing of what they wrote."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts.kept_forms import KEPT_FOR, KEPT_FORM, MOST_CHARACTERS
from accounts.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("centre")

TYPED = {"last_name": "Virtanen", "first_name": "Aino\nMaria", "birth_year": "1948", "languages": ["fi", "sv"]}
LATER = timedelta(minutes=31)


@pytest.fixture
def written():
    """Where the form goes."""
    return reverse("coordinator:people-create")


@pytest.fixture
def away(coordinator, clock):
    """The browser of a coordinator who has been away for more than half an hour."""
    client = Client()
    client.force_login(coordinator)
    client.get("/en/privacy/")
    clock.shift(LATER)
    return client


def kept_url():
    return reverse("account_kept_form")


def hidden_fields(response):
    return [tuple(field) for field in response.context["kept"].fields]


def test_what_is_sent_after_the_pause_waits_for_the_sign_in(away, coordinator, written):
    response = away.post(written, TYPED)

    assert response.url == f"{reverse('account_login')}?next={kept_url()}"
    assert (SESSION_KEY in away.session, Person.objects.filter(first_name__startswith="Aino").exists()) == (
        False,
        False,
    )

    away.force_login(coordinator)
    page = away.get(kept_url())

    assert hidden_fields(page) == [
        ("last_name", "Virtanen"),
        ("first_name", "Aino\nMaria"),
        ("birth_year", "1948"),
        ("languages", "fi"),
        ("languages", "sv"),
    ]
    assert b'name="first_name" value="Aino\nMaria"' in page.content


def test_one_press_sends_it_where_it_was_going(away, coordinator, written):
    away.post(f"{written}?from=desk", TYPED)
    away.force_login(coordinator)

    response = away.post(kept_url(), dict(hidden_fields(away.get(kept_url()))))

    # 307: the browser sends the same fields there.
    assert (response.status_code, response.url) == (307, f"{written}?from=desk")
    assert away.get(kept_url()).status_code == 302


def test_it_can_be_thrown_away(away, coordinator, written):
    away.post(written, TYPED)
    away.force_login(coordinator)

    response = away.post(kept_url(), {away.get(kept_url()).context["throw_away"]: "1"})

    assert (response.status_code, KEPT_FORM in away.session) == (302, False)


def test_nobody_else_sees_it(away, written, trainer):
    away.post(written, TYPED)
    away.force_login(trainer)

    assert (away.get(kept_url()).status_code, KEPT_FORM in away.session) == (302, False)


def test_it_waits_for_an_hour(away, coordinator, written, clock):
    away.post(written, TYPED)
    away.force_login(coordinator)
    clock.shift(KEPT_FOR + timedelta(seconds=1))

    assert away.get(kept_url()).status_code == 302


def test_a_form_sent_from_another_window_of_the_same_browser_waits_too(away, coordinator, written):
    away.get("/en/privacy/")  # here the pause is seen
    away.post(written, TYPED)
    away.force_login(coordinator)

    assert dict(hidden_fields(away.get(kept_url())))["last_name"] == "Virtanen"


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(away, written):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/en/coordinator/enroll/"}

    looked = away.get(reverse("coordinator:people-list"), headers=headers)
    sent = away.post(written, TYPED, headers=headers)

    sign_in = reverse("account_login")
    assert looked.headers["HX-Redirect"] == f"{sign_in}?next=/en/coordinator/enroll/"
    assert sent.headers["HX-Redirect"] == f"{sign_in}?next={kept_url()}"


def test_nothing_is_kept_of_a_stranger_of_a_sign_out_and_of_what_is_too_long(away, client, coordinator, written):
    client.post(written, TYPED)
    assert KEPT_FORM not in client.session

    away.post(written, {"last_name": "x" * (MOST_CHARACTERS + 1)})
    assert KEPT_FORM not in away.session

    away.post(reverse("account_stay"))
    assert KEPT_FORM not in away.session


def test_who_signs_out_after_the_pause_is_signed_out_and_not_asked_to_sign_in(away):
    assert away.post(reverse("account_logout")).url == "/"
    assert (SESSION_KEY in away.session, KEPT_FORM in away.session) == (False, False)


def test_a_strangers_page_cannot_leave_anything_to_be_sent(coordinator, clock, written):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(coordinator)
    browser.get("/en/privacy/")
    clock.shift(LATER)

    assert browser.post(written, TYPED).status_code == 403
    assert KEPT_FORM not in browser.session


def test_signing_out_ends_it(away, written):
    other = PersonFactory.create(roles=["coordinator"])
    away.post(written, TYPED)
    away.force_login(other)
    away.post(reverse("account_logout"))
    away.post(written, TYPED)

    assert KEPT_FORM not in away.session


def test_who_says_so_stays(coordinator, clock):
    browser = Client()
    browser.force_login(coordinator)
    for _press in range(3):
        assert browser.post(reverse("account_stay")).status_code == 204
        clock.shift(timedelta(minutes=29))

    assert browser.get(reverse("coordinator:people-list")).status_code == 200


@pytest.mark.parametrize(("site", "again"), [("same-origin", True), ("cross-site", False), (None, False)])
def test_a_form_with_an_old_token_is_sent_again_only_from_our_own_page(coordinator, written, site, again):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(coordinator)

    response = browser.post(written, TYPED, headers={"Sec-Fetch-Site": site} if site else {})

    assert response.status_code == 403
    assert (response.context["again"], b'value="Virtanen"' in response.content) == (again, again)
