"""The shapes that stand beside the words for ways, enrollments and messages; the names are those of icons.svg."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from accounts.enums import Channel, DuplicateSign, PersonState
from accounts.models import ContactPerson, Person
from accounts.wording.consents import told_words
from accounts.wording.marks import StateMark
from accounts.wording.people import shown_name
from courses.enrolling.models import Enrollment
from courses.enrolling.wording.icons import enrollment_icon
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.registry.wording.people import asked_words
from courses.templatetags.messaging import kind_name

register = template.Library()
register.filter("kind_name", kind_name)
register.filter("shown_name", shown_name)
register.filter("enrollment_icon", enrollment_icon)

CHANNEL_ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "sms",
    Channel.LETTER: "letter",
    Channel.CALL: "call",
    Channel.CONTACT: "help",
}
MESSAGE_ICONS = {
    MessageState.PENDING: "clock",
    MessageState.SENDING: "clock",
    MessageState.SENT: "done",
    MessageState.DEAD: "bad",
    MessageState.UNKNOWN: "warn",
    MessageState.CANCELLED: "off",
    MessageState.MISSED: "off",
}
MESSAGE_TONES = {MessageState.DEAD: "bad", MessageState.UNKNOWN: "warn"}


@register.filter
def labels(signs: Iterable[DuplicateSign]) -> str:
    """{{ pair.why|labels }}: "nearly the same name, same phone"."""
    return ", ".join(str(sign.label) for sign in signs)


@register.filter
def channel_icon(channel: str) -> str:
    """{% icon person.channel|channel_icon %}"""
    return CHANNEL_ICONS[Channel(channel)]


@register.filter
def message_mark(message: Message) -> StateMark:
    """{% state_mark message|message_mark %}"""
    if message.held and message.state == MessageState.PENDING:
        return StateMark("hold", _("held back"))
    state = MessageState(message.state)
    return StateMark(MESSAGE_ICONS[state], message.get_state_display(), MESSAGE_TONES.get(state, ""))


@register.filter
def person_mark(person: Person, enrollment: Enrollment | None) -> StateMark | None:
    """{% state_mark person|person_mark:enrollment %}: a person away from it all before how the enrollment stands."""
    if person.state != PersonState.ACTIVE:
        return StateMark("hold", person.get_state_display())
    if enrollment is None:
        return None
    return StateMark(enrollment_icon(enrollment.state), enrollment.get_state_display())


@register.filter
def sign_in_mark(person: Person) -> StateMark:
    """{% state_mark person|sign_in_mark %}: whether somebody of the staff may sign in."""
    if person.is_active:
        return StateMark("done", _("allowed"))
    return StateMark("lock", _("stopped"), "warn")


@register.filter
def asked(how_asked: str) -> str:
    """{{ consent.how_asked|asked }}: in words, for a place within a sentence."""
    return asked_words(how_asked)


@register.filter
def told(contact: ContactPerson) -> list[str]:
    """What a contact person is told, in words."""
    return told_words(contact)
