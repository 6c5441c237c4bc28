from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.models import Person
from courses.registry.rules import GROUPS, Line, better_spelled
from courses.registry.selectors.merges import Comparison, Side
from courses.registry.wording.merges import keep_words

FIRST, SECOND = "first", "second"


class CandidatesAfterForm(forms.Form):
    """Behind which pair a page of pairs goes on: DuplicateCandidate.place."""

    after = forms.RegexField(r"^[0-9]{1,9}-[0-9]{1,18}$", required=False)

    def clean_after(self) -> tuple[int, int] | None:
        number, _dash, pair = self.cleaned_data["after"].partition("-")
        return (int(number), int(pair)) if pair else None


class OtherRecordForm(forms.Form):
    """With which other record is this one compared?"""

    q = forms.CharField(
        label=_("The other record"),
        max_length=200,
        help_text=_("Own code, name, phone or e-mail."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the own code or a part of the name.")},
    )


class MergeForm(forms.Form):
    """Which of two records stays, and of each thing in which they differ which value stays.

    The first post asks for the review (`step` is `review`); the second, from there, makes them one and needs the tick.
    """

    stays = forms.ChoiceField(label=_("Which record stays?"), widget=forms.RadioSelect)
    step = forms.ChoiceField(choices=[("review", "review"), ("merge", "merge")], widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=_("I have compared the two records. They are one person, and I know that this cannot be undone."),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        comparison: Comparison,
        lines: Sequence[Line],
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.comparison = comparison
        self.lines = lines
        sides = comparison.sides
        self.fields["stays"].choices = [
            (side.person.code, f"{side.person.code} {side.person.full_name}") for side in sides
        ]
        self.fields["stays"].initial = comparison.default.person.code
        self.fields["stays"].help_text = keep_words(comparison)
        self.fields["step"].initial = "review"
        self.fields["seen"].initial = comparison.seen
        for line in self.chosen_lines:
            self.fields[line.group] = forms.ChoiceField(
                label=line.label,
                choices=list(zip((FIRST, SECOND), line.values, strict=True)),
                widget=forms.RadioSelect,
                initial=self._usual(line),
            )

    @property
    def chosen_lines(self) -> list[Line]:
        """What one has to choose: under a safety ban no address stays, so there is nothing to choose."""
        banned = any(side.person.protected for side in self.comparison.sides)
        return [line for line in self.lines if line.differs and not (banned and line.group == "address")]

    @property
    def chosen_fields(self) -> list[forms.BoundField]:
        return [self[line.group] for line in self.chosen_lines]

    @property
    def kept(self) -> Side:
        return self.comparison.side_of(self.cleaned_data["stays"])

    @property
    def gone(self) -> Side:
        return self.comparison.other(self.kept)

    @property
    def chosen_sides(self) -> dict[str, int]:
        """By group of fields the side whose value stays: 0 or 1."""
        return {line.group: (FIRST, SECOND).index(self.cleaned_data[line.group]) for line in self.chosen_lines}

    @property
    def fields_of_gone(self) -> list[str]:
        """For merge_people: the fields whose value stays from the record that goes."""
        goes = SECOND if self.gone is self.comparison.sides[1] else FIRST
        return [
            name for line in self.chosen_lines if self.cleaned_data[line.group] == goes for name in GROUPS[line.group]
        ]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("step") == "merge" and not cleaned.get("sure"):
            self.add_error("sure", _("Tick this when you are sure."))
        if not self.errors:
            self._check_ways()
        return cleaned

    def for_review(self) -> "MergeForm":
        """The same answers, carried on unseen; only the tick is asked for, and not missed yet."""
        answers = {**self.cleaned_data, "step": "merge", "sure": False}
        return MergeForm(initial=answers, comparison=self.comparison, lines=self.lines).hide_all_but_the_tick()

    def hide_all_but_the_tick(self) -> "MergeForm":
        for name, field in self.fields.items():
            if name != "sure":
                field.widget = forms.HiddenInput()
        return self

    def _usual(self, line: Line) -> str:
        """What stands on the record that usually stays; of a name the better spelling, and what is known rather than
        nothing."""
        if line.group in ("first_name", "last_name"):
            spelled = better_spelled(*line.values)
            if spelled is not None:
                return (FIRST, SECOND)[spelled]
        usual = self.comparison.sides.index(self.comparison.default)
        if line.empty[usual]:
            usual = 1 - usual
        return (FIRST, SECOND)[usual]

    def _check_ways(self) -> None:
        """The first way to reach them has its address, if the record had one before."""
        taken = set(self.fields_of_gone)

        def value(name: str) -> str:
            person: Person = (self.gone if name in taken else self.kept).person
            return getattr(person, name)

        needed: dict[str, str] = {
            Channel.EMAIL: "email",
            Channel.SMS: "phone",
            Channel.CALL: "phone",
            Channel.LETTER: "street",
        }
        name = needed.get(value("channel"))
        banned = any(side.person.protected for side in self.comparison.sides)
        has = [getattr(side.person, name) for side in self.comparison.sides] if name else []
        if name and any(has) and not value(name) and not (banned and name == "street"):
            words = {
                "email": _("E-mail is how we reach them. Choose the e-mail address, or the other way to reach them."),
                "phone": _("The phone is how we reach them. Choose the number, or the other way to reach them."),
                "street": _("A letter is how we reach them. Choose the address, or the other way to reach them."),
            }
            self.add_error({"street": "address"}.get(name, name), words[name])
