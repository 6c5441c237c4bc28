"""What is known while the demo is made, and the rows that wait to be saved."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from django.db import models

from accounts.models import AuditEntry, Person
from courses.catalogue.models import Course, Module
from courses.enrolling.models import Enrollment, Transition
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit

DAY = datetime.timedelta(days=1)


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

    def taught_modules(self, course: str) -> list[Module]:
        """Those that have sessions, in their order."""
        return [module for module in self.modules[course] if module.lessons]


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


def save_rows(rows: Rows) -> None:
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
