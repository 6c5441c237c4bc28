from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, for_coordinator
from accounts.enums import Channel
from courses.overview.selectors.setup import setup_of
from courses.overview.selectors.today import messages_of_day, sessions_of_day, tasks_of_coordinator, way_to_target
from courses.reporting.selectors.mentors import mentor_target


@require_safe
@for_coordinator
def today(request: PersonRequest) -> HttpResponse:
    """What is today, what needs doing and why, and how far the program is on its way."""
    now = timezone.now()
    context = {
        "now": now,
        "setup": setup_of(request.user),
        "sessions": list(sessions_of_day(now)),
        "tasks": tasks_of_coordinator(now),
        "way": way_to_target(mentor_target(), now),
        "channels": [(Channel(channel), count) for channel, count in messages_of_day(now)],
    }
    return render(request, "courses/overview/coordinator/today.html", context)
