from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.acts import Act
from accounts.models import Person
from accounts.rules.fingerprints import fingerprint
from accounts.services.audit import record_change
from courses.catalogue.models import Course
from courses.catalogue.models.texts import LANGUAGES
from courses.scheduling.models import Cohort
from courses.scheduling.rules import cohorts as rules
from courses.scheduling.rules.cohorts import Obstacle

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


def _by_language(thing: object, field: str) -> dict[str, str]:
    return {language: getattr(thing, f"{field}_{language}") for language in LANGUAGES}
