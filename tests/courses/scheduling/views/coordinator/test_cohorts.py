from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import AuditEntry, RoleGrant
from courses.dates.calendar import at_wall_time
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.scheduling.services.cohorts import COHORT_FIELDS
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    ModuleFactory,
    PersonFactory,
    SessionFactory,
    VenueFactory,
)
from tests.pages import page, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clicked")]

# A Monday.
FIRST = date(2026, 8, 31)


def group(trainers=(), sessions=3, **changes):
    """A group of the autumn: Mondays from ten to one."""
    fields = {
        "code": "AIM-2026S-01",
        "starts_on": FIRST,
        "ends_on": FIRST + timedelta(weeks=sessions - 1),
        "applications_open_on": FIRST - timedelta(days=30),
        "applications_close_on": FIRST - timedelta(days=7),
        "state": CohortState.RUNNING,
        "capacity": 14,
        "minimum": 7,
        "waiting_list_capacity": 5,
        "notice_fi": "Ota puhelin mukaan.",
        "notice_sv": "Ta med telefonen.",
        **changes,
    }
    cohort = CohortFactory.create(trainers=trainers, **fields)
    for number in range(sessions):
        starts_at = at_wall_time(FIRST + timedelta(weeks=number), time(10))
        SessionFactory.create(
            cohort=cohort,
            number=number + 1,
            starts_at=starts_at,
            lessons=4,
            modules=[ModuleFactory.create(course=cohort.course)],
        )
    return cohort


def filled(**changes):
    return {
        "code": "AIM-2027K-01",
        "name_fi": "Kevään ryhmä",
        "name_sv": "Vårens grupp",
        "name_en": "Spring group",
        "starts_on": "2027-03-15",
        "left_out": "22.3.2027",
        **changes,
    }


def days_of(sessions):
    return [timezone.localtime(session.starts_at).date() for session in sessions]


def plain(words):
    """Days and times that never break, as one types them."""
    return words.replace("\u00a0", " ").replace("\u2060", "")


AGAIN = [date(2027, 3, 15), date(2027, 4, 5), date(2027, 4, 12)]


def test_the_page_of_a_group_leads_to_its_copy(office):
    cohort = group(state=CohortState.CLOSED)

    assert page("cohorts-copy", cohort.code) in office.get(page("cohorts-detail", cohort.code)).content.decode()


def test_the_form_begins_with_the_next_term(office):
    first = timezone.localdate() - timedelta(days=10)
    cohort = CohortFactory.create(starts_on=first, name_sv="Grupp")

    form = office.get(page("cohorts-copy", cohort.code)).context["form"]

    proposed = form.initial["starts_on"]
    assert (proposed - first) == timedelta(weeks=26)
    assert form.initial["code"].startswith(f"{cohort.course.code}-{proposed.year}")
    assert not form["name_sv"].value()


def test_of_a_group_of_long_ago_the_same_weekday_is_proposed_in_time(office):
    first = timezone.localdate() - timedelta(days=1001)
    cohort = CohortFactory.create(starts_on=first)

    proposed = office.get(page("cohorts-copy", cohort.code)).context["form"].initial["starts_on"]

    assert proposed.weekday() == first.weekday()
    assert timedelta(weeks=6) <= proposed - timezone.localdate() < timedelta(weeks=7)


def test_the_dates_are_shown_before_anything_is_made(office):
    cohort = group()

    response = office.post(page("cohorts-copy", cohort.code), filled(preview="1"))

    plan = response.context["plan"]
    assert days_of(plan.sessions) == AGAIN
    assert [gap.holiday for gap in plan.left_out] == ["", "Easter Monday"]
    assert (Cohort.objects.count(), Session.objects.count()) == (1, 3)
    assert not AuditEntry.objects.filter(action="cohort.copy").exists()


