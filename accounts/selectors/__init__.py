"""Finding people: by what somebody typed, by what makes two records one person, by who may sign in."""

from accounts.selectors.candidates import DuplicateCandidate, count_duplicate_candidates, duplicate_candidates
from accounts.selectors.consents import (
    consents_of,
    contact_people_of,
    contact_person_with_id,
    current_contact_people,
)
from accounts.selectors.duplicates import (
    DuplicateOnFile,
    Known,
    Sketch,
    duplicates_on_file,
    duplicates_on_file_for,
    known_like,
)
from accounts.selectors.merges import ids_after_merges, person_on_record, person_with_id
from accounts.selectors.people import (
    DEMO_ADDRESSES,
    SIGN_IN_STATES,
    demo_people,
    may_sign_in,
    people_who_may_sign_in,
    people_with_address,
    person_with_code,
    staff,
)
from accounts.selectors.search import MOST_FOUND, finds_more, search_people

__all__ = [
    "DEMO_ADDRESSES",
    "MOST_FOUND",
    "SIGN_IN_STATES",
    "Known",
    "DuplicateOnFile",
    "DuplicateCandidate",
    "Sketch",
    "consents_of",
    "contact_people_of",
    "contact_person_with_id",
    "count_duplicate_candidates",
    "current_contact_people",
    "demo_people",
    "finds_more",
    "ids_after_merges",
    "known_like",
    "duplicates_on_file",
    "duplicates_on_file_for",
    "duplicate_candidates",
    "may_sign_in",
    "people_who_may_sign_in",
    "people_with_address",
    "person_on_record",
    "person_with_code",
    "person_with_id",
    "search_people",
    "staff",
]
