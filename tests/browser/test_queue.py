"""A pair gets an offer: two seats become free on the coordinator's pages, both are asked, and one yes on the phone is for both."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from courses.enrolling.models import Enrollment, Party
from tests.browser.test_pages import faults_of
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory


@pytest.fixture
def full(coordinator, centre):
    """A group of three seats, all taken, for which a couple and a single wait in this order."""
    cohort = CohortFactory.create(capacity=3, name_en="Spring A", queue_last=3)
    for name in ("Aho", "Berg", "Salo"):
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(first_name="Eeva", last_name=name))
    party = Party.objects.create(cohort=cohort, how_asked="phone")
    for number, name in enumerate(("Arvo Lahtinen", "Maija Lahtinen", "Ulla Ojala"), start=1):
        first, last = name.split()
        EnrollmentFactory.create(
            cohort=cohort,
            person=PersonFactory.create(first_name=first, last_name=last, phone=f"+35840000000{number}"),
            state="waitlisted",
            queue_number=number,
            party=party if last == "Lahtinen" else None,
        )
    return cohort


@pytest.fixture
def desk(page: Page, live_server, coordinator, settings) -> Page:
    """The browser of a coordinator who has signed in."""
    settings.STAFF_IDLE = settings.STAFF_IDLE * 1000
    client = Client()
    client.force_login(coordinator)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return page


def states():
    return dict(Enrollment.objects.values_list("person__first_name", "state").exclude(person__first_name="Eeva"))


def stops(desk: Page, name: str) -> None:
    desk.get_by_role("row", name=name).get_by_role("link", name="change").click()
    desk.get_by_label("They stop, and the seat is free").check()
    desk.get_by_label("Why do they stop?").select_option("time")
    desk.get_by_role("button", name="Save").click()


@pytest.mark.django_db(transaction=True)
def test_a_pair_gets_an_offer_and_says_yes_for_both_on_the_phone(desk, live_server, full):
    desk.goto(f"{live_server.url}/en/coordinator/cohorts/{full.code}/learners/")
    pair = desk.get_by_role("listitem").filter(has_text="Arvo and Maija Lahtinen")
    expect(pair).to_contain_text("together: they need 2 seats")

    stops(desk, "Aho, Eeva")
    expect(pair).to_contain_text("Free seats are held for them until")
    assert states() == {"Arvo": "waitlisted", "Maija": "waitlisted", "Ulla": "waitlisted"}
    assert faults_of(desk) == []

    stops(desk, "Berg, Eeva")
    expect(desk.get_by_role("heading", name="Asked, answer awaited")).to_be_visible()
    assert states() == {"Arvo": "offered", "Maija": "offered", "Ulla": "waitlisted"}
    assert faults_of(desk) == []

    pair.get_by_role("button", name="Yes for both").click()
    expect(desk.get_by_role("status").filter(has_text="Arvo and Maija Lahtinen have their places.")).to_be_visible()
    expect(desk.get_by_role("row", name="Lahtinen, Arvo")).to_contain_text("Has a place")
    expect(desk.get_by_role("row", name="Lahtinen, Maija")).to_contain_text("Has a place")
    assert states() == {"Arvo": "enrolled", "Maija": "enrolled", "Ulla": "waitlisted"}
    full.refresh_from_db()
    assert full.seats_taken == full.capacity
    assert faults_of(desk) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_queue_hold_no_barrier(desk, live_server, full, width):
    desk.set_viewport_size({"width": width, "height": 800})
    EnrollmentFactory.create(cohort=full, state="applied")
    pages = {
        "place/": "Another place in the queue",
        "together/": "Arvo and Maija Lahtinen",
        "transfer/": "To another group",
    }
    arvo = Enrollment.objects.get(person__first_name="Arvo")

    found = {}
    for path, heading in pages.items():
        desk.goto(f"{live_server.url}/en/coordinator/enrollments/{arvo.pk}/{path}")
        expect(desk.get_by_role("heading", level=1)).to_contain_text(heading)
        found[path] = faults_of(desk)
    desk.goto(f"{live_server.url}/en/coordinator/cohorts/{full.code}/learners/")
    found["learners/"] = faults_of(desk)

    assert found == {path: [] for path in [*pages, "learners/"]}
