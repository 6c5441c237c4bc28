"""What a roster's words mean, what its rows say, whom they are like, and what becomes of them. Plain Python."""

from courses.importing.rosters.rules.judging import (
    CohortFacts,
    Forecast,
    cohort_key,
    enrolling_rows,
    forecast,
    judge_rows,
    people_of,
    same_judgement,
    unjudged,
)
from courses.importing.rosters.rules.likeness import KnownPerson
from courses.importing.rosters.rules.rows import MASK, Columns, Fault, Found, RosterRow, mark_of, texts_of

__all__ = [
    "MASK",
    "CohortFacts",
    "Columns",
    "Fault",
    "Forecast",
    "Found",
    "KnownPerson",
    "RosterRow",
    "cohort_key",
    "enrolling_rows",
    "forecast",
    "judge_rows",
    "mark_of",
    "people_of",
    "same_judgement",
    "texts_of",
    "unjudged",
]