def test_a_copy_has_all_but_the_people(office, trainer):
    cohort = group(trainers=[trainer])
    elsewhere = VenueFactory.create()
    cohort.sessions.filter(number=2).update(venue=elsewhere, remote_link="https://example.org/2")
    EnrollmentFactory.create(cohort=cohort)

    response = office.post(page("cohorts-copy", cohort.code), filled(make="1"), follow=True)

    copy = Cohort.objects.get(code="AIM-2027K-01")
    own = {"code", "name_fi", "name_sv", "name_en"}
    days = {"starts_on", "ends_on", "applications_open_on", "applications_close_on"}
    same = [name for name in COHORT_FIELDS if name not in own | days]
    assert [getattr(copy, name) for name in same] == [getattr(cohort, name) for name in same]
    assert (copy.course, copy.state, copy.seats_taken) == (cohort.course, CohortState.DRAFT, 0)
    assert (copy.name_fi, copy.name_sv, copy.name_en) == ("Kevään ryhmä", "Vårens grupp", "Spring group")
    assert (copy.starts_on, copy.ends_on) == (AGAIN[0], AGAIN[-1])
    assert copy.applications_open_on == AGAIN[0] - timedelta(days=30)
    assert copy.applications_close_on == AGAIN[0] - timedelta(days=7)
    assert list(copy.trainers.all()) == [trainer]
    assert not copy.enrollments.exists()
    assert [plain(words) for words in said(response)] == [
        "Spring group is a draft with 3 sessions. No session on: Mon 22 Mar 2027, Mon 29 Mar 2027 (Easter Monday)."
    ]
    entry = AuditEntry.objects.get(action="cohort.copy")
    assert (entry.object_id, entry.detail) == (copy.pk, {"code": "AIM-2027K-01", "from": "AIM-2026S-01"})


def test_the_sessions_of_a_copy_keep_hours_places_and_modules(office):
    cohort = group()
    elsewhere = VenueFactory.create()
    cohort.sessions.filter(number=2).update(venue=elsewhere, remote_link="https://example.org/2")

    office.post(page("cohorts-copy", cohort.code), filled(make="1"))

    before, after = cohort.sessions.all(), Cohort.objects.get(code="AIM-2027K-01").sessions.all()
    assert days_of(after) == AGAIN
    for old, new in zip(before, after, strict=True):
        assert timezone.localtime(new.starts_at).time() == time(10)
        assert timezone.localtime(new.ends_at).time() == time(13)
        assert (new.number, new.lessons, new.venue, new.remote_link) == (
            old.number,
            old.lessons,
            old.venue,
            old.remote_link,
        )
        assert list(new.modules.all()) == list(old.modules.all())
        assert (new.state, new.marked_at) == (SessionState.PLANNED, None)
    assert after[1].venue == elsewhere


def test_hours_are_those_of_the_clock_in_winter_and_summer(office):
    cohort = group()

    office.post(page("cohorts-copy", cohort.code), filled(starts_on="2027-01-11", left_out="", make="1"))

    starts = [
        timezone.localtime(session.starts_at) for session in Cohort.objects.get(code="AIM-2027K-01").sessions.all()
    ]
    assert [start.strftime("%d.%m. %H") for start in starts] == ["11.01. 10", "18.01. 10", "25.01. 10"]


def test_cancelled_sessions_are_not_copied(office):
    cohort = group()
    cohort.sessions.filter(number=1).update(state=SessionState.CANCELLED)

    office.post(page("cohorts-copy", cohort.code), filled(make="1"))

    copy = Cohort.objects.get(code="AIM-2027K-01")
    assert [session.number for session in copy.sessions.all()] == [1, 2]
    assert copy.starts_on == AGAIN[0]


def test_a_group_without_sessions_is_copied_with_its_length(office):
    cohort = group(sessions=0, ends_on=FIRST + timedelta(days=20))

    shown = office.post(page("cohorts-copy", cohort.code), filled(preview="1"))
    office.post(page("cohorts-copy", cohort.code), filled(make="1"))

    copy = Cohort.objects.get(code="AIM-2027K-01")
    assert "none are copied" in shown.content.decode()
    assert (copy.starts_on, copy.ends_on) == (date(2027, 3, 15), date(2027, 4, 4))


