"""A coordinator takes calls with the keyboard alone: not once is the mouse touched."""

import time

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from accounts.models import Consent, Person
from courses.enrolling.models import Enrollment, SupportNeeds
from tests.browser.test_pages import faults_of
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

# The keystroke-level model of Card, Moran and Newell: an average typist needs 0.28 seconds for a key.
SECONDS_PER_KEY = 0.28
SECONDS_PER_CALL = 40


class Hands:
    """Ten fingers: types, and looks where the focus has come to before going on."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.began = page, 0, time.monotonic()

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, *keys: str, to: str | Locator = "") -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)
        if to:
            expect(self.page.locator(to) if isinstance(to, str) else to).to_be_focused()

    def report(self, what: str) -> None:
        print(f"{what}: {self.keys} keys, {time.monotonic() - self.began:.1f} s in the browser")


@pytest.fixture
def desk(page: Page, live_server, coordinator, centre, settings) -> Page:
    """The desk, opened by a coordinator who has signed in; two groups take people."""
    settings.STAFF_IDLE = settings.STAFF_IDLE * 1000
    for letter in "BD":
        cohort = CohortFactory.create(name_en=f"Spring {letter}", capacity=2)
        SessionFactory.create(cohort=cohort, number=1)
    client = Client()
    client.force_login(coordinator)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/en/coordinator/enroll/")
    return page


def done(desk: Page, words: str) -> None:
    expect(desk.get_by_role("status").filter(has_text=words)).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_new_person_by_the_keyboard_alone(desk):
    hands = Hands(desk)

    expect(desk.locator("#id_find")).to_be_focused()
    hands.type("Manninen Eila")
    hands.press("Enter", to="#id_birth_year")
    hands.type("1948")
    hands.press("Tab", "Tab", to="#id_phone")
    hands.type("0401234567")
    hands.press("Enter", to="#groups-side")
    hands.press("d", to="#id_yes_course")
    expect(desk.locator("#check")).to_contain_text("Eila Manninen, born 1948")
    expect(desk.locator("#check")).to_contain_text("Spring D, seat 1 of 2")
    hands.press("h", "l")
    expect(desk.locator("#id_yes_support")).to_be_visible()
    hands.press("g", to="#id_goal")
    hands.type("Video calls")
    hands.press("Enter", to="#id_yes_course")
    hands.press("y", to="#id_yes_support")
    hands.press("y", to="#do-enroll")
    assert faults_of(desk) == []
    hands.press("Control+Enter")
    done(desk, "Eila Manninen has a place in Spring D.")
    hands.report("A new person with arrangements, goal and consent")

    person = Person.objects.get(last_name="Manninen")
    enrollment = person.enrollments.get()
    needs = SupportNeeds.objects.get(enrollment=enrollment)
    assert (person.first_name, person.birth_year, person.phone, person.channel) == (
        "Eila",
        1948,
        "+358401234567",
        "call",
    )
    assert (enrollment.cohort.name_en, enrollment.state, enrollment.how_asked) == ("Spring D", "enrolled", "phone")
    assert enrollment.goal == "Video calls"
    assert (needs.hearing_loop, needs.wheelchair, needs.loan_device) == (True, False, True)
    assert sorted(Consent.objects.values_list("purpose", flat=True)) == ["course", "support"]
    assert hands.keys * SECONDS_PER_KEY < SECONDS_PER_CALL
    expect(desk.locator("#id_find")).to_be_focused()
    expect(desk.get_by_role("link", name="Print the confirmation of Manninen, Eila")).to_be_visible()
    assert faults_of(desk) == []


@pytest.mark.django_db(transaction=True)
def test_a_known_person_by_the_keyboard_alone(desk):
    for name in ("Aino", "Aimo"):
        PersonFactory.create(first_name=name, last_name="Korhonen", language="en")
    hands = Hands(desk)

    hands.type("korho")
    expect(desk.locator("#found")).to_contain_text("Korhonen, Aino")
    hands.press("ArrowDown", "ArrowDown", to=desk.get_by_label("Korhonen, Aino"))
    hands.press("ArrowDown", "ArrowUp", "Enter", to="#groups-side")
    hands.press("b", to="#id_yes_course")
    hands.press("Space", "Control+Enter")
    done(desk, "Aino Korhonen has a place in Spring B.")
    hands.report("A known person")

    assert Enrollment.objects.get().person.first_name == "Aino"


@pytest.mark.django_db(transaction=True)
def test_perhaps_the_same_person_is_answered_with_one_key_and_escape_begins_anew(desk):
    known = PersonFactory.create(first_name="Eila", last_name="Männinen", birth_year=1948, language="en")
    hands = Hands(desk)

    hands.type("Manninen Eila")
    expect(desk.locator("#found")).to_contain_text("Männinen, Eila")
    hands.press("ArrowDown", "ArrowDown", "Enter", to='[data-key="1"]')
    assert faults_of(desk) == []
    hands.press("1", to="#groups-side")
    expect(desk.locator(f"#who-{known.code}")).to_be_checked()

    hands.press("f", to="#id_find")
    hands.press("Escape", "Escape")
    expect(desk.locator("#id_find")).to_have_value("")
    assert Enrollment.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_together_by_the_keyboard_alone(desk):
    PersonFactory.create(first_name="Aino", last_name="Korhonen", language="en")
    hands = Hands(desk)

    hands.type("korhonen")
    hands.press("Enter", to="#groups-side")
    desk.locator("#id_together").focus()
    hands.press("Space", to="#id_together")
    expect(desk.locator("#id_c1-find")).to_be_visible()
    hands.press("Enter", to="#id_c1-find")
    hands.type("Korhonen Eino")
    expect(desk.locator("#c1-found")).to_contain_text("Korhonen Eino")
    hands.press("ArrowDown", "Enter", to="#id_c1-birth_year")
    hands.type("1946")
    hands.press("Tab", "Tab", to="#id_c1-phone")
    hands.type("0401234567")
    hands.press("Enter", to="#groups-side")
    hands.press("d", to="#id_yes_course")
    expect(desk.locator("#check")).to_contain_text("seats 1 to 2 of 2")
    hands.press("y", "y", to="#do-enroll")
    assert faults_of(desk) == []
    hands.press("Control+Enter")
    done(desk, "Aino Korhonen and Eino Korhonen have places in Spring D.")
    hands.report("Two together")

    assert Enrollment.objects.exclude(party=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_javascript_the_same_form_is_filled_and_pressed(desk, browser, live_server):
    full = CohortFactory.create(name_en="Spring F", capacity=1)
    EnrollmentFactory.create(cohort=full)
    context = browser.new_context(java_script_enabled=False, locale="en")
    context.add_cookies(desk.context.cookies())
    plain = context.new_page()

    plain.goto(f"{live_server.url}/en/coordinator/enroll/")
    plain.locator("#id_find").fill("Manninen Eila")
    plain.locator("#id_find").press("Enter")
    plain.get_by_label("New person: “Manninen Eila”").check()
    plain.get_by_role("button", name="Take this one").click()
    plain.locator("#id_phone").fill("0401234567")
    plain.get_by_role("button", name="To the queue Spring F").click()
    expect(plain.locator("#check")).to_contain_text("Spring F, number 1 on the waiting list")
    plain.locator("#id_yes_course").check()
    plain.get_by_role("button", name="Put on the waiting list").click()
    done(plain, "Spring F is full. Eila Manninen is number 1 on the waiting list.")
    context.close()

    assert Enrollment.objects.get(person__last_name="Manninen").state == "waitlisted"
