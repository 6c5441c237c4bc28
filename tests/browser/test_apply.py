"""A senior applies at a phone of 360 pixels, in Finnish: alone, together, without JavaScript, and looks at it later by the code."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.services.offers import offer_seat
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.browser.test_pages import faults_of
from tests.factories import CentreFactory, CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory
from tests.languages import speak_as_the_code, speak_as_the_site

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 780}
NEXT = "main form[data-once] button.btn-primary"


@pytest.fixture
def cohort(settings) -> Iterator[Cohort]:
    CentreFactory.create()
    cohort = CohortFactory.create(capacity=4)
    SessionFactory.create(cohort=cohort, number=1)
    speak_as_the_site()
    yield cohort
    speak_as_the_code()


@pytest.fixture
def senior(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="fi-FI", java_script_enabled=False)
    yield context.new_page()
    context.close()


def choose(page: Page, name: str, value: str = "on") -> None:
    """A person presses the words, which cover the small box."""
    box = page.locator(f'input[name="{name}"]' + (f'[value="{value}"]' if value != "on" else ""))
    page.locator(f'label[for="{box.get_attribute("id")}"]').click()


def arrive(page: Page, where: str) -> None:
    """The new page is there, not only its address."""
    expect(page).to_have_url(re.compile(where))
    page.wait_for_load_state("load")


def go_on(page: Page, where: str) -> None:
    page.click(NEXT)
    arrive(page, where)


def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.fill(f'[name="{name.replace("__", "-")}"]', text)


def from_the_catalogue(page: Page, site: str, cohort: Cohort) -> None:
    page.goto(f"{site}/fi/")
    page.locator(f'a.btn[href="/fi/cohorts/{cohort.code}/"]').click()
    page.locator(f'a.btn-primary[href="/fi/apply/{cohort.code}/"]').click()
    arrive(page, "/you/$")


def code_on(page: Page) -> str:
    return page.locator(".big.code").inner_text()


def test_a_senior_applies_and_looks_at_it_by_the_code(senior, live_server, cohort):
    page, faults = senior, {}
    from_the_catalogue(page, live_server.url, cohort)
    faults["you"] = faults_of(page)
    fill(page, first_name="Aino", last_name="Virtanen", birth_year="48")
    page.click(NEXT)
    expect(page.locator("#errors a")).to_have_count(1)
    faults["you, mistaken"] = faults_of(page)
    fill(page, birth_year="1948")
    go_on(page, "/contact/$")
    faults["contact"] = faults_of(page)
    choose(page, "channel", "call")
    fill(page, phone="09 123 4567")
    go_on(page, "/wishes/$")
    faults["wishes"] = faults_of(page)
    choose(page, "hearing_loop")
    fill(page, goal="Kuvia lapsenlapsille")
    go_on(page, "/review/$")
    faults["review"] = faults_of(page)
    choose(page, "consent")
    choose(page, "support_consent")
    go_on(page, "/sent/$")
    faults["done"] = faults_of(page)
    code = code_on(page)
    page.locator('a[href="/fi/application/open/"]').click()
    arrive(page, "/open/$")
    faults["open"] = faults_of(page)
    page.locator('form[action="/fi/application/close/"] button').click()
    arrive(page, "/application/$")
    faults["lookup"] = faults_of(page)
    fill(page, code=code.lower().replace("-", " "))
    page.click("main form button.btn-primary")
    arrive(page, "/open/$")
    page.goto(f"{live_server.url}/fi/application/correct/")
    faults["correct"] = faults_of(page)
    page.goto(f"{live_server.url}/fi/application/withdraw/")
    faults["withdraw"] = faults_of(page)
    go_on(page, "/open/$")
    faults["withdrawn"] = faults_of(page)

    enrollment = Enrollment.objects.get()
    assert {where: found for where, found in faults.items() if found} == {}
    assert (enrollment.application_code, enrollment.state) == (code, EnrollmentState.WITHDRAWN)
    assert (enrollment.goal, enrollment.person.phone) == ("Kuvia lapsenlapsille", "+35891234567")


def test_a_pair_waits_is_offered_two_seats_and_takes_them(senior, live_server, cohort):
    page, site = senior, live_server.url
    others = EnrollmentFactory.create_batch(4, cohort=cohort)
    from_the_catalogue(page, site, cohort)
    fill(page, first_name="Aino", last_name="Virtanen")
    go_on(page, "/contact/$")
    choose(page, "channel", "email")
    fill(page, email="aino@example.org")
    go_on(page, "/wishes/$")
    page.locator("summary").first.click()
    fill(page, companion1__first_name="Eino", companion1__last_name="Virtanen")
    assert faults_of(page) == []
    go_on(page, "/review/$")
    choose(page, "consent")
    choose(page, "companions_consent")
    go_on(page, "/sent/$")
    assert faults_of(page) == []
    code = code_on(page)
    Cohort.objects.filter(pk=cohort.pk).update(capacity=6)
    offer_seat(
        enrollment=Enrollment.objects.get(application_code=code),
        act=act(PersonFactory.create(roles=["coordinator"]), HowAsked.PHONE),
    )

    page.goto(f"{site}/fi/application/open/")
    assert faults_of(page) == []
    page.locator('button[value="accept"]').click()
    expect(page.locator('button[value="accept"]')).to_have_count(0)

    states = Enrollment.objects.exclude(pk__in=[other.pk for other in others]).values_list("state", flat=True)
    assert list(states) == [EnrollmentState.ENROLLED] * 2


def test_it_works_without_javascript(without_script, live_server, cohort):
    page = without_script
    from_the_catalogue(page, live_server.url, cohort)
    fill(page, first_name="Aino", last_name="Virtanen")
    go_on(page, "/contact/$")
    choose(page, "channel", "letter")
    fill(page, street="Kirjokatu 1", postal_code="02100", city="Espoo")
    go_on(page, "/wishes/$")
    page.locator("summary").first.click()
    fill(page, companion1__first_name="Eino", companion1__last_name="Virtanen")
    go_on(page, "/review/$")
    choose(page, "consent")
    choose(page, "companions_consent")
    go_on(page, "/sent/$")

    streets = Enrollment.objects.values_list("person__first_name", "person__street").order_by("pk")
    assert list(streets) == [("Aino", "Kirjokatu 1"), ("Eino", "Kirjokatu 1")]


def test_with_the_keyboard_alone(page: Page, live_server, cohort):
    page.goto(f"{live_server.url}/fi/apply/{cohort.code}/you/")
    page.focus('[name="first_name"]')
    page.keyboard.type("Aino")
    page.keyboard.press("Tab")
    page.keyboard.type("Virtanen")
    page.keyboard.press("Enter")
    arrive(page, "/contact/$")
    page.focus('[name="channel"][value="email"]')
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("aino@example.org")
    page.keyboard.press("Enter")
    arrive(page, "/wishes/$")
    page.focus('[name="hearing_loop"]')
    page.keyboard.press("Enter")
    arrive(page, "/review/$")
    page.focus('[name="consent"]')
    page.keyboard.press("Space")
    # The field that no person sees is not on the way.
    names = []
    for _ in range(3):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.getAttribute('name')"))
    assert "website" not in names
    page.keyboard.press("Shift+Tab")
    expect(page.locator(NEXT)).to_be_focused()
    page.keyboard.press("Enter")
    arrive(page, "/sent/$")
