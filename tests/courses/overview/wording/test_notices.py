from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from courses.dates.words import NBSP
from courses.importing.rosters.models import Roster
from courses.overview.selectors.needs import Need
from courses.overview.wording import tasks
from courses.overview.wording.needs import missing_texts_notice, need_notice
from courses.overview.wording.tasks import task_notice
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db

STARTS = datetime(2027, 1, 12, 10, tzinfo=ZoneInfo("Europe/Helsinki"))


def plain(words):
    """A day and its month are kept on one line."""
    return words.replace(NBSP, " ")


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def cohort():
    return CohortFactory.create(name_en="Spring A", minimum=6, starts_on=date(2027, 1, 12))


@pytest.fixture
def person():
    return PersonFactory.create(first_name="Aino", last_name="Aalto", phone="+358401234567")


@pytest.fixture
def things(cohort, person):
    """What each kind of task is about."""
    of_others = {
        "absent_twice": EnrollmentFactory.create(cohort=cohort, person=person),
        "unmarked": SessionFactory.create(cohort=cohort, number=1, starts_at=STARTS),
        "no_contact": person,
    }
    return {code: of_others.get(code, cohort) for code in tasks.WORDS}


@pytest.mark.parametrize(
    ("code", "title", "action"),
    [
        ("failed", "2 messages did not arrive", "Open the messages"),
        ("never_notified", "2 people do not know of their places or applications", "See who they are"),
        ("held", "2 messages are held back", "See what is held back"),
        ("too_late", "2 messages were too late", "See who was not told"),
        ("absent_twice", "Aalto, Aino has missed two sessions in a row", "Phone 040 123 4567"),
        ("offer_lapses", "2 offers lapse today: Spring A", "See who is asked"),
        ("applications", "2 applications to check: Spring A", "Check"),
        ("seats_for_queue", "A seat is free in the group Spring A", "Open the queue"),
        ("unmarked", "Attendance not marked: Spring A, session 1", "Mark attendance"),
        ("under_minimum", "The group Spring A is under its smallest size", "Decide about the group"),
        ("proposed", "2 completions are proposed: Spring A", "Decide"),
        ("undecided", "2 people wait for a decision: Spring A", "Open completions"),
        ("no_contact", "No contact person: Aalto, Aino", "Add a contact person"),
        ("to_certify", "2 certificates wait to be issued", "Issue certificates"),
        ("calls", "2 calls to make", "Open the call list"),
        ("pairs", "2 likely pairs", "Open likely pairs"),
        ("letters", "2 letters to post", "Open the letters"),
    ],
)
def test_task_says_what_it_is_and_what_to_do(things, code, title, action):
    notice = task_notice(Need(code, 2, things[code]))

    assert (notice.title, notice.action, "%(" in notice.why) == (title, action, False)


def test_messages_held_back_after_a_roster_lead_to_it():
    roster = Roster.objects.create(file_name="syksy.csv")

    notice = task_notice(Need("held", 1, roster))

    assert (notice.title, notice.url) == ("1 message is held back", f"/en/coordinator/rosters/{roster.pk}/")
    assert "syksy.csv" in notice.why


def test_somebody_without_a_phone_is_opened_instead(cohort):
    person = PersonFactory.create(first_name="Aino", last_name="Aalto", phone="")

    notice = task_notice(Need("absent_twice", thing=EnrollmentFactory.create(cohort=cohort, person=person)))

    assert (notice.action, notice.url, notice.about) == (
        "Open the person",
        f"/en/coordinator/people/{person.code}/",
        "Aalto, Aino",
    )


@pytest.mark.parametrize(
    ("code", "title", "why"),
    [
        ("no_sessions", "The group has no sessions", "Make them all in one go: weekly, without public holidays."),
        ("unmarked", "Session 1, Tue 12 Jan: nobody is marked", "It was held, and its register is empty."),
        ("to_confirm", "Confirm the group", "It starts Tuesday 12 January, and 2 people have a place."),
        (
            "under_minimum",
            "2 of at least 6 places are taken",
            "The group starts Tuesday 12 January. Confirm it as it is, or cancel it.",
        ),
        ("to_start", "The group has begun", "Its first day was Tuesday 12 January. Say that it is running."),
        ("to_finish", "All sessions have been held", "Finish the group, then decide the completions."),
        ("seats_for_queue", "15 seats are free, and people wait", "2 people are on the waiting list."),
        (
            "unreached",
            "A message did not reach 2 people",
            "No other way to reach the person was left. Choose what to do.",
        ),
        (
            "behind",
            "2 people have modules to make up",
            "They missed a session. Another group's session of the same module will do.",
        ),
        # What Today says of the group, in its words.
        (
            "offer_lapses",
            "2 offers lapse today: Spring A",
            "No answer has come. A call now saves the turn in the queue.",
        ),
        ("proposed", "2 completions are proposed", "A trainer proposes, you decide."),
        ("undecided", "2 people wait for a decision", "The group is over. Completed, or not completed?"),
        ("to_close", "Everything is decided", "Close the group, and its attendance and results are locked."),
    ],
)
def test_need_says_what_it_is_and_why(cohort, things, code, title, why):
    notice = need_notice(Need(code, 2, things.get(code, cohort), limit=6, day=cohort.starts_on), cohort)

    assert (plain(notice.title), plain(notice.why)) == (title, why)


def test_missing_texts_are_one_row():
    notice = missing_texts_notice(["The title is missing in Swedish.", "The summary is missing."], "/en/write/")

    assert (notice.title, notice.why, notice.url) == (
        "2 texts are missing before the group can be published",
        "The title is missing in Swedish. The summary is missing.",
        "/en/write/",
    )
