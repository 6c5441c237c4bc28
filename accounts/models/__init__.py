from accounts.models.audit import AuditEntry
from accounts.models.people import District, Person, PersonManager, PersonQuerySet
from accounts.models.roles import RoleGrant

__all__ = ["AuditEntry", "District", "Person", "PersonManager", "PersonQuerySet", "RoleGrant"]
