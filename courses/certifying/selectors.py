"""Certificates as lists and the public check need them. Status is derived from dates."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Person
from accounts.rules.retention import CERTIFICATE_YEARS, months_before
from courses.catalogue.models import Course
from courses.certifying.enums import CertificateStatus, MentorState
from courses.certifying.models import Certificate, Mentor
from courses.certifying.rules import EXPIRES_SOON, certificate_status, typed_number
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion, Visit

# A mentor without a visit for this long is quiet.
QUIET_AFTER = timedelta(days=90)

CURRENT = Q(revoked_at__isnull=True, replaced_at__isnull=True)


def status_of(certificate: Certificate, today: date) -> CertificateStatus:
    return certificate_status(
        valid_until=certificate.valid_until,
        today=today,
        revoked=certificate.revoked_at is not None,
        replaced=certificate.replaced_at is not None,
    )


def is_valid(today: date) -> Q:
    """Certificates that hold on a day."""
    return CURRENT & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))


class MentorNumbers(NamedTuple):
    """`active`: those of the mentors with a visit in the last 90 days."""

    mentors: int
    active: int


def is_mentor(today: date, person: str) -> Exists:
    """Who is a mentor on a day, the same on every page: whoever holds a certificate of a course that makes mentors.
    `person` is the name of the field that leads to the person."""
    return Exists(Certificate.objects.filter(is_valid(today), person=OuterRef(person), course__makes_mentors=True))


def is_active_mentor(today: date, person: str) -> Exists:
    """A mentor with a visit in the last 90 days, not paused, retired or removed."""
    recent = Visit.objects.filter(
        person=OuterRef("person"), revoked_at__isnull=True, visited_on__gte=today - QUIET_AFTER
    )
    return Exists(
        Mentor.objects.filter(
            Exists(recent), is_mentor(today, "person"), person=OuterRef(person), state=MentorState.CERTIFIED
        )
    )


def mentor_numbers(today: date) -> MentorNumbers:
    """How many people are mentors, and how many of them are active. One query."""
    found = Person.objects.filter(is_mentor(today, "pk")).aggregate(
        mentors=Count("pk"), active=Count("pk", filter=Q(is_active_mentor(today, "pk")))
    )
    return MentorNumbers(**found)


def holders_of(pks: Collection[int], course: Course, today: date) -> set[int]:
    """Those of these people whose certificate of `course` is valid on a day. One query."""
    rows = Certificate.objects.filter(is_valid(today), person__in=pks, course=course)
    return set(rows.values_list("person_id", flat=True))


def with_status(status: str, today: date) -> Q:
    """The condition of one status: the same lines as certifying.rules, as a query."""
    soon = today + EXPIRES_SOON
    return {
        CertificateStatus.VALID: CURRENT & (Q(valid_until__isnull=True) | Q(valid_until__gt=soon)),
        CertificateStatus.EXPIRES_SOON: CURRENT & Q(valid_until__gte=today, valid_until__lte=soon),
        CertificateStatus.EXPIRED: CURRENT & Q(valid_until__lt=today),
        CertificateStatus.REVOKED: Q(revoked_at__isnull=False),
        CertificateStatus.RENEWED: Q(revoked_at__isnull=True, replaced_at__isnull=False),
    }[CertificateStatus(status)]


def certificates_with_people() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("person", "course")


def old_certificates(*, at: datetime) -> QuerySet[Certificate]:
    """Those that ended 10 years ago, by their last day, revoked or replaced, and still say whose they are."""
    limit = months_before(at, 12 * CERTIFICATE_YEARS)
    without_end = Q(valid_until__isnull=True, replaced_at__lte=limit)
    ended = Q(valid_until__lte=timezone.localdate(limit)) | Q(revoked_at__lte=limit) | without_end
    return Certificate.objects.filter(ended, ~Q(name=""))


def counts_by_status(today: date) -> dict[str, int]:
    """Status to number of certificates, in one query."""
    return Certificate.objects.aggregate(
        **{status.value: Count("pk", filter=with_status(status, today)) for status in CertificateStatus}
    )


def completions_to_certify(today: date) -> QuerySet[Completion]:
    """Decided completions of courses that give a certificate, of people who have no valid one: what is to be issued."""
    holds = Certificate.objects.filter(
        is_valid(today), person=OuterRef("enrollment__person"), course=OuterRef("enrollment__cohort__course")
    )
    return (
        Completion.objects.filter(
            ~Exists(Certificate.objects.filter(completion=OuterRef("pk"))),
            ~Exists(holds),
            state=CompletionState.DECIDED,
            enrollment__cohort__course__valid_months__isnull=False,
        )
        .select_related("enrollment__person", "enrollment__cohort__course", "decided_by")
        .order_by("enrollment__cohort__code", "enrollment__person__sort_key", "pk")
    )


def find_certificate(text: str) -> Certificate | None:
    """By number or check code, however it was typed."""
    typed = typed_number(text)
    return (
        Certificate.objects.filter(Q(number__iexact=typed) | Q(check_code=typed)).select_related("course").first()
        if typed
        else None
    )


def certificates_of(person: Person) -> QuerySet[Certificate]:
    return Certificate.objects.filter(person=person).select_related("course")


def mentors_with_facts(today: date) -> QuerySet[Mentor]:
    """Mentors by name, each with `valid_until` and `certificate_number` of the newest certificate, `last_visit_on`, `visits`.

    `visits` counts those of the last 90 days, which tell an active mentor from a quiet one.
    """
    newest = Certificate.objects.filter(CURRENT, person=OuterRef("person"), course__makes_mentors=True).order_by(
        "-issued_on", "-pk"
    )
    visits = Visit.objects.filter(person=OuterRef("person"), revoked_at__isnull=True).order_by().values("person")
    recent = visits.filter(visited_on__gte=today - QUIET_AFTER)
    return (
        Mentor.objects.select_related("person__district")
        .annotate(
            certificate_pk=Subquery(newest.values("pk")[:1]),
            certificate_number=Subquery(newest.values("number")[:1]),
            valid_until=Subquery(newest.values("valid_until")[:1]),
            last_visit_on=Subquery(visits.annotate(last=Max("visited_on")).values("last")),
            visits=Subquery(recent.annotate(count=Count("pk")).values("count")),
        )
        .order_by("person__sort_key", "pk")
    )
