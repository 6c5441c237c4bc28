"""Writes a records package that importing.records.readers.packages has read and found whole. What is there already stays as it is."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Channel, HowAsked
from accounts.models import District, Person
from accounts.rules.keys import person_keys
from accounts.services.audit import record_change
from accounts.services.bulk import insert_rows, insert_rows_with_ids, insert_values
from accounts.services.search import add_search_words
from courses.catalogue.models import Course, Module
from courses.certifying.models import Certificate, CertificateSeries, Mentor
from courses.certifying.rules import new_check_code
from courses.enrolling.enums import ADMITTED_STATES, OPEN_STATES, SEAT_STATES, STARTED_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.services.seats import add_seats_taken, take_queue_numbers
from courses.importing.records.exceptions import BadRecords
from courses.importing.records.rules import FILES, Package, ordinals, pick, stages
from courses.importing.records.selectors import Held, HeldCohort, HeldEnrollment, held_records
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.services.locks import lock_cohorts
from courses.teaching.enums import CAME_STATES, CompletionState, Result
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit
from courses.teaching.rules.completion import Progress

CHUNK = 2000
OFFER_HOURS = 72
_OPEN, _SEAT, _STARTED = set(OPEN_STATES), set(SEAT_STATES), set(STARTED_STATES)
_ADMITTED, _CAME = set(ADMITTED_STATES), set(CAME_STATES)


class Import(NamedTuple):
    """One import under way. `held` grows by what is written; `new` counts it by file."""

    package: Package
    held: Held
    by: Person | None
    at: datetime
    new: Counter[str]
    on_rows: Callable[[int], Any]


@dataclass
class Earned:
    """What the package says about one enrollment beside its own row: codes of modules, the first day of any of it."""

    passed: set[str] = field(default_factory=set)
    made_up: set[str] = field(default_factory=set)
    came_on: date = date.max


@transaction.atomic
def import_records(
    *,
    package: Package,
    by: Person | None,
    at: datetime | None = None,
    on_rows: Callable[[int], Any] = lambda rows: None,
) -> dict[str, int]:
    """Adds what is not there yet, all of it or nothing; gives how many rows of each file were new.

    Rows are known again by their codes, enrollments by person, cohort and the how-manieth time, visits by all they say.
    So a second run adds nothing. Each new enrollment gets one transition, each completed one a decided completion.
    Raises BadRecords when a cohort that stands already has too few seats for the new enrollments.
    """
    job = Import(package, held_records(package), by, at or timezone.now(), Counter(), on_rows)
    for file in FILES:
        WRITERS[file.name](job, package.rows[file.name])
    new = {file.name: job.new[file.name] for file in FILES}
    if any(new.values()):
        record_change(by=by, action="records.import", detail={name: count for name, count in new.items() if count})
    return new


def _create(
    job: Import,
    file: str,
    rows: Iterable[Any],
    make: Callable[[Any], Any],
    then: Callable[[Any, Any], Any] | None = None,
    also: Callable[[list[Any]], Any] | None = None,
) -> None:
    """Makes a model of each row and writes them in bulk; `then` meets each row with what was written of it, `also` all
    that was written at once."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        made = [make(row) for row in chunk]
        insert_rows_with_ids(type(made[0]), made)
        job.new[file] += len(made)
        job.on_rows(len(made))
        if also:
            also(made)
        if then:
            for row, thing in zip(chunk, made, strict=True):
                then(row, thing)


