"""What goes by itself when its time is over, counted and named, without touching it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import PersonState
from accounts.models import Person, RoleGrant
from accounts.rules.retention import APPLICATION_MONTHS, CALL_MONTHS, COURSE_MONTHS, months_before
from accounts.services.retention import old_audit_entries
from courses.certifying.models import Certificate
from courses.certifying.selectors import is_valid, old_certificates
from courses.enrolling.models import Enrollment, SupportNeeds
from courses.enrolling.selectors import retention as enrolling
from courses.enrolling.services.support import old_support_needs
from courses.messaging.services.retention import old_call_notes, old_texts
from courses.registry.enums import NoteKind
from courses.registry.models import Note
from courses.teaching.models import Visit


def old_people(*, at: datetime) -> QuerySet[Person]:
    """People for whom nothing is left that is kept with a name: every enrollment is over, and they have no role (nor had
    one in 24 months), no valid certificate and no visit in 24 months. Who never had an enrollment: 24 months after
    they were added."""
    limit = months_before(at, COURSE_MONTHS)
    enrollments = Enrollment.objects.filter(person=OuterRef("pk"))
    roles = RoleGrant.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=limit), person=OuterRef("pk"))
    certificates = Certificate.objects.filter(is_valid(timezone.localdate(at)), person=OuterRef("pk"))
    visits = Visit.objects.filter(
        person=OuterRef("pk"), revoked_at__isnull=True, visited_on__gt=timezone.localdate(limit)
    )
    return Person.objects.exclude(state=PersonState.ANONYMIZED).filter(
        Exists(enrollments) | Q(created_at__lte=limit),
        ~Exists(enrollments.filter(~enrolling.over(at=at))),
        ~Exists(roles),
        ~Exists(certificates),
        ~Exists(visits),
        created_at__lte=months_before(at, APPLICATION_MONTHS),
    )


def old_logged_calls(*, at: datetime) -> QuerySet[Note]:
    return Note.objects.filter(kind=NoteKind.CALL, written_at__lte=months_before(at, CALL_MONTHS))


def old_applications(*, at: datetime) -> QuerySet[Enrollment]:
    """Of people who stay on record: those of the others go with them."""
    return enrolling.old_applications(at=at).exclude(person__in=old_people(at=at).order_by().values("pk"))


# In the order in which they go.
DUE: Mapping[str, Callable[..., QuerySet]] = {
    "support_needs": old_support_needs,
    "messages": old_texts,
    "call_notes": old_call_notes,
    "logged_calls": old_logged_calls,
    "people": old_people,
    "applications": old_applications,
    "certificates": old_certificates,
    "audit_entries": old_audit_entries,
}


def counts_due(*, at: datetime) -> dict[str, int]:
    """How many of each kind would go at that moment."""
    return {kind: due(at=at).count() for kind, due in DUE.items()}


def named_due(kind: str, *, at: datetime) -> QuerySet:
    """Those of a kind that is about people, by name: people, or what has a `person` or an `enrollment`."""
    match kind:
        case "applications":
            return old_applications(at=at).select_related("person", "cohort").order_by("person__sort_key", "pk")
        case "certificates":
            return old_certificates(at=at).select_related("person", "course").order_by("name", "pk")
        case "support_needs":
            needs: QuerySet[SupportNeeds] = old_support_needs(at=at)
            return needs.select_related("enrollment__person", "enrollment__cohort").order_by(
                "enrollment__person__sort_key", "pk"
            )
    return old_people(at=at).order_by("sort_key", "pk")
