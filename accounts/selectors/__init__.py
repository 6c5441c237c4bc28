"""Finding people: by what somebody typed, by what makes two records one person, by who may sign in."""

from accounts.selectors.consents import consents_of, contact_people_of, current_contact_people
from accounts.selectors.duplicates import LikelyDuplicate, Sketch, likely_duplicates, likely_duplicates_for
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
from accounts.selectors.search import search_people

__all__ = [
    "DEMO_ADDRESSES",
    "SIGN_IN_STATES",
    "LikelyDuplicate",
    "Sketch",
    "consents_of",
    "contact_people_of",
    "current_contact_people",
    "demo_people",
    "likely_duplicates",
    "likely_duplicates_for",
    "may_sign_in",
    "people_who_may_sign_in",
    "people_with_address",
    "person_with_code",
    "search_people",
    "staff",
]
