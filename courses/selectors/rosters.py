"""What stands on file about the people and cohorts that a roster names."""

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db.models import QuerySet

from accounts.enums import PersonState
from accounts.models import Person
from accounts.selectors import Sketch, likely_duplicates_for
from courses.enums import OPEN_STATES, EnrollmentState, RosterVerdict
from courses.models import Cohort, Enrollment, Roster
from courses.rules.enrollments import ENROLLING_STATES
from courses.rules.rosters import CohortFacts, Forecast, KnownPerson, RosterRow, cohort_key, forecast

CHUNK = 5_000


def cohorts_by_key() -> dict[str, CohortFacts]:
    """All cohorts by rules.rosters.cohort_key of their code."""
    return {
        cohort_key(code): CohortFacts(pk, code, language, state in ENROLLING_STATES)
        for pk, code, language, state in Cohort.objects.values_list("pk", "code", "language", "state")
    }


def known_people(rows: Sequence[RosterRow]) -> dict[int, list[KnownPerson]]:
    """By row number, the people on file who may be the row's person; the likeliest first. Rows in error are not looked up."""
    asked = [row for row in rows if row.verdict not in (RosterVerdict.ERROR, RosterVerdict.BLANK)]
    sketches = [
        Sketch(
            first_name=row.values["first_name"],
            last_name=row.values["last_name"],
            birth_year=row.values["birth_year"],
            phone=row.values["phone"],
            email=row.values["email"],
        )
        for row in asked
    ]
    return {
        row.number: [_known(duplicate.person) for duplicate in found]
        for row, found in zip(asked, likely_duplicates_for(sketches), strict=True)
        if found
    }


def _known(person: Person) -> KnownPerson:
    return KnownPerson(
        pk=person.pk,
        code=person.code,
        name_key=person.name_key,
        birth_year=person.birth_year,
        phone=person.phone,
        email=person.email,
        active=person.state == PersonState.ACTIVE,
    )


def open_enrollments_of(people: Iterable[int]) -> set[tuple[int, int]]:
    """(person, cohort) of every open enrollment of these people."""
    rest = iter(sorted(set(people)))
    found: set[tuple[int, int]] = set()
    while chunk := list(islice(rest, CHUNK)):
        rows = Enrollment.objects.filter(person__in=chunk, state__in=OPEN_STATES)
        found.update(rows.values_list("person_id", "cohort_id"))
    return found


def roster_forecast(rows: Iterable[RosterRow]) -> list[Forecast]:
    """How many would get a place and how many would wait, by cohort in the order of their codes. Two queries."""
    rows = list(rows)
    cohorts = {
        cohort.pk: cohort for cohort in Cohort.objects.filter(pk__in={row.cohort_id for row in rows if row.cohort_id})
    }
    waited_for = set(
        Enrollment.objects.filter(cohort__in=cohorts, state=EnrollmentState.WAITLISTED).values_list(
            "cohort_id", flat=True
        )
    )
    free = {pk: 0 if pk in waited_for else cohort.free_seats for pk, cohort in cohorts.items()}
    names = {pk: (cohort.code, cohort.name) for pk, cohort in cohorts.items()}
    return forecast(rows, free=free, names=names)


def rosters_list() -> QuerySet[Roster]:
    """The rosters of late, the newest first, without their rows."""
    return Roster.objects.select_related("uploaded_by", "cohort").defer("rows").order_by("-uploaded_at")
