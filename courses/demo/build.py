"""Fills an empty database with the demo, in bulk. The same numbers on the same day give the same demo."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked, RoleName
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, District, Person, RoleGrant
from accounts.services.search import add_search_words
from courses.catalogue.enums import Assessment, Declaration
from courses.catalogue.models import Centre, Course, Module
from courses.catalogue.readers import SAMPLES, parse_course, read_course
from courses.catalogue.rules import CompletionRule
from courses.catalogue.services.courses import create_course, set_completion_rule, set_modules
from courses.certifying.services import issue_certificates, revoke_certificate
from courses.demo import texts
from courses.demo.contacts import make_contacts
from courses.demo.messages import make_history
from courses.demo.names import DISTRICTS
from courses.demo.people import LEARNER, MENTOR, STAFF, Codes, demo_person, invented_people
from courses.demo.plans import REASONS, CohortPlan, attendance_of, cohort_plans, fates
from courses.demo.queue import give_application_codes, make_likely_pair, make_queue, make_update_day
from courses.enrolling.enums import SEAT_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.enums import CAME_STATES, AttendanceState, CompletionState, Result, ResultSource
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit

DAY = datetime.timedelta(days=1)
COHORTS_AT_A_TIME = 200
# Attendance is made for the first cohorts only when there are very many: a benchmark of enrollments needs no 9 million marks.
COHORTS_WITH_ATTENDANCE = 500
Progress = Callable[[int], object]


@dataclass
class Demo:
    """What is known while the demo is made. `pools` give the next person of a language who has had no group yet."""

    random: Random
    now: datetime.datetime
    courses: dict[str, Course]
    modules: dict[str, list[Module]]
    venues: list[Venue]
    staff: dict[str, Person]
    learner: Person
    mentor: Person
    pools: dict[str, Iterator[Person]]
    certified: set[tuple[int, int]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Rows:
    """Rows of one batch of cohorts, saved model by model."""

    sessions: list[tuple[Session, list[Module]]] = field(default_factory=list)
    enrollments: list[Enrollment] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)
    results: list[ModuleResult] = field(default_factory=list)
    assessments: list[AssessmentResult] = field(default_factory=list)
    declarations: list[SignedDeclaration] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    entries: list[AuditEntry] = field(default_factory=list)


@transaction.atomic
def load_demo(*, people: int, cohorts: int, seed: int, progress: Progress = lambda done: None) -> dict[str, int]:
    """Makes the demo and returns how many rows of each kind there are. `progress` hears of each cohort that is done.

    Raises RuleError on a database that holds people already, real or invented.
    """
    if Person.objects.exists():
        raise RuleError([_("There are people in this database already. The demo is loaded into an empty one only.")])
    now = timezone.now()
    demo = _foundation(Random(seed), now, people)
    minutes = {
        code: [45 * module.lessons + 15 for module in modules if module.lessons]
        for code, modules in demo.modules.items()
    }
    plans = cohort_plans(demo.random, cohorts, timezone.localdate(now), minutes)
    while batch := list(islice(plans, COHORTS_AT_A_TIME)):
        _make_cohorts(demo, batch, progress)
    _issue(demo)
    _mentor_visits(demo)
    make_update_day(by=demo.staff["coordinator"], now=now)
    make_queue(by=demo.staff["coordinator"], now=now)
    make_likely_pair(by=demo.staff["coordinator"], now=now)
    give_application_codes()
    make_contacts(learner=demo.learner, by=demo.staff["coordinator"], now=now)
    make_history(demo.random, now)
    return {
        model._meta.model_name or "": model._default_manager.count()
        for model in (Person, Course, Cohort, Session, Enrollment, Attendance, Completion, Visit)
    }


def _foundation(random: Random, now: datetime.datetime, count: int) -> Demo:
    Centre.objects.create(pk=1, **texts.CENTRE)
    districts = District.objects.bulk_create([District(name=name) for name in DISTRICTS])
    by_name = {district.name: district for district in districts}
    venues = Venue.objects.bulk_create(
        [
            Venue(
                name=name,
                street=street,
                postal_code=postal_code,
                city="Espoo",
                district=by_name[district],
                **{f"directions_{language}": words for language, words in texts.DIRECTIONS.items()},
            )
            for name, street, postal_code, district in texts.VENUES
        ]
    )
    codes, long_ago = Codes(random, set()), now - 900 * DAY
    staff = {person[3]: demo_person(codes, *person, created=long_ago) for person in STAFF}
    learner, mentor = (demo_person(codes, *person, created=long_ago) for person in (LEARNER, MENTOR))
    rest = max(0, count - len(staff) - 2)
    crowd = invented_people(random, codes, districts, rest, timezone.localdate(now), long_ago)
    everybody = [*staff.values(), learner, mentor, *crowd]
    Person.objects.bulk_create(everybody, batch_size=2000)
    add_search_words(everybody)
    _give_roles(staff)
    courses = {course.code: course for course in _courses(staff["coordinator"])}
    modules: dict[str, list[Module]] = {code: [] for code in courses}
    for module in Module.objects.select_related("course").order_by("course", "order"):
        modules[module.course.code].append(module)
    return Demo(
        random=random,
        now=now,
        courses=courses,
        modules=modules,
        venues=venues,
        staff=staff,
        learner=learner,
        mentor=mentor,
        pools={
            language: cycle([p for p in crowd if p.language == language] or crowd or [learner])
            for language in ("fi", "sv", "en")
        },
    )


def _give_roles(staff: dict[str, Person]) -> None:
    roles = {
        "coordinator": RoleName.COORDINATOR,
        "trainer": RoleName.TRAINER,
        "trainer2": RoleName.TRAINER,
        "trainer3": RoleName.TRAINER,
        "viewer": RoleName.VIEWER,
        "admin": RoleName.ADMINISTRATOR,
    }
    RoleGrant.objects.bulk_create([RoleGrant(person=staff[local], role=role) for local, role in roles.items()])


def _courses(by: Person) -> Iterator[Course]:
    act = Act(by=by, via=HowAsked.DESK, at=timezone.now())
    described = [
        read_course(SAMPLES / "aim.json"),
        *(parse_course(_described(course)) for course in texts.OTHER_COURSES),
    ]
    for description in described:
        course = create_course(act=act, **description.fields)
        set_modules(course=course, modules=description.modules, act=act)
        yield set_completion_rule(course=course, rule=description.rule, act=act)


def _described(course: dict[str, Any]) -> dict[str, Any]:
    """One of texts.OTHER_COURSES in the shape of samples/aim.json. Every module is to be attended."""
    return {
        "code": course["code"],
        "format": course["format"],
        "title": _by_language(course["title"]),
        "summary": _by_language(course["summary"]),
        "valid_months": course["valid_months"],
        "capacity": {"minimum": course["minimum"], "maximum": course["capacity"]},
        "modules": [
            {"code": code, "lessons": lessons, "title": _by_language(title), "mandatory": True}
            for code, lessons, title in course["modules"]
        ],
        "completion_rule": {
            "lesson_share": 0.75,
            "counted_modules": [module[0] for module in course["modules"]],
            "most_made_up_modules": 1,
        },
    }


def _by_language(words: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("fi", "sv", "en"), words, strict=True))


def _make_cohorts(demo: Demo, plans: list[CohortPlan], progress: Progress) -> None:
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
        _enrollments(demo, plan, cohort, [session for session, _modules in sessions], rows)
        progress(1)
    _save(rows)


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
        words = _by_language(texts.OTHER_COHORT_NAMES[plan.course])
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
    modules = [module for module in demo.modules[plan.course] if module.lessons]
    last_held = max((n for n, meeting in enumerate(plan.meetings) if meeting.ends_at < demo.now), default=-1)
    made = []
    for number, (meeting, module) in enumerate(zip(plan.meetings, modules, strict=True)):
        # The newest session of one running cohort waits for its marks.
        held = number <= last_held and not (plan.number == 13 and number == last_held)
        made.append(
            (
                Session(
                    cohort=cohort,
                    number=number + 1,
                    starts_at=meeting.starts_at,
                    ends_at=meeting.ends_at,
                    lessons=module.lessons,
                    state=SessionState.HELD if held else SessionState.PLANNED,
                    register_version=int(held),
                    marked_at=meeting.ends_at if held else None,
                    marked_by=trainer if held else None,
                ),
                [module],
            )
        )
    return made


def _enrollments(demo: Demo, plan: CohortPlan, cohort: Cohort, sessions: list[Session], rows: Rows) -> None:
    held = [session for session in sessions if session.state == SessionState.HELD]
    drawn = fates(demo.random, plan)
    opens = timezone.make_aware(datetime.datetime.combine(plan.starts_on - 60 * DAY, datetime.time(9)))
    applied_at = opens = min(opens, demo.now - 20 * DAY)
    # Nobody applies tomorrow.
    longest = int((demo.now - opens) / datetime.timedelta(minutes=1)) // (len(drawn) + 1)
    queue = 0
    for position, fate in enumerate(drawn):
        person = _person(demo, plan, position)
        if person is demo.mentor:
            fate = EnrollmentState.COMPLETED
        applied_at += datetime.timedelta(minutes=min(demo.random.randint(30, 2000), longest))
        applied_at = min(applied_at, demo.now - datetime.timedelta(minutes=len(drawn) - position))
        enrollment = Enrollment(
            cohort=cohort,
            person=person,
            state=fate,
            how_asked=demo.random.choices(
                [HowAsked.WEB, HowAsked.PHONE, HowAsked.DESK, HowAsked.LETTER], [45, 38, 12, 5]
            )[0],
            applied_at=applied_at,
        )
        if fate == EnrollmentState.WAITLISTED:
            queue += 1
            enrollment.queue_number = queue
        states: list[AttendanceState | None] = []
        if plan.number < COHORTS_WITH_ATTENDANCE:
            must, need = _must(plan.course, len(sessions))
            states = attendance_of(demo.random, fate, len(sessions), len(held), must, need)
        came = [session for session, state in zip(sessions, states, strict=False) if state in CAME_STATES]
        _set_times(demo, plan, enrollment, came)
        rows.enrollments.append(enrollment)
        _steps(demo, enrollment, rows)
        _marks(demo, plan, enrollment, sessions, states, rows)
    cohort.seats_taken = sum(fate in SEAT_STATES for fate in drawn)
    cohort.queue_last = queue


def _must(course: str, sessions: int) -> tuple[set[int], int]:
    """Positions of the sessions that a completed person attended, and how many at least."""
    return ({3, 4, 6}, 7) if course == "AIM" else (set(), sessions)


def _person(demo: Demo, plan: CohortPlan, position: int) -> Person:
    if plan.number == 12 and position == 2:
        return demo.learner
    if plan.number == 5 and position == 3:
        return demo.mentor
    return next(demo.pools[plan.language])


def _set_times(demo: Demo, plan: CohortPlan, enrollment: Enrollment, came: list[Session]) -> None:
    state, applied_at = enrollment.state, enrollment.applied_at
    if state not in (EnrollmentState.WAITLISTED, EnrollmentState.DECLINED):
        enrollment.admitted_at = applied_at
    if came:
        enrollment.started_at = came[0].starts_at
    ended = {
        EnrollmentState.COMPLETED: plan.meetings[-1].ends_at + 2 * DAY,
        EnrollmentState.NOT_COMPLETED: plan.meetings[-1].ends_at + 6 * DAY,
        EnrollmentState.NO_SHOW: plan.meetings[-1].ends_at + 3 * DAY,
        EnrollmentState.DECLINED: plan.meetings[0].starts_at + DAY,
        EnrollmentState.WITHDRAWN: came[-1].ends_at + 3 * DAY if came else plan.meetings[0].starts_at - 2 * DAY,
    }.get(EnrollmentState(state))
    if ended:
        enrollment.ended_at = min(max(ended, applied_at + DAY), demo.now)
    if state == EnrollmentState.WITHDRAWN:
        enrollment.reason = demo.random.choices(list(REASONS), list(REASONS.values()))[0]
    enrollment.state_changed_at = enrollment.ended_at or enrollment.started_at or applied_at


def _steps(demo: Demo, enrollment: Enrollment, rows: Rows) -> None:
    """The transitions that led to the enrollment's state, and one audit entry for the enrollment."""
    by = demo.staff["coordinator"]
    path: list[tuple[str, datetime.datetime]] = [(EnrollmentState.APPLIED, enrollment.applied_at)]
    if enrollment.admitted_at:
        path.append((EnrollmentState.ENROLLED, enrollment.admitted_at))
    else:
        path.append((EnrollmentState.WAITLISTED, enrollment.applied_at))
    if enrollment.started_at:
        path.append((EnrollmentState.ACTIVE, enrollment.started_at))
    if enrollment.ended_at:
        path.append((enrollment.state, enrollment.ended_at))
    before = ""
    for state, at in path:
        rows.transitions.append(
            Transition(
                enrollment=enrollment,
                from_state=before,
                to_state=state,
                at=at,
                by=by,
                how_asked=enrollment.how_asked,
                reason=enrollment.reason if state == EnrollmentState.WITHDRAWN else "",
            )
        )
        before = state
    rows.entries.append(
        AuditEntry(
            at=enrollment.applied_at,
            by=by,
            action="enrollment.create",
            subject=enrollment.person,
            object_type="enrollment",
            detail={"cohort": enrollment.cohort.code, "state": path[1][0], "how_asked": enrollment.how_asked},
        )
    )


