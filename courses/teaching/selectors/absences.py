"""Who missed the last sessions without a word: a person calls them, kindly. Nothing follows from it by itself."""

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Attendance

IN_A_ROW = 2


def absent_in_a_row(cohorts: QuerySet[Cohort]) -> QuerySet[Enrollment]:
    """Those who take part in `cohorts` and did not come to the last two sessions that are marked, nor tell. With person and
    cohort, in one query."""
    last = (
        Session.objects.filter(cohort__in=cohorts, marked_at__isnull=False)
        .exclude(state=SessionState.CANCELLED)
        .annotate(
            turn=Window(RowNumber(), partition_by=[F("cohort")], order_by=[F("starts_at").desc(), F("number").desc()])
        )
        .filter(turn__lte=IN_A_ROW)
    )
    missed = (
        Attendance.objects.filter(
            session__in=last.values("pk"),
            revoked_at__isnull=True,
            state=AttendanceState.ABSENT,
            enrollment__state__in=[EnrollmentState.ENROLLED, EnrollmentState.ACTIVE],
            enrollment__cohort=F("session__cohort"),
        )
        .order_by()
        .values("enrollment")
        .annotate(times=Count("pk"))
        .filter(times=IN_A_ROW)
    )
    return (
        Enrollment.objects.filter(pk__in=missed.values("enrollment"))
        .select_related("person", "cohort")
        .order_by("cohort__starts_on", "person__sort_key", "pk")
    )
