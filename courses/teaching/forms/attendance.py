"""The register of a session as a form: a row of choices for each person, made for a thumb."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from accounts.models import Person
from courses.enrolling.wording.support import Arrangement
from courses.scheduling.models import Session
from courses.teaching.enums import AttendanceState
from courses.teaching.rules.attendance import lessons_credited
from courses.teaching.selectors.attendance import RegisterLine

Choice = tuple[str, str | StrPromise]
Value = TypeVar("Value", str, int | str)

PART = (AttendanceState.LATE, AttendanceState.LEFT_EARLY)
AWAY = (AttendanceState.ABSENT_TOLD, AttendanceState.ABSENT, AttendanceState.MADE_UP)

CHOICES: list[Choice] = [
    ("present", pgettext_lazy("attendance", "Present")),
    ("part", pgettext_lazy("attendance", "Part of it")),
    ("away", pgettext_lazy("attendance", "Absent")),
]
GUEST_CHOICES: list[Choice] = [
    ("made_up", pgettext_lazy("attendance", "Made up")),
    ("none", pgettext_lazy("attendance", "Was not here")),
]
PART_CHOICES: list[Choice] = [
    (AttendanceState.LATE, pgettext_lazy("attendance", "Came late")),
    (AttendanceState.LEFT_EARLY, pgettext_lazy("attendance", "Left early")),
]
AWAY_CHOICES: list[Choice] = [
    (AttendanceState.ABSENT_TOLD, pgettext_lazy("attendance", "Told us")),
    (AttendanceState.ABSENT, pgettext_lazy("attendance", "Did not tell")),
    (AttendanceState.MADE_UP, pgettext_lazy("attendance", "Made up")),
]


class MarkClash(Protocol):
    """One person whom somebody else marked differently meanwhile: (state, lessons) of each, None for no mark."""

    @property
    def mine(self) -> tuple[str, int] | None: ...
    @property
    def theirs(self) -> tuple[str, int] | None: ...
    @property
    def by(self) -> Person | None: ...
    @property
    def at(self) -> datetime: ...


@dataclass
class RegisterRow:
    """One person on the page: what is chosen, what somebody else chose meanwhile, what to arrange for them."""

    line: RegisterLine
    number: int
    choices: Sequence[Choice]
    choice: str
    part: str
    away: str
    lessons: int | str
    was: str
    errors: Sequence[str] = ()
    theirs: str = ""
    theirs_by: str = ""
    theirs_at: datetime | None = None
    arrange: Sequence[Arrangement] = ()
    parts: Sequence[Choice] = field(default_factory=lambda: PART_CHOICES)
    aways: Sequence[Choice] = field(default_factory=lambda: AWAY_CHOICES)


class RegisterForm(forms.Form):
    """Fields by enrollment id: `m-1` choice, `p-1` which part, `a-1` which absence, `l-1` lessons, `was-1` what was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        session: Session,
        lines: Iterable[RegisterLine],
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.session = session
        self.lines = list(lines)
        for line in self.lines:
            pk = line.enrollment.pk
            self.fields |= {
                f"m-{pk}": forms.ChoiceField(label=line.name, choices=_choices(line), required=False),
                f"p-{pk}": forms.ChoiceField(label=line.name, choices=PART_CHOICES, required=False),
                f"a-{pk}": forms.ChoiceField(label=line.name, choices=AWAY_CHOICES, required=False),
                f"l-{pk}": forms.IntegerField(
                    label=_("Lessons, %(name)s") % {"name": line.name},
                    min_value=0,
                    max_value=session.lessons,
                    required=False,
                ),
                f"was-{pk}": forms.CharField(max_length=20, required=False),
            }

    def marks(self) -> dict[int, tuple[str, int | None] | None]:
        """What the editor changed, as teaching.services.attendance.save_register takes it."""
        marks: dict[int, tuple[str, int | None] | None] = {}
        for line in self.lines:
            pk = line.enrollment.pk
            mark = self._mark(pk)
            if self.cleaned_data[f"m-{pk}"] and _as_text(mark, self.session) != self.cleaned_data[f"was-{pk}"]:
                marks[pk] = mark
        return marks

    def rows(self) -> Iterator[RegisterRow]:
        for number, line in enumerate(self.lines, start=1):
            pk = line.enrollment.pk
            stands = ("made_up", "", "") if line.guest and line.state else _parts_of(line.state)
            yield RegisterRow(
                line=line,
                number=number,
                choices=_choices(line),
                choice=self._typed(f"m-{pk}", stands[0]),
                part=self._typed(f"p-{pk}", stands[1]),
                away=self._typed(f"a-{pk}", stands[2]),
                lessons=self._typed(f"l-{pk}", line.lessons if line.state in PART else ""),
                was=self._typed(f"was-{pk}", f"{line.state}:{line.lessons}" if line.state else ""),
                errors=[str(error) for error in self.errors.get(f"l-{pk}", ())],
            )

    def rows_with(self, clashes: Mapping[int, MarkClash], words: Mapping[str, str]) -> Iterator[RegisterRow]:
        """The rows of an unbound form, mine kept where somebody else saved another value, and theirs named."""
        for row in self.rows():
            if clash := clashes.get(row.line.enrollment.pk):
                state, lessons = clash.mine or ("", 0)
                row.choice, row.part, row.away = _parts_of(state)
                row.lessons = lessons if state in PART else ""
                row.theirs = words[clash.theirs[0] if clash.theirs else ""]
                row.theirs_by = clash.by.full_name if clash.by else ""
                row.theirs_at = clash.at
            yield row

    def _mark(self, pk: int) -> tuple[str, int | None] | None:
        match self.cleaned_data[f"m-{pk}"]:
            case "present":
                return AttendanceState.PRESENT, None
            case "part":
                return self.cleaned_data[f"p-{pk}"] or AttendanceState.LATE, self.cleaned_data[f"l-{pk}"]
            case "away":
                return self.cleaned_data[f"a-{pk}"] or AttendanceState.ABSENT, None
            case "made_up":
                return AttendanceState.MADE_UP, None
        return None

    def _typed(self, name: str, stands: Value) -> str | Value:
        return self.data.get(name, "") if self.is_bound else stands


class GuestForm(forms.Form):
    """Somebody of another group who makes a module up here, by their own code."""

    code = forms.CharField(
        label=_("Own code of the guest"),
        max_length=20,
        help_text=_("It stands on their letters, for example S-7K3M-Q2."),
    )


def _choices(line: RegisterLine) -> list[Choice]:
    return GUEST_CHOICES if line.guest else CHOICES


def _parts_of(state: str) -> tuple[str, str, str]:
    """Choice, part and absence that stand for a state of one of the group."""
    if state in PART:
        return "part", state, ""
    if state in AWAY:
        return "away", "", state
    return ("present" if state else ""), "", ""


def _as_text(mark: tuple[str, int | None] | None, session: Session) -> str:
    if mark is None:
        return ""
    return f"{mark[0]}:{lessons_credited(mark[0], session.lessons, mark[1])}"
