"""Each letter that the site prints fits its sheet of A4: one page, and nothing in the way of what stands at its foot."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pypdf import PdfReader

from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.models import Party
from courses.messaging.models import Message
from tests.factories import (
    CentreFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    MessageFactory,
    PersonFactory,
    SessionFactory,
    VenueFactory,
)
from tests.languages import speak_as_the_code, speak_as_the_site

pytestmark = pytest.mark.django_db(transaction=True)

STATES = {
    ReminderRule.APPLICATION_RECEIVED: EnrollmentState.WAITLISTED,
    ReminderRule.PLACE_CONFIRMED: EnrollmentState.ENROLLED,
    ReminderRule.SEAT_OFFERED: EnrollmentState.OFFERED,
    ReminderRule.COHORT_CANCELLED: EnrollmentState.COHORT_CANCELLED,
    ReminderRule.COMPANION_LEFT: EnrollmentState.ENROLLED,
    ReminderRule.SESSION_SOON: EnrollmentState.ENROLLED,
}
# How far the lowest line of the text stands above the foot in each letter (px).
GAPS = """sheets => sheets.map(sheet => {
    const foot = sheet.querySelector("footer").getBoundingClientRect();
    const rest = [...sheet.querySelectorAll(":scope > *:not(footer, .fold)")];
    return foot.top - Math.max(...rest.map(one => one.getBoundingClientRect().bottom));
})"""


LONG = {
    "title_fi": "Tekoälymentorin peruskurssi ja arjen digitaidot rauhallisesti vierekkäin, osa 2",
    "title_sv": "Grundkurs för AI-mentorer och vardagens digitala färdigheter, lugnt och sida vid sida, del 2",
    "name": "Anna-Margareta Wilhelmiina",
    "venue": "Kirjasto Iso Omena, ryhmätyötila Sinivuokko, toinen kerros",
}
USUAL = {
    "title_fi": "Tekoälymentorin peruskurssi",
    "title_sv": "Grundkurs för AI-mentorer",
    "name": "Marjatta",
    "venue": "Kirjasto A, Tapiola",
}


@pytest.fixture(autouse=True)
def own_languages() -> Iterator[None]:
    speak_as_the_site()
    yield
    speak_as_the_code()


def write_letters(language: str, words: dict[str, str]) -> list[Message]:
    """One to post of each kind."""
    CentreFactory.create(name="Espoon mentorikoulutus", street="Pitkänsillankatu 12", postal_code="02600", city="Espoo")
    cohort = CohortFactory.create(
        course=CourseFactory.create(title_fi=words["title_fi"], title_sv=words["title_sv"]),
        venue=VenueFactory.create(name_fi=words["venue"]),
        name_fi="Kevät 2027 A",
        name_sv="Våren 2027 A",
    )
    starts_at = timezone.now() + timedelta(days=14)
    session = SessionFactory.create(cohort=cohort, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    party = Party.objects.create(cohort=cohort, how_asked="letter")
    companion = PersonFactory.create(first_name="Olavi", last_name="Lindroos-Hämäläinen")
    offer = {"state": EnrollmentState.OFFERED, "offer_expires_at": starts_at, "party": party}
    EnrollmentFactory.create(cohort=cohort, person=companion, **offer)
    made = []
    for number, (rule, state) in enumerate(STATES.items(), start=1):
        enrollment = EnrollmentFactory.create(
            cohort=cohort,
            state=state,
            queue_number=number if state == EnrollmentState.WAITLISTED else None,
            party=party if state == EnrollmentState.OFFERED else None,
            offer_expires_at=starts_at if state == EnrollmentState.OFFERED else None,
            application_code=f"H-7K3M-Q2PX-9DT{number}",
            person=PersonFactory.create(
                first_name=words["name"],
                last_name="Lindroos-Hämäläinen",
                language=language,
                channel="letter",
                street="Ylä-Mankkaanrinteentie 112 B 34",
                postal_code="02180",
                city="Espoo",
            ),
        )
        made.append(
            MessageFactory.create(
                rule=rule,
                dedupe_key=f"{rule}:{number}",
                enrollment=enrollment,
                person=enrollment.person,
                session=session if rule == ReminderRule.SESSION_SOON else None,
                schedule_revision=session.schedule_revision,
                channel="letter",
                due_at=timezone.now(),
                next_attempt_at=timezone.now(),
                expires_at=starts_at,
            )
        )
    return made


@pytest.fixture
def sheets(page: Page, live_server, coordinator, settings) -> Callable[[], tuple[list[float], list[str]]]:
    """The gaps of each letter as it is printed, and the text of each page of paper."""

    def look() -> tuple[list[float], list[str]]:
        client = Client()
        client.force_login(coordinator)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page.goto(f"{live_server.url}/fi/coordinator/messages/letters/sheets/")
        page.emulate_media(media="print")
        page.evaluate("document.fonts.ready")
        paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
        return page.locator(".letter").evaluate_all(GAPS), [sheet.extract_text() for sheet in paper.pages]

    return look


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_each_letter_is_one_sheet_with_room_above_its_foot(language, sheets):
    letters = write_letters(language, USUAL)

    gaps, paper = sheets()

    assert (len(gaps), len(paper)) == (len(letters), len(letters))
    assert [gap for gap in gaps if gap < 8] == []
    assert [text for text in paper if "Lindroos" not in text] == []


def test_a_letter_with_long_words_goes_on_in_order_on_a_second_sheet(sheets):
    letters = write_letters("fi", LONG)

    gaps, paper = sheets()

    assert len(gaps) == len(letters)
    assert len(paper) <= 2 * len(letters)
    assert [gap for gap in gaps if gap < 8] == []
    # Each second sheet holds whole paragraphs, the greeting at least, not the foot alone.
    assert [text for text in paper if "Lindroos" not in text and "Ystävällisin terveisin" not in text] == []
