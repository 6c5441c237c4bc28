from collections.abc import Sequence
from typing import NamedTuple

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Channel
from courses.demo.mailbox import mail_heads, mail_names, read_mail
from courses.messaging.channels.calls import call_of
from courses.messaging.channels.letters import letter_of
from courses.messaging.channels.texts import MessageFacts
from courses.messaging.models import Message
from courses.messaging.rules.quiet_hours import is_quiet, next_allowed
from courses.messaging.selectors import received_by_hand, waiting_mails
from courses.messaging.views.mail_parts import framed_mail

PER_PAGE = 50
TABS = ("mails", "calls", "letters", "waiting")


@login_not_required
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Everything that the demo's people received, newest first. There is no such page outside the demo."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    now = timezone.now()
    names = mail_names()
    lists: dict[str, Sequence[str] | QuerySet[Message]] = {
        "mails": names,
        "calls": received_by_hand(Channel.CALL, at=now),
        "letters": received_by_hand(Channel.LETTER, at=now),
        "waiting": waiting_mails(),
    }
    page = Paginator(lists[tab], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "tabs": _tabs(tab, {key: Paginator(rows, PER_PAGE).count for key, rows in lists.items()}),
        "page_obj": page,
        "mails": mail_heads([str(name) for name in page]) if tab == "mails" else [],
        "quiet_until": next_allowed(now) if is_quiet(now) else None,
    }
    return render(request, "courses/demo/mailbox.html", context)


@login_not_required
@never_cache
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # its types know no view with arguments
def mailbox_detail(request: HttpRequest, name: str) -> HttpResponse:
    mail = read_mail(name)
    if mail is None:
        raise Http404
    return render(request, "courses/demo/mailbox_detail.html", {"mail": mail})


@login_not_required
@never_cache
@require_safe
def mailbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part of a mail, for the frame of its page."""
    mail = read_mail(name)
    if mail is None or not mail.html:
        raise Http404
    return framed_mail(mail.html)


@login_not_required
@never_cache
@require_safe
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """A call as it is heard, or a letter as it is opened."""
    message = get_object_or_404(received_by_hand(None, at=timezone.now()), pk=pk)
    facts = MessageFacts([message], at=message.sent_at or timezone.now())
    if message.channel == Channel.LETTER:
        context = {"letter": letter_of(message, facts)}
        return render(request, "courses/demo/mailbox_letter.html", context)
    return render(request, "courses/demo/mailbox_call.html", {"message": message, "call": call_of(message, facts)})


class Tab(NamedTuple):
    """`here`: it is the one that is open."""

    url: str
    words: str
    number: int
    here: bool


def _tabs(here: str, counts: dict[str, int]) -> list[Tab]:
    words = {
        "mails": _("E-mails"),
        "calls": _("Phone calls"),
        "letters": _("Letters"),
        "waiting": _("On their way"),
    }
    return [Tab(f"?tab={tab}", words[tab], counts[tab], tab == here) for tab in TABS]
