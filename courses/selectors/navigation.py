"""The figures beside the coordinator's menu: one query, whatever there is to count."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import PersonState
from accounts.models import Person
from courses.enums import CohortState, CompletionState, MentorState, MessageState, SessionState
from courses.models import Certificate, Cohort, Completion, Mentor, Message, Session

COMING_OR_RUNNING = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)


def nav_counts(person: Person, at: datetime | None = None) -> dict[str, int]:
    """today: sessions of this day; cohorts: open or running; messages: failed; certificates: decided and not issued yet."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = {
        "today": Session.objects.filter(
            starts_at__gte=start,
            starts_at__lt=start + timedelta(days=1),
            state__in=[SessionState.PLANNED, SessionState.HELD],
        ),
        "people": Person.objects.exclude(state=PersonState.ANONYMIZED),
        "cohorts": Cohort.objects.filter(state__in=COMING_OR_RUNNING),
        "messages": Message.objects.filter(state__in=[MessageState.DEAD, MessageState.UNKNOWN]),
        "certificates": completions_to_certify(),
        "mentors": Mentor.objects.filter(state=MentorState.CERTIFIED),
    }
    columns = {f"number_of_{name}": _count(rows) for name, rows in counted.items()}
    row = Person.objects.filter(pk=person.pk).values(**columns).get()
    return {name: row[f"number_of_{name}"] for name in counted}


def completions_to_certify() -> QuerySet[Completion]:
    """Decided, of a course that gives certificates, and the person has no certificate of it that holds."""
    current = Certificate.objects.filter(
        person=OuterRef("enrollment__person"),
        course=OuterRef("enrollment__cohort__course"),
        revoked_at__isnull=True,
        replaced_at__isnull=True,
    )
    return Completion.objects.filter(
        ~Exists(current), Q(enrollment__cohort__course__valid_months__isnull=False), state=CompletionState.DECIDED
    )


def _count(rows: QuerySet) -> Coalesce:
    one_row = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_number=Count("pk")).values("_number")
    return Coalesce(Subquery(one_row, output_field=IntegerField()), 0)
