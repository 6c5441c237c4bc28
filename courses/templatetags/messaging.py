"""Messages in the words of the page's language: what each is about, why it goes, how it stands."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.rules.phones import show_phone
from accounts.wording.addresses import address_line, postal_address
from courses.catalogue.models import Centre
from courses.dates.words import clock_numbers, day_short
from courses.messaging.enums import MessageState
from courses.messaging.kinds import kind_named, kind_of
from courses.messaging.models import Message
from courses.messaging.rules.quiet_hours import next_allowed
from courses.messaging.wording import trouble_words

register = template.Library()
register.filter("postal_address", postal_address)

CHANNEL_ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "sms",
    Channel.LETTER: "letter",
    Channel.CALL: "call",
    Channel.CONTACT: "help",
}
# State -> mark and tone.
STATE_MARKS = {
    MessageState.PENDING: ("clock", ""),
    MessageState.SENDING: ("half", ""),
    MessageState.SENT: ("done", "good"),
    MessageState.DEAD: ("bad", "bad"),
    MessageState.UNKNOWN: ("warn", "warn"),
    MessageState.CANCELLED: ("end", ""),
    MessageState.MISSED: ("end", "warn"),
}


@register.filter
def channel_icon(message: Message) -> str:
    """{% icon message|channel_icon %}"""
    return CHANNEL_ICONS.get(Channel(message.channel), "mail")


@register.filter
def centre_line(centre: Centre) -> str:
    """{{ centre|centre_line }}: who sends a letter and from where, on one line."""
    address = address_line(centre.street, centre.postal_code, centre.city)
    return ", ".join(part for part in (centre.name, address) if part)


@register.filter
def what(message: Message) -> str:
    """{{ message|what }}: "Reminder of session 8"."""
    return kind_of(message).what(message)


@register.filter
def to_whom(message: Message) -> str:
    """{{ message|to_whom }}: the person, or the contact person of whom."""
    if message.contact is None:
        return message.person.list_name
    return _("%(contact)s, contact person of %(name)s") % {
        "contact": message.contact.name,
        "name": message.person.list_name,
    }


@register.filter
def phone(message: Message) -> str:
    """{{ message|phone }}: the number to call, in groups."""
    return show_phone(message.reader_phone)


@register.filter
def kind_name(message: Message) -> str:
    """{{ message|kind_name }}: "Session in two working days"."""
    kind = kind_named(message.rule)
    return str(kind.rule.label) if kind else message.rule


@register.filter
def why(message: Message) -> str:
    """{{ message|why }}: the reason, as a sentence."""
    return kind_of(message).why(message)


@register.filter
def trouble(message: Message) -> str:
    """{{ message|trouble }}: what went wrong."""
    return trouble_words(message.last_error)


@register.filter
def leaves_at(message: Message) -> datetime:
    """{{ message|leaves_at }}: when it goes out next, as far as it waits for its time; when it was due otherwise."""
    if message.state != MessageState.PENDING or message.held:
        return message.due_at
    return next_allowed(max(message.next_attempt_at, timezone.now()))


@register.filter
def mark(message: Message) -> str:
    """{% state message|mark message|standing tone=message|tone %}"""
    return "hold" if _is_on_hold(message) else STATE_MARKS[MessageState(message.state)][0]


@register.filter
def tone(message: Message) -> str:
    return "warn" if _is_on_hold(message) else STATE_MARKS[MessageState(message.state)][1]


@register.filter
def standing(message: Message) -> str:
    """{{ message|standing }}: how it stands, for a call and a letter as what is to be done."""
    language = get_language() or "en"
    if _is_on_hold(message):
        return _("held back")
    if message.state == MessageState.SENT and message.sent_at:
        done = timezone.localtime(message.sent_at)
        words = {
            Channel.CALL: _("called %(day)s %(clock)s"),
            Channel.LETTER: _("posted %(day)s %(clock)s"),
        }.get(Channel(message.channel), _("sent %(day)s %(clock)s"))
        return words % {"day": day_short(done, language), "clock": clock_numbers(done, language)}
    if message.state == MessageState.PENDING:
        if message.answer:
            return message.get_answer_display()
        if message.attempts:
            return ngettext("tried %(tries)d time", "tried %(tries)d times", message.attempts) % {
                "tries": message.attempts
            }
        return {Channel.CALL: _("to be called"), Channel.LETTER: _("to be posted")}.get(
            Channel(message.channel), _("planned")
        )
    return message.get_state_display()


def _is_on_hold(message: Message) -> bool:
    return message.held and message.state == MessageState.PENDING
