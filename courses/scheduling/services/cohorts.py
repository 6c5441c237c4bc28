from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.rules.fingerprints import fingerprint
from accounts.services.audit import record_change
from courses.catalogue.models import Course
from courses.catalogue.models.texts import LANGUAGES
from courses.dates.calendar import local_day
from courses.scheduling.models import Cohort
from courses.scheduling.rules import cohorts as rules
from courses.scheduling.rules.cohorts import Obstacle
from courses.scheduling.selectors.cohorts import trainers_to_choose
from courses.scheduling.selectors.sessions import SessionPlan, clashes_of_plan
from courses.scheduling.services.sessions import make_sessions
from courses.scheduling.wording import clash_words

COHORT_FIELDS = (
    "code",
    "name_fi",
    "name_sv",
    "name_en",
    "notice_fi",
    "notice_sv",
    "notice_en",
    "language",
    "starts_on",
    "ends_on",
    "applications_open_on",
    "applications_close_on",
    "venue_id",
    "remote_link",
    "capacity",
    "minimum",
    "waiting_list_capacity",
)


def cohort_fingerprint(cohort: Cohort) -> str:
    """For the form: tells at saving whether somebody else saved first. Seats taken do not count."""
    return fingerprint({name: getattr(cohort, name) for name in COHORT_FIELDS})


@transaction.atomic
def create_cohort(
    *,
    course: Course,
    act: Act,
    capacity: int | None = None,
    minimum: int | None = None,
    trainers: Iterable[Person] = (),
    **fields: Any,
) -> Cohort:
    """A draft. Seats and smallest group are the course's unless given; other `fields` as of Cohort."""
    cohort = Cohort(
        course=course,
        capacity=course.capacity if capacity is None else capacity,
        minimum=course.minimum if minimum is None else minimum,
        **fields,
    )
    cohort.full_clean()
    cohort.save()
    cohort.trainers.set(trainers)
    record_change(by=act.by, action="cohort.create", thing=cohort, detail={"code": cohort.code, "course": course.code})
    return cohort


@transaction.atomic
def copy_cohort(
    *, cohort: Cohort, plan: SessionPlan, starts_on: date, act: Act, confirmed: bool = False, **named: str
) -> Cohort:
    """A draft with all that `cohort` has but its people; `named` holds the code and the names of the copy.

    `plan`: its sessions, of plan_sessions_again. The days for applications are as long before its start. Who is no trainer
    any more does not train the copy either. Raises RuleError with code `elsewhere` when a venue or a trainer is taken at
    the time of a session, unless `confirmed`.
    """
    source = Cohort.objects.select_related("course", "venue").get(pk=cohort.pk)
    if not confirmed:
        check_copy(cohort=source, plan=plan)
    first = local_day(plan.sessions[0].starts_at) if plan.sessions else starts_on
    later = first - source.starts_on
    fields = {name: getattr(source, name) for name in COHORT_FIELDS}
    for name in ("starts_on", "ends_on", "applications_open_on", "applications_close_on"):
        fields[name] = fields[name] and fields[name] + later
    copy = create_cohort(course=source.course, act=act, trainers=_trainers(source), **fields | named)
    if plan.sessions:
        make_sessions(cohort=copy, plan=plan, act=act, confirmed=True)
        copy.refresh_from_db()
    record_change(by=act.by, action="cohort.copy", thing=copy, detail={"code": copy.code, "from": source.code})
    return copy


def check_copy(*, cohort: Cohort, plan: SessionPlan) -> None:
    """For a preview: raises what copy_cohort would raise, and makes nothing."""
    if taken := clashes_of_plan(plan, venue=cohort.venue, trainers=_trainers(cohort)):
        raise RuleError([clash_words(clash) for clash in taken], code="elsewhere")


def missing_texts(cohort: Cohort) -> list[Obstacle]:
    """Texts of the public pages that lack their Finnish or Swedish."""
    course = cohort.course
    texts = {
        "title": _by_language(course, "title"),
        "summary": _by_language(course, "summary"),
        "name": _by_language(cohort, "name"),
        "notice": _by_language(cohort, "notice"),
    }
    if cohort.venue:
        texts["directions"] = _by_language(cohort.venue, "directions")
    modules = {f"module {module.code}": _by_language(module, "title") for module in course.modules.all()}
    return rules.missing_texts({**texts, **modules}, needed={"title", "summary", *modules})


def _trainers(cohort: Cohort) -> QuerySet[Person]:
    """Who of its trainers may still be one."""
    return trainers_to_choose().filter(cohorts_trained=cohort)


def _by_language(thing: object, field: str) -> dict[str, str]:
    return {language: getattr(thing, f"{field}_{language}") for language in LANGUAGES}
