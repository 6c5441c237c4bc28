from accounts.models.audit import AuditEntry
from accounts.models.consents import Consent, ContactPerson
from accounts.models.merges import PersonMerge, ToldApart
from accounts.models.people import District, Person, PersonManager, PersonQuerySet
from accounts.models.roles import RoleGrant
from accounts.models.search import SearchWord, SuspectedPair, UncomparedPerson

__all__ = [
    "AuditEntry",
    "Consent",
    "ContactPerson",
    "District",
    "Person",
    "PersonManager",
    "PersonMerge",
    "PersonQuerySet",
    "RoleGrant",
    "SearchWord",
    "SuspectedPair",
    "ToldApart",
    "UncomparedPerson",
]
