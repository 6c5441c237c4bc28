"""Every page that an actor can reach by links, in Finnish, at a desk and on a phone.

The demo is walked from the actor's first page. Of each page (by its URL name) the first address that is found is opened
once: it must answer and make no error in the browser; then, as wide as a desk and as narrow as a phone, it must hold no
barrier that axe finds and not scroll sideways. No script of ours asks for the width, so none has to be loaded again.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from django.urls import Resolver404, resolve
from django.utils.translation import override
from playwright.sync_api import Page, ViewportSize, expect

from tests.languages import speak_as_the_code, speak_as_the_site

WIDTHS: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 780}, "desk": {"width": 1280, "height": 900}}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Files and frames, not pages: each has tests of its own.
NOT_PAGES = {
    "public:cohorts-calendar",
    "coordinator:attendance-print",
    "coordinator:enrollments-print",
    "trainer:attendance-print",
    "coordinator:certificates-pdf",
    "coordinator:certificates-print",
    "learner:certificates-pdf",
    "coordinator:rosters-sample",
    "coordinator:messages-letter",
    "coordinator:messages-mail",
    "demo:mailbox-html",
}
# What must be among the pages that are found; a link that is lost is noticed here.
MUST_FIND = {
    "": {
        "public:catalogue",
        "public:cohorts-detail",
        "public:applications-start",
        "public:applications-lookup",
        "public:certificates-check",
        "account_login",
        "accessibility",
        "privacy",
        "ethics",
    },
    "coordinator": {
        "coordinator:today",
        "coordinator:enrollments-create",
        "coordinator:enrollments-state",
        "coordinator:enrollments-transfer",
        "coordinator:enrollments-admit",
        "coordinator:cohorts-minimum",
        "coordinator:people-list",
        "coordinator:people-detail",
        "coordinator:people-edit",
        "coordinator:people-create",
        "coordinator:retention-list",
        "coordinator:cohorts-list",
        "coordinator:cohorts-detail",
        "coordinator:cohorts-copy",
        "coordinator:cohorts-edit",
        "coordinator:cohorts-learners",
        "coordinator:sessions-list",
        "coordinator:attendance-register",
        "coordinator:completions-grid",
        "coordinator:completions-record",
        "coordinator:completions-practice",
        "coordinator:certificates-list",
        "coordinator:certificates-issue",
        "coordinator:certificates-detail",
        "coordinator:certificates-revoke",
        "coordinator:mentoring-list",
        "coordinator:messages-list",
        "coordinator:messages-detail",
        "coordinator:messages-calls",
        "coordinator:messages-letters",
        "coordinator:courses-list",
        "coordinator:courses-copy",
        "coordinator:districts-list",
        "coordinator:districts-create",
        "coordinator:districts-edit",
        "coordinator:courses-detail",
        "coordinator:courses-edit",
        "coordinator:rosters-create",
        "coordinator:reports-program",
        "coordinator:reports-cohort",
        "demo:mailbox",
    },
    "trainer": {
        "trainer:today",
        "trainer:cohorts-detail",
        "trainer:attendance-register",
        "trainer:completions-grid",
        "trainer:completions-record",
        "trainer:completions-practice",
    },
    "learner": {"learner:home", "learner:messages-detail"},
    "mentor": {"learner:home"},
    "viewer": {"viewer:reports-program", "viewer:reports-cohort"},
    "admin": {
        "administrator:centre-edit",
        "administrator:staff-create",
        "administrator:staff-edit",
        "administrator:staff-list",
    },
}
NAMES = {
    "coordinator": "Kaisa Esittelijä",
    "trainer": "Timo Esimerkki",
    "learner": "Lempi Esimerkki",
    "mentor": "Mauri Malli",
    "viewer": "Venla Esimerkki",
    "admin": "Arvo Malli",
}


@pytest.fixture
def demo_site(live_server, settings, tmp_path) -> Iterator[str]:
    settings.DEMO_MAIL_DIR = tmp_path
    settings.STAFF_IDLE = settings.STAFF_IDLE * 1000
    call_command("load_demo", verbosity=0)
    speak_as_the_site()
    yield live_server.url
    speak_as_the_code()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("actor", MUST_FIND, ids=lambda actor: actor or "anyone")
def test_pages_of(actor, demo_site, page: Page):
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    start = f"{demo_site}/fi/"
    if actor:
        start = sign_in(page, demo_site, NAMES[actor])

    faults, seen = walk(page, demo_site, start, errors)

    assert faults == {}
    assert MUST_FIND[actor] - seen == set()


def sign_in(page: Page, site: str, name: str) -> str:
    page.goto(f"{site}/fi/accounts/login/")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_visible()
    return page.url


def walk(page: Page, site: str, start: str, errors: list[str]) -> tuple[dict[str, list[str]], set[str]]:
    """Faults by URL name, and the names of all pages seen."""
    waiting, seen, faults = [start], set(), {}
    while waiting:
        url = waiting.pop(0)
        name = name_of(url)
        if name is None or name in seen or name in NOT_PAGES:
            continue
        seen.add(name)
        errors.clear()
        answer = page.goto(url)
        found = [f"{width}: {fault}" for width in WIDTHS for fault in faults_of(page, WIDTHS[width])]
        if answer is None or answer.status != 200:
            found.append(f"answered {answer.status if answer else 'nothing'}")
        if found or errors:
            faults[f"{name} {urlsplit(url).path}"] = found + list(errors)
        waiting += links(page, site)
    return faults, seen


def name_of(url: str) -> str | None:
    path = urlsplit(url).path
    # The other languages are the same pages.
    if not path.startswith("/fi/"):
        return None
    try:
        # The prefix of a language is known only while it is the language in use.
        with override("fi"):
            return resolve(path).view_name
    except Resolver404:
        return None


def links(page: Page, site: str) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return [href.split("#")[0] for href in hrefs if href.startswith(site)]


def faults_of(page: Page, size: ViewportSize | None = None) -> list[str]:
    """What is wrong with the page at `size`, or as wide as it is."""
    if size:
        page.set_viewport_size(size)
    found = []
    wide, width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if wide > width:
        found.append(f"scrolls sideways: {wide} of {width} pixels")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    results = page.evaluate("options => axe.run(options)", {"runOnly": TAGS, "resultTypes": ["violations"]})
    found += [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in results["violations"]]
    return found
