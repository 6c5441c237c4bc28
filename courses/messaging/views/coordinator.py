from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Choices, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import Channel
from accounts.exceptions import RuleError
from accounts.refusals import say_refusal
from courses.dates.calendar import local_day
from courses.dates.words import day_shortest
from courses.messaging.channels.calls import Call, call_of
from courses.messaging.channels.email import mail_html
from courses.messaging.channels.letters import letter_of
from courses.messaging.channels.texts import MessageFacts, Text, text_of
from courses.messaging.enums import MessageState
from courses.messaging.forms import CallAnswerForm, LetterForm, MessageFilterForm, PostedLettersForm, answers_to
from courses.messaging.models import Message
from courses.messaging.rules.quiet_hours import next_allowed
from courses.messaging.selectors import (
    SHOWN_DAYS,
    TABS,
    calls_to_make,
    counts_by_day,
    letters_to_post,
    messages_of_tab,
    messages_with_facts,
    planned_by_channel,
    planned_by_day,
    tab_counts,
)
from courses.messaging.services.by_hand import (
    cancel_message,
    hold_message,
    mark_letters_posted,
    release_message,
    send_again,
)
from courses.messaging.services.calls import answer_call
from courses.messaging.services.outbox import send_test
from courses.messaging.services.retention import has_lost_text
from courses.messaging.views.mail_parts import framed_mail
from courses.messaging.wording import letters_posted

PER_PAGE = 50


class CallToMake(NamedTuple):
    call: Call
    answers: list[Choices]


