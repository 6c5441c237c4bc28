"""A coordinator who was called away: warned before the sign-out, and nothing of what was typed is lost after it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Person
from mentors_site.middleware import SEEN_AT
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.django_db(transaction=True)

CODE = re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b")


@pytest.fixture
def open_form(page: Page, live_server, coordinator, centre, settings) -> Callable[[], SessionStore]:
    """Opens the page for a new person in the browser of a coordinator who has just signed in; the session."""

    def begin() -> SessionStore:
        client = Client()
        client.force_login(coordinator)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page.goto(f"{live_server.url}/en/coordinator/people/new/")
        return SessionStore(key)

    return begin


def test_staff_are_warned_and_can_stay(page, open_form, settings):
    settings.STAFF_IDLE = timedelta(minutes=3, seconds=1)
    open_form()
    still_here = page.get_by_role("button", name="I am still here")

    expect(still_here).to_be_visible()
    expect(page.locator("[data-idle-at]")).to_have_text(re.compile(r"^\d{1,2}[:.]\d\d$"))
    assert faults_of(page) == []
    with page.expect_response("**/accounts/stay/") as answer:
        still_here.click()
    assert answer.value.status == 204
    expect(still_here).to_be_hidden()


def test_what_was_typed_is_sent_after_the_sign_in(page, open_form, coordinator, settings):
    session = open_form()
    for name, text in {"last_name": "Virtanen", "first_name": "Aino", "phone": "040 123 4567"}.items():
        page.fill(f'[name="{name}"]', text)
    page.select_option('[name="channel"]', "call")
    session[SEEN_AT] -= settings.STAFF_IDLE.total_seconds() + 1
    session.save()

    page.locator("main form button.btn-primary").click()
    expect(page.get_by_text("You were signed out, because nothing was pressed for half an hour.")).to_be_visible()
    page.fill('[name="email"]', coordinator.code)
    page.get_by_role("button", name="Send me a code").click()
    page.fill('[name="code"]', CODE.search(mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="What you wrote is kept")).to_be_visible()
    assert faults_of(page) == []
    assert not Person.objects.filter(last_name="Virtanen").exists()
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text("Aino Virtanen is on record.")).to_be_visible()
    assert Person.objects.get(last_name="Virtanen").phone == "+358401234567"