def test_who_is_no_trainer_any_more_does_not_train_the_copy(office, trainer):
    former = PersonFactory.create(roles=[RoleName.TRAINER])
    RoleGrant.objects.filter(person=former).update(ended_at=timezone.now())
    cohort = group(trainers=[trainer, former])

    office.post(page("cohorts-copy", cohort.code), filled(make="1"))

    assert list(Cohort.objects.get(code="AIM-2027K-01").trainers.all()) == [trainer]


@pytest.mark.parametrize("taken", ["venue", "trainer"])
def test_what_is_taken_asks_for_a_tick_and_then_goes_on(office, trainer, taken):
    cohort = group(trainers=[trainer])
    other = {"cohort__venue": cohort.venue} if taken == "venue" else {"cohort__trainers": [trainer]}
    SessionFactory.create(starts_at=at_wall_time(AGAIN[0], time(12)), cohort__name_en="Others", **other)
    url = page("cohorts-copy", cohort.code)

    shown = office.post(url, filled(preview="1"))
    asked = office.post(url, filled(make="1"))
    groups_meanwhile = Cohort.objects.count()
    office.post(url, filled(make="1", confirmed="on"))

    errors = [f"The {taken} is taken: Others, Monday 15 March, 12:00–15:00."]
    assert [plain(error) for error in shown.context["form"].non_field_errors()] == errors
    assert [plain(error) for error in asked.context["form"].non_field_errors()] == errors
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert (groups_meanwhile, Cohort.objects.count()) == (2, 3)


def test_a_copy_meets_the_sessions_of_the_group_itself_too(office):
    cohort = group(sessions=3)

    response = office.post(page("cohorts-copy", cohort.code), filled(starts_on="2026-09-07", left_out="", make="1"))

    assert len(response.context["form"].non_field_errors()) == 2
    assert Cohort.objects.count() == 1


def test_the_place_of_a_single_session_is_looked_at(office):
    cohort, library = group(), VenueFactory.create()
    cohort.sessions.filter(number=2).update(venue=library)
    SessionFactory.create(cohort__venue=library, starts_at=at_wall_time(AGAIN[0], time(10)))

    free = office.post(page("cohorts-copy", cohort.code), filled(preview="1"))
    SessionFactory.create(cohort__venue=library, starts_at=at_wall_time(AGAIN[1], time(10)))
    taken = office.post(page("cohorts-copy", cohort.code), filled(preview="1"))

    assert not free.context["form"].errors
    assert len(taken.context["form"].non_field_errors()) == 1


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"code": "AIM-2026S-01"}, "code", "Cohort with this Code already exists."),
        ({"code": "new"}, "code", "This code cannot be used. Choose another one."),
        ({"starts_on": "31.8.2026"}, "starts_on", "Choose a day after the start of the group that is copied."),
        ({"starts_on": "31.12.9999"}, "starts_on", "Choose a day within three years."),
        ({"starts_on": ""}, "starts_on", "This field is required."),
        (
            {"name_fi": "Soita 010148-123N"},
            "name_fi",
            "Please take the personal identity code out of this text. We do not need it.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office, changes, field, error):
    cohort = group()

    form = office.post(page("cohorts-copy", cohort.code), filled(make="1", **changes)).context["form"]

    assert {name: list(errors) for name, errors in form.errors.items()} == {field: [error]}
    assert Cohort.objects.count() == 1


@pytest.mark.parametrize("others", [1, 30])
def test_naming_what_is_taken_asks_the_same_for_one_and_for_thirty(office, others, django_assert_num_queries):
    cohort = group()
    for _other in range(others):
        SessionFactory.create(cohort__venue=cohort.venue, starts_at=at_wall_time(AGAIN[0], time(10)))

    with django_assert_num_queries(11):
        response = office.post(page("cohorts-copy", cohort.code), filled(preview="1"))

    assert len(response.context["form"].non_field_errors()) == others


@pytest.mark.parametrize("sessions", [1, 30])
def test_the_preview_asks_the_same_for_one_session_and_for_thirty(office, sessions, django_assert_num_queries):
    cohort = group(sessions=sessions)

    # Session, person, roles, group; codes twice; sessions, modules; trainers, what is taken; menu.
    with django_assert_num_queries(11):
        office.post(page("cohorts-copy", cohort.code), filled(starts_on="2027-08-30", preview="1"))