@require_safe
@for_coordinator
def messages_list(request: PersonRequest, cohorts_notified: Callable[[], QuerySet]) -> HttpResponse:
    """`cohorts_notified`: the groups to choose from; they stand above messages."""
    now = timezone.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    filters = MessageFilterForm(request.GET or None, initial={"tab": tab}, cohorts=cohorts_notified())
    chosen = filters.chosen() if filters.is_bound else {}
    rows = messages_of_tab(tab, at=now)
    if "channel" in chosen:
        rows = rows.filter(channel=chosen["channel"])
    if "cohort" in chosen:
        rows = rows.filter(enrollment__cohort=chosen["cohort"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = tab_counts(at=now)
    context = {
        "tab": tab,
        "tabs": _tabs(tab, counts),
        "filters": filters,
        "page_obj": page,
        "days": _by_day(page, counts_by_day(rows, {local_day(message.due_at) for message in page})),
        "today": local_day(now),
        "total": counts["planned"],
        "channels": _channel_counts(now),
        "bars": _bars(now) if tab == "planned" else [],
        "calls": calls_to_make(at=now).count(),
        "letters": letters_to_post(at=now).count(),
    }
    return render(request, "courses/messaging/coordinator/messages_list.html", context)


@require_safe
@csp_update({"frame-src": [SELF]})
@for_coordinator
def messages_detail(request: PersonRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(messages_with_facts(), pk=pk)
    is_gone = has_lost_text(message, timezone.now())
    is_ahead = not message.body and not is_gone
    context = {
        "message": message,
        "text": None if is_gone else _text(message),
        "waits": message.state == MessageState.PENDING,
        "has_failed": message.state in (MessageState.DEAD, MessageState.UNKNOWN, MessageState.MISSED),
        "is_gone": is_gone,
        "shows_mail": is_ahead and message.channel == Channel.EMAIL,
        "shows_letter": is_ahead and message.channel == Channel.LETTER,
    }
    return render(request, "courses/messaging/coordinator/messages_detail.html", context)


@require_safe
@for_coordinator
def messages_mail(request: PersonRequest, pk: int) -> HttpResponse:
    """The HTML part of a message as it would leave now, for the frame of its page."""
    message = get_object_or_404(messages_with_facts(), pk=pk, channel=Channel.EMAIL)
    return framed_mail(mail_html(message, MessageFacts([message], at=timezone.now())))


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@for_coordinator
def messages_letter(request: PersonRequest, pk: int) -> HttpResponse:
    """The sheet of a letter as it would be printed now, for the frame of its page."""
    message = get_object_or_404(messages_with_facts(), pk=pk, channel=Channel.LETTER)
    letter = letter_of(message, MessageFacts([message], at=timezone.now()))
    return render(request, "courses/messaging/coordinator/messages_letter.html", {"letter": letter})


@require_POST
@for_coordinator
def messages_hold(request: PersonRequest, pk: int) -> HttpResponse:
    """Holds back, or releases when it is held."""
    message = get_object_or_404(Message, pk=pk)
    if message.held:
        return _act(request, message, lambda: release_message(message=message, act=act_of(request)), _("Released."))
    return _act(request, message, lambda: hold_message(message=message, act=act_of(request)), _("Held back."))


@require_POST
@for_coordinator
def messages_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message, pk=pk)
    return _act(
        request, message, lambda: cancel_message(message=message, act=act_of(request)), _("The message is cancelled.")
    )


@require_POST
@for_coordinator
def messages_again(request: PersonRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message, pk=pk)
    return _act(
        request,
        message,
        lambda: send_again(message=message, act=act_of(request)),
        _("The message is planned again."),
    )


@require_POST
@for_coordinator
def messages_test(request: PersonRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(messages_with_facts(), pk=pk, channel=Channel.EMAIL)
    return _act(
        request,
        message,
        lambda: send_test(message=message, act=act_of(request)),
        _("A test has been sent to your own address."),
    )


@require_safe
@for_coordinator
def messages_calls(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(calls_to_make(at=now), PER_PAGE).get_page(request.GET.get("page"))
    facts = MessageFacts(list(page), at=now)
    context = {
        "page_obj": page,
        "calls": [CallToMake(call_of(message, facts), answers_to(message)) for message in page],
    }
    return render(request, "courses/messaging/coordinator/messages_calls.html", context)


@require_POST
@for_coordinator
def messages_answer(request: PersonRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(messages_with_facts(), pk=pk, channel=Channel.CALL)
    form = CallAnswerForm(request.POST, message=message)
    if not form.is_valid():
        raise Http404
    answer = form.chosen()
    return _act(
        request,
        message,
        lambda: answer_call(message=message, answer=answer, act=act_of(request)),
        _("Recorded: %(name)s, %(answer)s.") % {"name": message.person.list_name, "answer": answer.label.lower()},
        back=reverse("coordinator:messages-calls"),
    )


@require_safe
@for_coordinator
def messages_letters(request: PersonRequest) -> HttpResponse:
    page = Paginator(letters_to_post(at=timezone.now()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/messaging/coordinator/messages_letters.html", {"page_obj": page})


@require_safe
@for_coordinator
def messages_sheets(request: PersonRequest) -> HttpResponse:
    """Letters as sheets to print: one page of the list, or the one of `?message=`. What can be marked as posted is what
    lies here to be printed, and nothing else."""
    now = timezone.now()
    form = LetterForm(request.GET)
    form.is_valid()
    one = form.cleaned_data["message"]
    letters = letters_to_post(at=now)
    if one is not None:
        letters = messages_with_facts().filter(pk=one, channel=Channel.LETTER)
    page = Paginator(letters, PER_PAGE).get_page(request.GET.get("page"))
    messages_here = list(page)
    facts = MessageFacts(messages_here, at=now)
    context = {
        "page_obj": page,
        "letters": [letter_of(message, facts) for message in messages_here],
        "to_post": letters_to_post(at=now).filter(pk__in=[message.pk for message in messages_here]),
    }
    return render(request, "courses/messaging/coordinator/messages_sheets.html", context)


@require_POST
@for_coordinator
def messages_posted(request: PersonRequest) -> HttpResponse:
    act = act_of(request)
    form = PostedLettersForm(request.POST)
    form.is_valid()
    letters = list(letters_to_post(at=act.at).filter(pk__in=form.cleaned_data["message"])[:PER_PAGE])
    facts = MessageFacts(letters, at=act.at)
    texts = {letter.pk: (text.subject, text.body) for letter in letters for text in [text_of(letter, facts)]}
    posted = mark_letters_posted(messages=letters, texts=texts, act=act)
    messages.success(
        request,
        letters_posted(posted),
    )
    return redirect("coordinator:messages-letters")


def _act(request: PersonRequest, message: Message, act: Callable[[], None], done: str, back: str = "") -> HttpResponse:
    try:
        act()
    except RuleError as error:
        say_refusal(request, error)
    else:
        messages.success(request, done)
    return redirect(back or reverse("coordinator:messages-detail", args=[message.pk]))


def _text(message: Message) -> Text:
    """What left, or would leave now."""
    if message.body:
        return Text(subject=message.subject, body=message.body)
    facts = MessageFacts([message], at=timezone.now())
    return text_of(message, facts, kind="call" if message.channel == Channel.CALL else "")


class Tab(NamedTuple):
    address: str
    title: str
    number: int
    is_here: bool


def _tabs(here: str, counts: dict[str, int]) -> list[Tab]:
    words = {
        "planned": _("Planned"),
        "held": _("Held back"),
        "sent": _("Sent"),
        "failed": _("Not delivered"),
        "missed": _("Too late"),
        "cancelled": _("Cancelled"),
    }
    return [Tab(f"?tab={tab}", words[tab], counts[tab], tab == here) for tab in TABS]


class Day(NamedTuple):
    """The messages of a page that are due on one day; `number`: how many there are on all pages."""

    day: date
    number: int
    messages: list[Message]


def _by_day(page: Page, counts: dict[date, int]) -> list[Day]:
    return [
        Day(day, counts.get(day, 0), list(rows))
        for day, rows in groupby(page, key=lambda message: local_day(message.due_at))
    ]


class ChannelCount(NamedTuple):
    channel: str
    number: int


def _channel_counts(now: datetime) -> list[ChannelCount]:
    counts = planned_by_channel(at=now)
    return [ChannelCount(str(channel.label), counts[channel]) for channel in Channel if counts.get(channel)]


class Bar(NamedTuple):
    """A bar of the chart; `aim`: none here."""

    label: str
    value: int
    aim: None
    words: str


def _bars(now: datetime) -> list[Bar]:
    """One bar a day for the days shown; what is overdue counts for the day on which messages go out next."""
    counts = planned_by_day(at=now)
    today, next_day = local_day(now), local_day(next_allowed(now))
    days = [today + timedelta(days=step) for step in range(SHOWN_DAYS)]
    overdue = sum(number for day, number in counts.items() if day <= next_day)
    numbers = [overdue if day == next_day else counts.get(day, 0) if day > next_day else 0 for day in days]
    language = get_language() or "en"
    return [
        Bar(day_shortest(day, language), number, None, str(number or "–"))
        for day, number in zip(days, numbers, strict=True)
    ]
