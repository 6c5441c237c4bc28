from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Language
from accounts.exceptions import RuleError, StaleEdit
from accounts.models import AuditEntry
from courses.dates.calendar import at_wall_time
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.scheduling.selectors.sessions import WantedSessions, plan_sessions
from courses.scheduling.services.sessions import (
    SessionData,
    add_session,
    cancel_session,
    make_sessions,
    move_session,
    restore_session,
)
from tests.acts import act
from tests.factories import (
    CentreFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TUESDAY = date(2027, 1, 12)


def plan(cohort, **changes):
    wanted = {"first_on": TUESDAY, "weekdays": [1], "starts": time(10), "ends": time(13), "count": 3, **changes}
    return plan_sessions(cohort, WantedSessions(**wanted))


def at(day, hour=10):
    return at_wall_time(day, time(hour))


def add(cohort, by, day=TUESDAY, hour=10, confirmed=False, **changes):
    data = SessionData(starts_at=at(day, hour), ends_at=at(day, hour + 3), **changes)
    return add_session(cohort=cohort, data=data, act=act(by), confirmed=confirmed)


def test_make_sessions_covers_the_modules_and_moves_the_days_of_the_group(coordinator):
    course = CourseFactory.create()
    ModuleFactory.create(course=course, code="A", order=1, lessons=3)
    ModuleFactory.create(course=course, code="P", order=2, lessons=0, kind="practice")
    ModuleFactory.create(course=course, code="B", order=3, lessons=2)
    cohort = CohortFactory.create(course=course)

    sessions = make_sessions(cohort=cohort, plan=plan(cohort, count=2), act=act(coordinator), venue=cohort.venue)

    assert [
        (session.number, session.starts_at, [module.code for module in session.modules.all()], session.lessons)
        for session in sessions
    ] == [
        (1, datetime(2027, 1, 12, 8, tzinfo=UTC), ["A"], 3),
        (2, datetime(2027, 1, 19, 8, tzinfo=UTC), ["B"], 2),
    ]
    cohort.refresh_from_db()
    assert (cohort.starts_on, cohort.ends_on) == (TUESDAY, date(2027, 1, 19))
    assert AuditEntry.objects.get().action == "session.make"


def test_make_sessions_keeps_the_clock_over_the_change_to_summer_time(coordinator):
    cohort = CohortFactory.create()

    sessions = make_sessions(
        cohort=cohort, plan=plan(cohort, first_on=date(2027, 3, 23), count=2), act=act(coordinator)
    )

    assert [session.starts_at.astimezone(UTC).hour for session in sessions] == [8, 7]
    assert [timezone.localtime(session.starts_at).hour for session in sessions] == [10, 10]


def test_sessions_without_modules_take_their_lessons_from_their_length(coordinator):
    cohort = CohortFactory.create()

    sessions = make_sessions(cohort=cohort, plan=plan(cohort, count=1), act=act(coordinator))

    assert [session.lessons for session in sessions] == [4]


def test_make_sessions_twice_refuses_the_second_time_whole(coordinator):
    cohort = CohortFactory.create()
    make_sessions(cohort=cohort, plan=plan(cohort), act=act(coordinator))

    with pytest.raises(RuleError) as refused:
        make_sessions(cohort=cohort, plan=plan(cohort, count=5), act=act(coordinator))

    assert refused.value.code == "overlap"
    assert refused.value.reasons[0] == (
        "The group has a session already: Tuesday 12\N{NO-BREAK SPACE}January, "
        "10:00\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}13:00."
    )
    assert Session.objects.count() == 3


def test_a_taken_venue_is_a_warning_that_may_be_overruled(coordinator):
    venue = VenueFactory.create()
    taken = CohortFactory.create(venue=venue, name_en="The others")
    add(taken, coordinator, venue=None)
    cohort = CohortFactory.create(venue=venue)

    with pytest.raises(RuleError) as refused:
        make_sessions(cohort=cohort, plan=plan(cohort), act=act(coordinator), venue=venue)

    assert refused.value.code == "elsewhere"
    assert refused.value.reasons[0].startswith("The venue is taken: The others")
    assert len(make_sessions(cohort=cohort, plan=plan(cohort), act=act(coordinator), venue=venue, confirmed=True)) == 3


def test_a_taken_trainer_is_a_warning_too(coordinator, trainer):
    add(CohortFactory.create(trainers=[trainer]), coordinator, hour=12)
    cohort = CohortFactory.create(trainers=[trainer])

    with pytest.raises(RuleError) as refused:
        add(cohort, coordinator)

    assert refused.value.code == "elsewhere"
    assert refused.value.reasons[0].startswith("The trainer is taken")


@pytest.mark.parametrize("state", [CohortState.FINISHED, CohortState.CLOSED, CohortState.CANCELLED])
def test_a_group_that_is_over_gets_no_sessions(coordinator, state):
    cohort = CohortFactory.create(state=state)

    with pytest.raises(RuleError) as refused:
        add(cohort, coordinator)

    assert refused.value.code == "not_editable"


def test_numbers_run_with_time_whatever_the_order_of_adding(coordinator):
    cohort = CohortFactory.create()
    later = add(cohort, coordinator, TUESDAY + timedelta(days=7))
    earlier = add(cohort, coordinator)

    later.refresh_from_db()
    assert (earlier.number, later.number) == (1, 2)


def test_cancelled_sessions_give_their_number_away_and_get_it_back(coordinator):
    cohort = CohortFactory.create()
    first, second = make_sessions(cohort=cohort, plan=plan(cohort, count=2), act=act(coordinator))

    cancel_session(session=first, act=act(coordinator))
    second.refresh_from_db()
    number_meanwhile = second.number
    restored = restore_session(session=first, act=act(coordinator))

    assert (number_meanwhile, restored.number, restored.state) == (1, 1, SessionState.PLANNED)


def test_restoring_into_a_time_that_is_taken_is_refused(coordinator):
    cohort = CohortFactory.create()
    session = add(cohort, coordinator)
    cancel_session(session=session, act=act(coordinator))
    add(cohort, coordinator)

    with pytest.raises(RuleError) as refused:
        restore_session(session=session, act=act(coordinator))

    assert refused.value.code == "overlap"


def test_moving_raises_the_revision_and_widens_the_group(coordinator):
    cohort = CohortFactory.create()
    session = add(cohort, coordinator, date(2027, 2, 2))

    moved = move_session(
        session=session, data=SessionData(at(date(2027, 8, 3)), at(date(2027, 8, 3), 13)), act=act(coordinator)
    )

    assert moved.schedule_revision == 2
    assert Cohort.objects.get(pk=cohort.pk).ends_on == date(2027, 8, 3)


def test_changing_the_content_alone_is_no_move(coordinator):
    module = ModuleFactory.create()
    session = add(CohortFactory.create(course=module.course), coordinator)

    changed = move_session(
        session=session,
        data=SessionData(session.starts_at, session.ends_at, modules=[module], lessons=5),
        act=act(coordinator),
    )

    assert (changed.schedule_revision, changed.lessons, list(changed.modules.all())) == (1, 5, [module])


def test_moving_on_a_stale_form_says_where_it_stands_now(coordinator):
    session = add(CohortFactory.create(), coordinator)
    move_session(session=session, data=SessionData(at(TUESDAY, 14), at(TUESDAY, 16)), act=act(coordinator))

    with pytest.raises(StaleEdit) as refused:
        move_session(session=session, data=SessionData(at(TUESDAY, 8), at(TUESDAY, 9)), act=act(coordinator), seen=1)

    assert "14:00" in refused.value.reasons[0]


@pytest.mark.parametrize("service", [move_session, cancel_session])
def test_a_marked_register_stays_where_it_is(coordinator, service):
    session = add(CohortFactory.create(), coordinator)
    Session.objects.update(marked_at=timezone.now())
    times = {"data": SessionData(at(TUESDAY, 14), at(TUESDAY, 16))} if service is move_session else {}

    with pytest.raises(RuleError) as refused:
        service(session=session, act=act(coordinator), **times)

    assert refused.value.code == "marked"


def test_a_session_cannot_end_before_it_starts(coordinator):
    with pytest.raises(RuleError) as refused:
        add_session(
            cohort=CohortFactory.create(), data=SessionData(at(TUESDAY, 13), at(TUESDAY, 10)), act=act(coordinator)
        )

    assert refused.value.code == "ends_before_start"


@pytest.fixture
def reminded(clock, coordinator):
    """A session in nine days, with one planned reminder."""
    CentreFactory.create()
    session = SessionFactory.create(cohort__state=CohortState.CONFIRMED, starts_at=timezone.now() + timedelta(days=9))
    EnrollmentFactory.create(cohort=session.cohort, person__language=Language.FINNISH, state=EnrollmentState.ENROLLED)
    plan_session_reminders(at=timezone.now())
    assert [message.state for message in session.messages.all()] == [MessageState.PENDING]
    return session


def test_moving_cancels_the_old_reminder_and_plans_the_new(reminded, coordinator):
    later = reminded.starts_at + timedelta(days=1)

    move_session(session=reminded, data=SessionData(later, later + timedelta(hours=3)), act=act(coordinator))

    messages = Message.objects.filter(session=reminded).order_by("schedule_revision")
    assert [(message.schedule_revision, message.state) for message in messages] == [
        (1, MessageState.CANCELLED),
        (2, MessageState.PENDING),
    ]


def test_cancelling_cancels_the_reminder_and_restoring_plans_it_anew(reminded, coordinator):
    cancel_session(session=reminded, act=act(coordinator))
    states_meanwhile = list(reminded.messages.values_list("state", flat=True))

    restore_session(session=reminded, act=act(coordinator))

    assert states_meanwhile == [MessageState.CANCELLED]
    assert list(reminded.messages.filter(state=MessageState.PENDING).values_list("schedule_revision", flat=True)) == [3]