def _marks(
    demo: Demo,
    plan: CohortPlan,
    enrollment: Enrollment,
    sessions: list[Session],
    states: list[AttendanceState | None],
    rows: Rows,
) -> None:
    modules = [module for module in demo.modules[plan.course] if module.lessons]
    made_up = 0
    for session, module, state in zip(sessions, modules, states, strict=False):
        if state is None:
            continue
        lessons = _lessons(state, session.lessons)
        rows.attendances.append(
            Attendance(
                enrollment=enrollment,
                session=session,
                state=state,
                lessons=lessons,
                marked_at=session.ends_at,
                marked_by=session.marked_by,
            )
        )
        absent = state not in CAME_STATES
        if absent and (enrollment.state != EnrollmentState.COMPLETED or made_up or module.mandatory):
            continue
        made_up += absent
        rows.results.append(
            ModuleResult(
                enrollment=enrollment,
                module=module,
                result=Result.PASSED,
                made_up=absent,
                source=ResultSource.HAND if absent else ResultSource.ATTENDANCE,
                recorded_on=timezone.localdate(session.ends_at),
                recorded_at=session.ends_at,
                recorded_by=session.marked_by,
            )
        )
    if enrollment.state == EnrollmentState.COMPLETED and states:
        _completion(demo, plan, enrollment, rows)


