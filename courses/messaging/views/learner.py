from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest
from courses.messaging.models import Message


@require_safe
def messages_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One message as it was told."""
    message = get_object_or_404(
        Message.objects.filter(person=request.user, sent_at__isnull=False, contact__isnull=True), pk=pk
    )
    return render(request, "courses/messaging/learner/messages_detail.html", {"message": message})
