from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from courses.dates.calendar import at_wall_time
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from tests.factories import CohortFactory, ModuleFactory, SessionFactory, VenueFactory
from tests.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def weekly(**changes):
    return {
        "first_on": "2027-03-15",
        "count": "3",
        "weekdays": ["0"],
        "starts": "10:00",
        "ends": "13:00",
        "without_holidays": "on",
        "with_modules": "on",
        "left_out": "22.3.2027",
        **changes,
    }


def days_of(sessions):
    return [timezone.localtime(session.starts_at).date() for session in sessions]


def test_the_dates_are_shown_before_anything_is_made(office):
    cohort = CohortFactory.create()
    ModuleFactory.create(course=cohort.course, title_en="Scams")

    response = office.post(page("sessions-create", cohort.code), weekly(preview="1"))

    plan = response.context["plan"]
    assert days_of(plan.sessions) == [date(2027, 3, 15), date(2027, 4, 5), date(2027, 4, 12)]
    assert [gap.holiday for gap in plan.left_out] == ["", "Easter Monday"]
    assert not Session.objects.exists()


def test_making_leads_to_the_list(office):
    cohort = CohortFactory.create()

    response = office.post(page("sessions-create", cohort.code), weekly(make="1"))

    assert response.url == page("sessions-list", cohort.code)
    assert days_of(cohort.sessions.all()) == [date(2027, 3, 15), date(2027, 4, 5), date(2027, 4, 12)]


def test_making_twice_is_refused_and_what_was_typed_is_kept(office):
    cohort = CohortFactory.create()
    office.post(page("sessions-create", cohort.code), weekly(make="1"))

    form = office.post(page("sessions-create", cohort.code), weekly(make="1")).context["form"]

    assert len(form.non_field_errors()) == 3
    assert form["left_out"].value() == "22.3.2027"
    assert cohort.sessions.count() == 3


def test_the_preview_says_already_what_is_in_the_way(office):
    cohort = CohortFactory.create()
    office.post(page("sessions-create", cohort.code), weekly(make="1", count="1"))

    response = office.post(page("sessions-create", cohort.code), weekly(preview="1"))

    assert len(response.context["form"].non_field_errors()) == 1
    assert len(response.context["plan"].sessions) == 3


def test_more_sessions_are_proposed_after_the_last_one(office):
    session = SessionFactory.create()

    form = office.get(page("sessions-create", session.cohort.code)).context["form"]

    assert form.initial["first_on"] == session.cohort.ends_on + timedelta(weeks=1)


def test_a_taken_venue_asks_for_a_tick_and_then_goes_on(office):
    venue = VenueFactory.create()
    SessionFactory.create(cohort__venue=venue, starts_at=at_wall_time(date(2027, 3, 15), time(10)))
    cohort = CohortFactory.create(venue=venue)
    url = page("sessions-create", cohort.code)

    asked = office.post(url, weekly(make="1", venue=venue.pk))
    sessions_meanwhile = cohort.sessions.count()
    office.post(url, weekly(make="1", venue=venue.pk, confirmed="on"))

    assert 'name="confirmed"' in asked.content.decode()
    assert (sessions_meanwhile, cohort.sessions.count()) == (0, 3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"count": "0"}, "count"),
        ({"count": "1000"}, "count"),
        ({"ends": "9:00"}, "ends"),
        ({"left_out": "soon"}, "left_out"),
        ({"first_on": ""}, "first_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office, changes, field):
    cohort = CohortFactory.create()

    response = office.post(page("sessions-create", cohort.code), weekly(make="1", **changes))

    assert set(response.context["form"].errors) == {field}
    assert not Session.objects.exists()


def one(session, **changes):
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        "day": f"{starts:%Y-%m-%d}",
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "lessons": session.lessons,
        "seen": session.schedule_revision,
        **changes,
    }


def test_a_session_is_moved(office):
    session = SessionFactory.create()

    office.post(page("sessions-move", session.pk), one(session, day="1.6.2027", starts="14.00", ends="16.00"))

    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).strftime("%d.%m.%Y %H:%M") == "01.06.2027 14:00"
    assert session.schedule_revision == 2


def test_a_session_moved_meanwhile_is_not_moved_again(office):
    session = SessionFactory.create()
    stale = one(session, starts="14:00", ends="16:00")
    Session.objects.update(schedule_revision=2)

    response = office.post(page("sessions-move", session.pk), stale)

    assert response.context["form"].non_field_errors()[0].startswith("Somebody else moved this session meanwhile.")
    assert Session.objects.get().starts_at == session.starts_at


def test_one_session_is_added_with_its_modules(office):
    module = ModuleFactory.create()
    cohort = CohortFactory.create(course=module.course)
    data = {"day": "2027-06-01", "starts": "10", "ends": "12", "lessons": "2", "modules": [module.pk]}

    office.post(page("sessions-add", cohort.code), data)

    assert [(session.lessons, list(session.modules.all())) for session in cohort.sessions.all()] == [(2, [module])]


def test_a_session_is_cancelled_after_asking_and_held_after_all(office):
    session = SessionFactory.create()
    url = page("sessions-cancel", session.pk)
    office.get(url)
    state_after_asking = Session.objects.get().state

    office.post(url)
    state_after_cancelling = Session.objects.get().state
    office.post(page("sessions-restore", session.pk))

    assert state_after_asking == SessionState.PLANNED
    assert (state_after_cancelling, Session.objects.get().state) == (SessionState.CANCELLED, SessionState.PLANNED)


def test_a_marked_session_is_not_cancelled(office):
    session = SessionFactory.create(marked_at=timezone.now())

    response = office.post(page("sessions-cancel", session.pk))

    assert response.context["reasons"] == ["The register of this session is marked, so it stays as it is."]
