from accounts.models.audit import AuditEntry
from accounts.models.consents import Consent, ContactPerson
from accounts.models.merges import PersonMerge, ToldApart
from accounts.models.people import District, Person
from accounts.models.roles import RoleGrant
from accounts.models.search import SearchWord, SuspectedPair, UncomparedPerson

__all__ = [
    "AuditEntry",
    "Consent",
    "ContactPerson",
    "District",
    "Person",
    "PersonMerge",
    "RoleGrant",
    "SearchWord",
    "SuspectedPair",
    "ToldApart",
    "UncomparedPerson",
]