def _lessons(state: AttendanceState, lessons: int) -> int:
    if state not in CAME_STATES:
        return 0
    return lessons if state == AttendanceState.PRESENT else max(0, lessons - 1)


def _completion(demo: Demo, plan: CohortPlan, enrollment: Enrollment, rows: Rows) -> None:
    last = plan.meetings[-1].ends_at
    assert enrollment.ended_at is not None
    recorded = {"recorded_on": timezone.localdate(last), "recorded_at": last, "recorded_by": demo.staff["trainer"]}
    course = demo.courses[plan.course]
    rule = CompletionRule.from_json(course.completion_rule)
    rows.assessments += [
        AssessmentResult(enrollment=enrollment, assessment=Assessment(code), result=Result.PASSED, **recorded)
        for code in rule.assessments
    ]
    rows.declarations += [
        SignedDeclaration(enrollment=enrollment, declaration=Declaration(code), **recorded)
        for code in rule.declarations
    ]
    for number in range(rule.practice.visits):
        rows.visits.append(
            Visit(
                person=enrollment.person,
                enrollment=enrollment,
                visited_on=timezone.localdate(last) - (number + 1) * 5 * DAY,
                minutes=max(45, -(-rule.practice.minutes // rule.practice.visits)),
                people_helped=demo.random.randint(1, 3),
                place=demo.venues[number % len(demo.venues)].name,
                supervised=number >= rule.practice.visits - rule.practice.supervised_visits,
                how_asked=HowAsked.DESK,
                recorded_at=last,
                recorded_by=demo.staff["trainer"],
            )
        )
    rows.completions.append(
        Completion(
            enrollment=enrollment,
            state=CompletionState.DECIDED,
            proposed_at=last + DAY,
            proposed_by=demo.staff["trainer"],
            decided_at=enrollment.ended_at,
            decided_by=demo.staff["coordinator"],
            rule=course.completion_rule,
            figures={},
        )
    )


def _save(rows: Rows) -> None:
    Session.objects.bulk_create([session for session, _modules in rows.sessions], batch_size=500)
    through = Session.modules.through
    through.objects.bulk_create(
        [
            through(session_id=session.pk, module_id=module.pk)
            for session, modules in rows.sessions
            for module in modules
        ],
        batch_size=2000,
    )
    Enrollment.objects.bulk_create(rows.enrollments, batch_size=500)
    for entry in zip(rows.entries, rows.enrollments, strict=True):
        entry[0].object_id = entry[1].pk
    made: list[Iterable[models.Model]] = [
        rows.transitions,
        rows.attendances,
        rows.results,
        rows.assessments,
        rows.declarations,
        rows.completions,
        rows.visits,
        rows.entries,
    ]
    for things in made:
        kept = list(things)
        if kept:
            type(kept[0])._default_manager.bulk_create(kept, batch_size=1000)
    Cohort.objects.bulk_update({e.cohort for e in rows.enrollments}, ["seats_taken", "queue_last"], batch_size=200)


def _issue(demo: Demo) -> None:
    """Certificates of every decided completion but those of the newest finished AIM cohort; one is revoked."""
    newest = Cohort.objects.filter(course=demo.courses["AIM"], state=CohortState.FINISHED).order_by("-ends_on")[:1]
    completions = (
        Completion.objects.filter(enrollment__cohort__course__valid_months__isnull=False)
        .exclude(enrollment__cohort__in=list(newest))
        .select_related("enrollment__person", "enrollment__cohort__course")
        .order_by("decided_at", "pk")
    )
    by_day: dict[datetime.datetime, list[Completion]] = {}
    for completion in completions:
        key = (completion.enrollment.person_id, completion.enrollment.cohort.course_id)
        if key not in demo.certified:
            demo.certified.add(key)
            assert completion.decided_at is not None
            by_day.setdefault(completion.decided_at + 3 * DAY, []).append(completion)
    issued = [
        certificate
        for at, group in by_day.items()
        for certificate in issue_certificates(
            completions=group, act=Act(by=demo.staff["coordinator"], via=HowAsked.DESK, at=at)
        )
    ]
    for certificate in issued[30:31]:
        revoke_certificate(
            certificate=certificate,
            reason="Esittely: todistus annettiin väärälle henkilölle",
            act=Act(by=demo.staff["admin"], via=HowAsked.DESK, at=certificate.issued_at + 20 * DAY),
        )


def _mentor_visits(demo: Demo) -> None:
    """Most mentors help now and then; some have been quiet for months."""
    today = timezone.localdate(demo.now)
    people = Person.objects.filter(mentor__isnull=False).order_by("pk")[:5000]
    visits = []
    for person in people:
        quiet = demo.random.random() < 0.2 and person != demo.mentor
        for _number in range(demo.random.randint(1, 12)):
            day = today - demo.random.randint(95 if quiet else 1, 360) * DAY
            visits.append(
                Visit(
                    person=person,
                    visited_on=day,
                    minutes=demo.random.choice([30, 45, 60, 90, 120]),
                    people_helped=demo.random.randint(1, 4),
                    place=demo.random.choice(demo.venues).name,
                    how_asked=demo.random.choice([HowAsked.WEB, HowAsked.PHONE]),
                    recorded_at=demo.now,
                    recorded_by=person,
                )
            )
    Visit.objects.bulk_create(visits, batch_size=1000)
