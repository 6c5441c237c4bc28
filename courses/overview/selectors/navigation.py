"""The figures beside the coordinator's menu: one query, whatever there is to count."""

from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import PersonState
from accounts.models import Person
from courses.certifying.selectors import completions_to_certify, is_mentor
from courses.messaging.selectors import not_delivered
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session

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
        "messages": not_delivered(),
        "certificates": completions_to_certify(timezone.localdate(at)),
        "mentors": Person.objects.filter(is_mentor(start.date(), "pk")),
    }
    numbers = Person.objects.filter(pk=person.pk).values_list(*(_count(rows) for rows in counted.values())).get()
    return dict(zip(counted, numbers, strict=True))


def _count(rows: QuerySet) -> Coalesce:
    one_row = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_number=Count("pk")).values("_number")
    return Coalesce(Subquery(one_row, output_field=IntegerField()), 0)
