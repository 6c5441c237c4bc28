from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, for_trainer
from courses.scheduling.selectors.cohorts import cohorts_for_trainer
from courses.teaching.selectors.attendance import sessions_for_trainer, unmarked_sessions, with_counts, with_place

COMING = 6


@require_safe
@for_trainer
def today(request: PersonRequest) -> HttpResponse:
    """The trainer's sessions: today's, those not marked yet, the next ones; and the trainer's groups."""
    now = timezone.now()
    mine = with_place(sessions_for_trainer(request.user)).exclude(state="cancelled")
    day = timezone.localdate(now)
    context = {
        "todays": mine.filter(starts_at__date=day).order_by("starts_at"),
        "unmarked": unmarked_sessions(mine, now).exclude(starts_at__date=day).order_by("starts_at")[:20],
        "coming": mine.filter(starts_at__date__gt=day).order_by("starts_at")[:COMING],
        "cohorts": cohorts_for_trainer(request.user)
        .exclude(state__in=["closed", "cancelled", "draft"])
        .select_related("course", "venue")
        .order_by("-starts_on")[:20],
        "now": now,
    }
    return render(request, "courses/teaching/trainer/today.html", context)


@require_safe
@for_trainer
def cohorts_detail(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(cohorts_for_trainer(request.user).select_related("course", "venue"), code=code)
    sessions = with_counts(with_place(cohort.sessions.all())).order_by("starts_at", "number")
    return render(request, "courses/teaching/trainer/cohorts_detail.html", {"cohort": cohort, "sessions": sessions})
