"""The kinds of message. The engine knows what every message has in common; what one kind alone knows stands in a class in
`messages.py` of its topic. courses/apps.py lists them all, and nothing else adds one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from django.db.models import Choices, Q

from accounts.acts import Act
from accounts.models import ContactPerson, Person
from courses.messaging.enums import CallAnswer, MessagePolicy
from courses.messaging.models import Message
from courses.messaging.rules.windows import KEPT_WITHOUT_EVENT, Window, window_for

Words = Mapping[str, object]


class Facts(Protocol):
    """What the texts of some messages of one topic need, read for all of them together: a constant number of queries."""

    def __init__(self, messages: Sequence[Message], *, at: datetime) -> None: ...

    def words(self, message: Message) -> Words:
        """For a template, in the reader's language, which is active."""


class Kind:
    """One kind of message: when it goes, to whom, what must still be so, what it says.

    `rule` is its name in Message.rule and in the dedupe keys, `templates` the folder of its texts. The attributes below
    are those of a message that answers something the person did: told once, never stopped.
    """

    rule: ClassVar[Choices]
    templates: ClassVar[str]
    facts: ClassVar[type[Facts]]
    # A reminder: at most one a day and person.
    one_a_day: ClassVar[bool] = False
    # The person may ask for no more of these.
    stoppable: ClassVar[bool] = False
    policy: ClassVar[MessagePolicy] = MessagePolicy.RESEND
    # How long it makes sense when it is about no event.
    kept: ClassVar[timedelta] = KEPT_WITHOUT_EVENT
    # So many working days before its event; None for at once.
    days_before: ClassVar[int | None] = None
    # Its end is the end of what it is about, and sending it once more does not move it.
    fixed_end: ClassVar[bool] = False
    # The field of ContactPerson that lets a contact person be told too.
    contact_field: ClassVar[str] = ""
    # While a call of one of these kinds waits about the same enrollment, no second call is made for this one.
    said_with: ClassVar[Sequence[str]] = ()

    def still_so(self, at: datetime) -> Q:
        """Which messages of this kind still say what is so; of Message, beyond person, contact person and stops."""
        raise NotImplementedError

    def why(self, message: Message) -> str:
        """The reason for a coordinator, as a sentence in the language in use."""
        raise NotImplementedError

    def what(self, message: Message) -> str:
        """What it is about, in a few words."""
        return str(self.rule.label)

    def plan(self, at: datetime) -> int:
        """Plans what time alone makes due. Returns how many rows are new."""
        return 0

    def plan_session(self, session_id: int, at: datetime) -> int:
        """Plans anew for a session that was moved, cancelled or brought back. Returns how many rows are new."""
        return 0

    def window(
        self, channel: str, *, at: datetime, event_at: datetime | None = None, days_before: int | None = None
    ) -> Window:
        """When a message planned `at` is due and until when it makes sense. `days_before` instead of the kind's own."""
        days = self.days_before if days_before is None else days_before
        return window_for(channel, at=at, event_at=event_at, days_before=days, kept=self.kept)

    def later_window(self, message: Message, channel: str, at: datetime) -> Window | None:
        """For the same message on another channel after the first failed; None when that channel is too slow."""
        event_at = message.session.starts_at if message.session else None
        return Window(at, self.window(channel, at=at, event_at=event_at).expires_at)

    def answers(self, message: Message) -> list[Choices]:
        """What may be answered by somebody who was reached in a call. What is no CallAnswer is carried out by the function
        that stands beside the kind in courses/apps.py."""
        return [CallAnswer.REACHED]


class Answered(Protocol):
    """Carries out what was answered in a call, and records the call."""

    def __call__(self, *, message: Message, answer: Choices, act: Act) -> None: ...


@dataclass(frozen=True)
class Notification:
    """One thing to tell one person: what a row is made of. `about`: the fields of Message that say what it is about.
    `event_at`: the start of the session it has to come before."""

    kind: Kind
    person: Person
    key: str
    about: Mapping[str, object]
    event_at: datetime | None = None
    days_before: int | None = None
    call_first: bool = False
    contact: ContactPerson | None = None

    def window(self, channel: str, at: datetime) -> Window:
        return self.kind.window(channel, at=at, event_at=self.event_at, days_before=self.days_before)


_KINDS: dict[str, Kind] = {}
_ANSWERED: dict[str, Answered] = {}


def register_kind(kind: Kind, *, answered: Answered | None = None) -> None:
    """Called by courses/apps.py alone. `answered` carries out what was answered in a call of this kind."""
    _KINDS[str(kind.rule)] = kind
    if answered:
        _ANSWERED[str(kind.rule)] = answered


def kinds() -> Iterable[Kind]:
    """Every kind, in the order of courses/apps.py."""
    return _KINDS.values()


def kind_of(message: Message) -> Kind:
    return _KINDS[message.rule]


def kind_named(rule: str) -> Kind | None:
    """None for a name that no kind has: of an older program, or made up."""
    return _KINDS.get(rule)


def answered_by(message: Message) -> Answered:
    return _ANSWERED[message.rule]


def rules_that(wanted: Callable[[Kind], object]) -> list[str]:
    """The names of the kinds of which `wanted` is true."""
    return [rule for rule, kind in _KINDS.items() if wanted(kind)]


def may_be_stopped(rule: str) -> bool:
    kind = kind_named(rule)
    return kind is not None and kind.stoppable