def _insert(
    job: Import, file: str, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Plain rows of `columns`, for the long tables."""
    for chunk in _chunks(rows):
        insert_values(model, columns, chunk)
        job.new[file] += len(chunk)
        job.on_rows(len(chunk))


def _noon(on: date | None) -> Any:
    """The time that stands for a day of which records know no more."""
    return timezone.make_aware(datetime.combine(on, time(12))) if on else None


def _pick(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _texts(row: Any, *names: str) -> dict[str, Any]:
    return _pick(row, *(f"{name}_{language}" for name in names for language in ("fi", "sv", "en")))


def _add_courses(job: Import, rows: list[Any]) -> None:
    most_seats: dict[str, int] = defaultdict(lambda: 16)
    for row in job.package.rows["cohorts"]:
        most_seats[row.course] = max(most_seats[row.course], row.capacity)

    def make(row: Any) -> Course:
        return Course(
            **_texts(row, "title", "summary"),
            **_pick(row, "code", "lessons", "valid_months", "format", "makes_mentors", "minimum", "completion_rule"),
            capacity=most_seats[row.code] if row.capacity is None else row.capacity,
        )

    new = [row for row in rows if row.code not in job.held.courses]
    _create(job, "courses", new, make, lambda row, course: job.held.courses.update({row.code: course.pk}))


def _add_modules(job: Import, rows: list[Any]) -> None:
    def make(row: Any) -> Module:
        return Module(
            course_id=job.held.courses[row.course],
            **_texts(row, "title", "description"),
            **_pick(row, "code", "order", "lessons", "mandatory", "kind", "practice_minutes"),
        )

    new = [row for row in rows if (row.course, row.code) not in job.held.modules]
    _create(job, "modules", new, make, lambda row, module: job.held.modules.update({(row.course, row.code): module.pk}))


def _add_venues(job: Import, rows: list[Any]) -> None:
    """The venues of venues.csv, then those that a cohort or session only names; first the districts of venues and people."""
    people = job.package.rows["people"]
    names = {row.district for row in (*rows, *people) if row.district} - job.held.districts.keys()
    districts = District.objects.bulk_create(District(name=name) for name in sorted(names))
    job.held.districts.update({district.name: district.pk for district in districts})

    def make(row: Any) -> Venue:
        return Venue(
            **_pick(row, "name", "street", "postal_code", "city"),
            **_texts(row, "directions"),
            district_id=job.held.districts.get(row.district),
        )

    new = [row for row in rows if row.name not in job.held.venues]
    _create(job, "venues", new, make, lambda row, venue: job.held.venues.update({row.name: venue.pk}))
    named = {row.venue for file in ("cohorts", "sessions") for row in job.package.rows[file] if row.venue}
    others = Venue.objects.bulk_create(Venue(name=name) for name in sorted(named - job.held.venues.keys()))
    job.held.venues.update({venue.name: venue.pk for venue in others})


def _add_people(job: Import, rows: list[Any]) -> None:
    def make(row: Any) -> Person:
        telling = _pick(row, "first_name", "last_name", "birth_year")
        return Person(
            **telling,
            **person_keys(**telling),
            **_pick(row, "code", "phone", "email", "gender", "language", "street", "postal_code", "city"),
            **_pick(row, "second_channel", "state", "protected"),
            channel=row.channel or _likely_channel(row),
            district_id=job.held.districts.get(row.district),
            password=make_password(None),
            created_at=job.at,
        )

    new = [row for row in rows if row.code not in job.held.people]
    _create(
        job,
        "people",
        new,
        make,
        lambda row, person: job.held.people.update({row.code: person.pk}),
        also=add_search_words,
    )


def _likely_channel(row: Any) -> str:
    if row.email:
        return Channel.EMAIL
    return Channel.CALL if row.phone else Channel.LETTER


def _add_cohorts(job: Import, rows: list[Any]) -> None:
    trainers: list[Any] = []

    def make(row: Any) -> Cohort:
        return Cohort(
            course_id=job.held.courses[row.course],
            venue_id=job.held.venues.get(row.venue),
            **_texts(row, "name", "notice"),
            **_pick(row, "code", "language", "state", "starts_on", "ends_on", "capacity", "minimum", "remote_link"),
            **_pick(row, "applications_open_on", "applications_close_on", "waiting_list_capacity"),
            state_changed_at=job.at,
        )

    def keep(row: Any, cohort: Cohort) -> None:
        job.held.cohorts[row.code] = HeldCohort(cohort.pk, row.course, row.starts_on, row.ends_on)
        trainers.extend((cohort.pk, job.held.people[code]) for code in row.trainers)

    _create(job, "cohorts", [row for row in rows if row.code not in job.held.cohorts], make, keep)
    through = Cohort.trainers.through
    through.objects.bulk_create(through(cohort_id=cohort, person_id=person) for cohort, person in trainers)


def _add_enrollments(job: Import, rows: list[Any]) -> None:
    """Enrollments with their seats, queue, transition and, where it was reached, completion."""
    held = job.held
    before = {key: len(found) for key, found in held.enrollments.items()}
    numbered = zip(rows, ordinals((row.cohort, row.person) for row in rows), strict=True)
    new = [(row, ordinal) for row, ordinal in numbered if ordinal > before.get((row.cohort, row.person), 0)]
    queue = _take_seats(job, [row for row, _ordinal in new])
    earned = _earned(job)
    rules = dict(Course.objects.filter(pk__in=held.courses.values()).values_list("code", "completion_rule"))

    def make(pair: Any) -> Enrollment:
        row, ordinal = pair
        return _enrollment(job, row, earned.get((row.cohort, row.person, ordinal)), queue.get(row.line))

    def keep(pair: Any, enrollment: Enrollment) -> None:
        row, ordinal = pair
        held.enrollments[row.cohort, row.person].append(HeldEnrollment(enrollment.pk, row.state in _OPEN))
        moves.append(_transition(job, enrollment))
        if row.state == EnrollmentState.COMPLETED or row.completion:
            rule = rules[held.cohorts[row.cohort].course]
            completions.append(_completion(row, enrollment, earned.get((row.cohort, row.person, ordinal)), rule))

    for chunk in _chunks(new):
        moves: list[Transition] = []
        completions: list[Completion] = []
        _create(job, "enrollments", chunk, make, keep)
        insert_rows(Transition, moves)
        insert_rows(Completion, completions)


def _take_seats(job: Import, rows: list[Any]) -> dict[int, int]:
    """Locks the cohorts that get somebody, takes their seats and queue numbers; gives queue numbers by line."""
    cohorts = lock_cohorts(job.held.cohorts[code].pk for code in {row.cohort for row in rows})
    taken = Counter(row.cohort for row in rows if row.state in _SEAT)
    waiting = defaultdict(list)
    for row in rows:
        if row.state == EnrollmentState.WAITLISTED:
            waiting[row.cohort].append(row)
    numbers = {}
    for code in sorted(taken.keys() | waiting.keys()):
        cohort = cohorts[job.held.cohorts[code].pk]
        if cohort.seats_taken + taken[code] > cohort.capacity:
            raise BadRecords(
                [
                    _(
                        "enrollments.csv: more people get a place in %(cohort)s (%(new)d) than there are free seats (%(free)d)."
                    )
                    % {"cohort": code, "free": cohort.free_seats, "new": taken[code]}
                ]
            )
        add_seats_taken(cohort, taken[code])
        in_order = sorted(waiting[code], key=lambda row: (row.queue_number or 0, row.line))
        if in_order:
            places = take_queue_numbers(cohort, len(in_order))
            numbers.update({row.line: place for row, place in zip(in_order, places, strict=True)})
    return numbers


def _earned(job: Import) -> dict[tuple[str, str, int], Earned]:
    """What the package holds of results and attendance, by cohort, person and the how-manieth enrollment."""
    last = Counter((row.cohort, row.person) for row in job.package.rows["enrollments"])
    earned: dict[tuple[str, str, int], Earned] = defaultdict(Earned)

    def came(cohort: str, row: Any, on: date) -> Earned:
        found = earned[cohort, row.person, row.enrollment or last[cohort, row.person]]
        found.came_on = min(found.came_on, on)
        return found

    for row in job.package.rows["completions"]:
        found = came(row.cohort, row, row.recorded_on)
        if row.result == Result.PASSED:
            found.passed.add(row.module)
        if row.made_up:
            found.made_up.add(row.module)
    days = {(row.cohort, row.number): timezone.localdate(row.starts_at) for row in job.package.rows["sessions"]}
    for row in job.package.rows["attendance"]:
        if row.state in _CAME and (row.cohort, row.session) in days:
            came(row.enrolled_in or row.cohort, row, days[row.cohort, row.session])
    return earned


def _enrollment(job: Import, row: Any, earned: Earned | None, queue_number: int | None) -> Enrollment:
    cohort = job.held.cohorts[row.cohort]
    passed = stages(
        row,
        came_on=earned.came_on if earned else None,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        admitted=row.state in _ADMITTED,
        starts=row.state in _STARTED,
        closed=row.state not in _OPEN,
    )
    offered = row.state == EnrollmentState.OFFERED
    return Enrollment(
        cohort_id=cohort.pk,
        person_id=job.held.people[row.person],
        **_pick(row, "state", "how_asked", "reason"),
        applied_at=_noon(row.applied_on),
        admitted_at=_noon(passed.admitted_on),
        started_at=_noon(passed.started_on),
        ended_at=_noon(passed.ended_on),
        queue_number=queue_number,
        offer_expires_at=(row.offer_expires_at or job.at + timedelta(hours=OFFER_HOURS)) if offered else None,
        state_changed_at=_noon(passed.ended_on or passed.started_on or passed.admitted_on or row.applied_on),
    )


def _transition(job: Import, enrollment: Enrollment) -> Transition:
    return Transition(
        enrollment=enrollment,
        to_state=enrollment.state,
        at=enrollment.state_changed_at,
        by=job.by,
        how_asked=HowAsked.RECORDS,
        reason=enrollment.reason,
    )


def _completion(row: Any, enrollment: Enrollment, earned: Earned | None, rule: dict[str, Any]) -> Completion:
    """A decided completion of a completed enrollment, or the proposal that the records hold."""
    progress = Progress(modules=frozenset(earned.passed), made_up=frozenset(earned.made_up)) if earned else Progress()
    at = _noon(row.completion_on) or enrollment.ended_at or enrollment.state_changed_at
    decided = row.state == EnrollmentState.COMPLETED
    return Completion(
        enrollment=enrollment,
        state=CompletionState.DECIDED if decided else CompletionState.PROPOSED,
        proposed_at=at,
        decided_at=at if decided else None,
        rule=rule if row.completion_rule is None else row.completion_rule,
        figures=progress.to_json() if row.completion_figures is None else row.completion_figures,
    )


def _add_sessions(job: Import, rows: list[Any]) -> None:
    covered: list[Any] = []

    def make(row: Any) -> Session:
        return Session(
            cohort_id=job.held.cohorts[row.cohort].pk,
            venue_id=job.held.venues.get(row.venue),
            **_pick(row, "number", "starts_at", "ends_at", "lessons", "state", "remote_link", "marked_at"),
        )

    def keep(row: Any, session: Session) -> None:
        job.held.sessions[row.cohort, row.number] = session.pk
        course = job.held.cohorts[row.cohort].course
        covered.extend((session.pk, job.held.modules[course, code]) for code in row.modules)

    new = [row for row in rows if (row.cohort, row.number) not in job.held.sessions]
    _create(job, "sessions", new, make, keep)
    through = Session.modules.through
    through.objects.bulk_create(
        (through(session_id=session, module_id=module) for session, module in covered), batch_size=CHUNK
    )


def _current(job: Import, model: type[models.Model], about: str) -> set[tuple[int, Any]]:
    """(enrollment, `about`) of what is recorded and not revoked in the cohorts of the package."""
    pks = sorted({job.held.cohorts[cohort].pk for cohort, _person in job.held.enrollments})
    return {
        pair
        for chunk in _chunks(pks)
        for pair in model._default_manager.filter(revoked_at__isnull=True, enrollment__cohort__in=chunk).values_list(
            "enrollment_id", about
        )
    }


def _enrollment_pk(job: Import, row: Any, cohort: str = "") -> int:
    found = pick(job.held.enrollments, (cohort or row.cohort, row.person), row.enrollment)
    assert found is not None, "importers.records_checks lets no such row through"
    return found.pk


def _add_attendance(job: Import, rows: list[Any]) -> None:
    held = _current(job, Attendance, "session_id")

    def new_rows() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            enrollment = _enrollment_pk(job, row, row.enrolled_in)
            session = job.held.sessions[row.cohort, row.session]
            if (enrollment, session) not in held:
                yield enrollment, session, row.state, row.lessons, _noon(row.marked_on) or job.at

    _insert(job, "attendance", Attendance, ("enrollment", "session", "state", "lessons", "marked_at"), new_rows())


def _add_completions(job: Import, rows: list[Any]) -> None:
    held = _current(job, ModuleResult, "module_id")
    columns = ("enrollment", "module", "result", "recorded_on", "made_up", "source", "recorded_at")

    def new_rows() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            enrollment = _enrollment_pk(job, row)
            module = job.held.modules[job.held.cohorts[row.cohort].course, row.module]
            if (enrollment, module) not in held:
                yield enrollment, module, row.result, row.recorded_on, row.made_up, row.source, job.at

    _insert(job, "completions", ModuleResult, columns, new_rows())


def _add_assessments(job: Import, rows: list[Any]) -> None:
    def make(row: Any) -> AssessmentResult:
        return AssessmentResult(
            enrollment_id=_enrollment_pk(job, row),
            **_pick(row, "assessment", "result", "recorded_on"),
            recorded_at=job.at,
        )

    held = _current(job, AssessmentResult, "assessment")
    _create(job, "assessments", [row for row in rows if (_enrollment_pk(job, row), row.assessment) not in held], make)


def _add_declarations(job: Import, rows: list[Any]) -> None:
    def make(row: Any) -> SignedDeclaration:
        return SignedDeclaration(
            enrollment_id=_enrollment_pk(job, row), **_pick(row, "declaration", "recorded_on"), recorded_at=job.at
        )

    held = _current(job, SignedDeclaration, "declaration")
    _create(job, "declarations", [row for row in rows if (_enrollment_pk(job, row), row.declaration) not in held], make)


def _add_certificates(job: Import, rows: list[Any]) -> None:
    new = [row for row in rows if row.number not in job.held.certificates]
    about = [job.held.people[row.person] for row in new if not (row.name and row.language)]
    people = Person.objects.in_bulk(about)
    completions = dict(
        Completion.objects.exclude(state=CompletionState.REVOKED)
        .filter(enrollment__in=[_enrollment_pk(job, row) for row in new if row.cohort])
        .values_list("enrollment_id", "pk")
    )

    def make(row: Any) -> Certificate:
        person = job.held.people[row.person]
        return Certificate(
            person_id=person,
            course_id=job.held.courses[row.course],
            completion_id=completions.get(_enrollment_pk(job, row)) if row.cohort else None,
            **_pick(row, "number", "issued_on", "valid_until", "revoked_reason", "words"),
            name=row.name or people[person].full_name,
            language=row.language or people[person].language,
            check_code=row.check_code or new_check_code(),
            issued_at=_noon(row.issued_on),
            replaced_at=_noon(row.replaced_on),
            revoked_at=_noon(row.revoked_on),
        )

    _create(job, "certificates", new, make, lambda row, made: job.held.certificates.update({row.number: made.pk}))
    renewals = [row for row in new if row.renews]
    for row in renewals:
        Certificate.objects.filter(number=row.number).update(renews=job.held.certificates[row.renews])
    _continue_numbers(job, new)


def _continue_numbers(job: Import, rows: list[Any]) -> None:
    """The next certificate of a course and year gets a number above the imported ones."""
    last: Counter[tuple[int, int]] = Counter()
    for row in rows:
        if found := re.search(r"-(\d{1,9})$", row.number):
            key = job.held.courses[row.course], row.issued_on.year
            last[key] = max(last[key], int(found[1]))
    for (course, year), number in sorted(last.items()):
        series, _made = CertificateSeries.objects.select_for_update().get_or_create(course_id=course, year=year)
        if series.last < number:
            CertificateSeries.objects.filter(pk=series.pk).update(last=number)


def _add_mentors(job: Import, rows: list[Any]) -> None:
    def make(row: Any) -> Mentor:
        return Mentor(
            person_id=job.held.people[row.person], **_pick(row, "state", "agreement_signed_on"), state_changed_at=job.at
        )

    _create(job, "mentors", [row for row in rows if row.person not in job.held.mentors], make)


def _add_visits(job: Import, rows: list[Any]) -> None:
    """A visit has no code: as many alike ones as the package has are there afterwards, and no more."""
    fields = ("person_id", "visited_on", "minutes", "people_helped", "place", "supervised")
    held: Counter[tuple[Any, ...]] = Counter()
    for pks in _chunks(sorted({job.held.people[row.person] for row in rows})):
        held.update(Visit.objects.filter(person__in=pks, revoked_at__isnull=True).values_list(*fields))

    def is_new(row: Any) -> bool:
        key = (job.held.people[row.person], *_pick(row, *fields[1:]).values())
        held[key] -= 1
        return held[key] < 0

    def make(row: Any) -> Visit:
        return Visit(
            person_id=job.held.people[row.person],
            enrollment_id=_enrollment_pk(job, row) if row.cohort else None,
            **_pick(row, "visited_on", "minutes", "people_helped", "place", "supervised", "how_asked"),
            recorded_at=job.at,
        )

    _create(job, "visits", (row for row in rows if is_new(row)), make)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


WRITERS: dict[str, Callable[[Import, list[Any]], None]] = {
    "courses": _add_courses,
    "modules": _add_modules,
    "venues": _add_venues,
    "people": _add_people,
    "cohorts": _add_cohorts,
    "enrollments": _add_enrollments,
    "sessions": _add_sessions,
    "attendance": _add_attendance,
    "completions": _add_completions,
    "assessments": _add_assessments,
    "declarations": _add_declarations,
    "certificates": _add_certificates,
    "mentors": _add_mentors,
    "visits": _add_visits,
}
