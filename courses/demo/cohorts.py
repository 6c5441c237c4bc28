"""Cohorts of the demo with their sessions, saved a batch at a time with all that happened in them."""

from collections.abc import Callable

from accounts.models import Person
from courses.catalogue.models import Module
from courses.demo import texts
from courses.demo.enrollments import make_enrollments
from courses.demo.plans import CohortPlan
from courses.demo.world import DAY, Demo, Rows, save_rows
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session

Progress = Callable[[int], object]
# The newest session of this running cohort waits for its marks.
AWAITS_MARKS = 13


def make_cohorts(demo: Demo, plans: list[CohortPlan], progress: Progress) -> None:
    rows = Rows()
    cohorts = [_cohort(demo, plan) for plan in plans]
    Cohort.objects.bulk_create(cohorts, batch_size=500)
    trainers = [demo.staff[name] for name in ("trainer", "trainer2", "trainer3")]
    Cohort.trainers.through.objects.bulk_create(
        [
            Cohort.trainers.through(cohort_id=cohort.pk, person_id=_trainer(plan, trainers).pk)
            for plan, cohort in zip(plans, cohorts, strict=True)
        ]
    )
    for plan, cohort in zip(plans, cohorts, strict=True):
        sessions = _sessions(demo, plan, cohort, _trainer(plan, trainers))
        rows.sessions += sessions
        make_enrollments(demo, plan, cohort, [session for session, _modules in sessions], rows)
        progress(1)
    save_rows(rows)


def _trainer(plan: CohortPlan, trainers: list[Person]) -> Person:
    if plan.language == "sv":
        return trainers[1]
    return trainers[0] if plan.number % 2 or plan.number == 12 else trainers[2]


def _cohort(demo: Demo, plan: CohortPlan) -> Cohort:
    course = demo.courses[plan.course]
    first = plan.starts_on
    season = "spring" if first.month < 7 else "autumn"
    key = f"{plan.course}-{first.year}{'K' if season == 'spring' else 'S'}"
    demo.counts[key] = demo.counts.get(key, 0) + 1
    number = demo.counts[key]
    if plan.course == "AIM":
        letter = chr(ord("A") + number - 1) if number <= 26 else str(number)
        name = {language: f"{word} {first.year} {letter}" for language, word in texts.SEASONS[season].items()}
    else:
        words = texts.by_language(texts.OTHER_COHORT_NAMES[plan.course])
        name = {language: f"{word} {first.month}/{first.year}" for language, word in words.items()}
    return Cohort(
        course=course,
        code=f"{key}-{number:02d}",
        language=plan.language,
        state=plan.state,
        starts_on=first,
        ends_on=plan.ends_on,
        applications_open_on=first - 70 * DAY,
        applications_close_on=first - 3 * DAY,
        venue=demo.venues[plan.number % len(demo.venues)],
        capacity=plan.seats,
        minimum=course.minimum,
        **{f"name_{language}": words for language, words in name.items()},
    )


def _sessions(demo: Demo, plan: CohortPlan, cohort: Cohort, trainer: Person) -> list[tuple[Session, list[Module]]]:
    """Those that are over are marked by `trainer`."""
    modules = demo.taught_modules(plan.course)
    held = sum(meeting.ends_at < demo.now for meeting in plan.meetings)
    if plan.number == AWAITS_MARKS:
        held = max(0, held - 1)
    made = []
    for number, (meeting, module) in enumerate(zip(plan.meetings, modules, strict=True), start=1):
        session = Session(
            cohort=cohort,
            number=number,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            lessons=module.lessons,
            state=SessionState.PLANNED,
        )
        if number <= held:
            session.state, session.register_version = SessionState.HELD, 1
            session.marked_at, session.marked_by = meeting.ends_at, trainer
        made.append((session, [module]))
    return made
