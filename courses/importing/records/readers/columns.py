"""What each column of a records package may hold."""

from collections.abc import Callable
from typing import TypeAlias

from django.db.models import TextChoices

from accounts.enums import Channel, Gender, HowAsked, Language, PersonState
from accounts.rules.names import clean_name
from accounts.validators import OLDEST_YEAR
from courses.catalogue.enums import Assessment, CourseFormat, Declaration, ModuleKind
from courses.certifying.enums import MentorState
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.importing.records.readers.cells import (
    code,
    codes,
    day,
    email,
    json_object,
    link,
    moment,
    number,
    one_of,
    phone,
    words,
    yes_no,
)
from courses.scheduling.enums import CohortState, SessionState
from courses.teaching.enums import AttendanceState, CompletionState, Result, ResultSource

Parse: TypeAlias = Callable[[str], object]


def _choice(choices: type[TextChoices]) -> Parse:
    return one_of(choices.values)


def _in_three_languages(name: str, limit: int, clean: Callable[[str], str] = clean_name) -> dict[str, Parse]:
    return {f"{name}_{language}": words(limit, clean) for language in Language.values}


def _texts(name: str) -> dict[str, Parse]:
    return _in_three_languages(name, limit=20_000, clean=str.strip)


_SMALL = number(0, 32767)
_LARGE = number(0, 2_147_483_647)
_ORDINAL = number(1, 1000)

# What an empty cell means in columns that must be there. Of those that may be left out, the row says it.
EMPTY: dict[str, dict[str, object]] = {
    "people": {"first_name": "", "last_name": "", "birth_year": None, "gender": "", "district": ""},
}

COLUMNS: dict[str, dict[str, Parse]] = {
    "courses": {
        "code": code(),
        **_in_three_languages("title", 150),
        "lessons": _SMALL,
        "valid_months": number(1, 240),
        "format": _choice(CourseFormat),
        **_texts("summary"),
        "makes_mentors": yes_no,
        "minimum": _SMALL,
        "capacity": _LARGE,
        "completion_rule": json_object,
        "price": _SMALL,
    },
    "modules": {
        "course": code(),
        "code": code(),
        "order": _SMALL,
        **_in_three_languages("title", 150),
        "lessons": _SMALL,
        "mandatory": yes_no,
        "kind": _choice(ModuleKind),
        **_texts("description"),
        "practice_minutes": _SMALL,
    },
    "venues": {
        "name": words(120),
        "street": words(120),
        "postal_code": words(12),
        "city": words(60),
        "district": words(100),
        **_texts("directions"),
        "name_sv": words(120),
        "name_en": words(120),
    },
    "people": {
        "code": code(20),
        "first_name": words(80),
        "last_name": words(80),
        "birth_year": number(OLDEST_YEAR, 2200),
        "gender": _choice(Gender),
        "language": _choice(Language),
        "district": words(100),
        "phone": phone,
        "email": email,
        "street": words(120),
        "postal_code": words(12),
        "city": words(60),
        "channel": _choice(Channel),
        "second_channel": _choice(Channel),
        "state": _choice(PersonState),
        "protected": yes_no,
    },
    "cohorts": {
        "course": code(),
        "code": code(),
        "language": _choice(Language),
        "starts_on": day,
        "ends_on": day,
        "capacity": _LARGE,
        "state": _choice(CohortState),
        "minimum": _SMALL,
        "venue": words(120),
        **_in_three_languages("name", 100),
        **_texts("notice"),
        "applications_open_on": day,
        "applications_close_on": day,
        "remote_link": link,
        "waiting_list_capacity": _LARGE,
        "trainers": codes,
    },
    "enrollments": {
        "cohort": code(),
        "person": code(),
        "state": _choice(EnrollmentState),
        "applied_on": day,
        "ended_on": day,
        "reason": _choice(WithdrawalReason),
        "how_asked": _choice(HowAsked),
        "admitted_on": day,
        "started_on": day,
        "queue_number": number(1, 2_147_483_647),
        "offer_expires_at": moment,
        "completion": _choice(CompletionState),
        "completion_on": day,
        "completion_rule": json_object,
        "completion_figures": json_object,
    },
    "sessions": {
        "cohort": code(),
        "number": _SMALL,
        "starts_at": moment,
        "ends_at": moment,
        "lessons": _SMALL,
        "state": _choice(SessionState),
        "modules": codes,
        "venue": words(120),
        "remote_link": link,
        "marked_at": moment,
    },
    "attendance": {
        "cohort": code(),
        "session": _SMALL,
        "person": code(),
        "state": _choice(AttendanceState),
        "lessons": _SMALL,
        "enrolled_in": code(),
        "enrollment": _ORDINAL,
        "marked_on": day,
    },
    "completions": {
        "cohort": code(),
        "person": code(),
        "module": code(),
        "result": _choice(Result),
        "recorded_on": day,
        "enrollment": _ORDINAL,
        "made_up": yes_no,
        "source": _choice(ResultSource),
    },
    "assessments": {
        "cohort": code(),
        "person": code(),
        "assessment": _choice(Assessment),
        "result": _choice(Result),
        "recorded_on": day,
        "enrollment": _ORDINAL,
    },
    "declarations": {
        "cohort": code(),
        "person": code(),
        "declaration": _choice(Declaration),
        "recorded_on": day,
        "enrollment": _ORDINAL,
    },
    "certificates": {
        "number": words(40),
        "person": code(),
        "course": code(),
        "issued_on": day,
        "valid_until": day,
        "cohort": code(),
        "enrollment": _ORDINAL,
        "name": words(170),
        "language": _choice(Language),
        "check_code": words(40),
        "renews": words(40),
        "replaced_on": day,
        "revoked_on": day,
        "revoked_reason": words(200),
        "words": json_object,
    },
    "mentors": {
        "person": code(),
        "state": _choice(MentorState),
        "agreement_signed_on": day,
    },
    "visits": {
        "person": code(),
        "visited_on": day,
        "minutes": number(1, 600),
        "people_helped": _SMALL,
        "place": words(120),
        "supervised": yes_no,
        "cohort": code(),
        "enrollment": _ORDINAL,
        "how_asked": _choice(HowAsked),
    },
}
