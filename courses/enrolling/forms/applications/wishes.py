"""What to arrange for somebody, and what they want to learn."""

from collections.abc import Mapping

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_identity_code
from courses.enrolling.forms.applications.public import PublicForm, Row
from courses.enrolling.models import Enrollment, SupportNeeds
from courses.enrolling.rules.support import NeedsData


class WishesForm(PublicForm):
    """What to arrange, and what the person wants to learn. None of it must be answered."""

    goal = forms.CharField(
        label=_("What would you like to learn?"),
        required=False,
        max_length=Enrollment._meta.get_field("goal").max_length,
        validators=[refuse_identity_code],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In your own words."),
    )

    needs_words = _("Do you need any of these?")

    class Meta:
        model = SupportNeeds
        fields = ["hearing_loop", "wheelchair", "loan_device", "note"]
        labels = {
            "hearing_loop": _("An induction loop for my hearing aid"),
            "wheelchair": _("Room for a wheelchair"),
            "loan_device": _("A phone, tablet or computer on loan"),
            "note": _("Something else"),
        }
        help_texts = {"note": _("Write what we should arrange. Nothing about your health.")}

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        initial: dict[str, object] | None = None,
        instance: SupportNeeds | None = None,
    ) -> None:
        super().__init__(data, initial=initial, instance=instance)
        self.helper.layout = Layout(
            HTML('<fieldset class="checks"><legend class="form-label">{{ form.needs_words }}</legend><div>'),
            "hearing_loop",
            "wheelchair",
            "loan_device",
            HTML("</div></fieldset>"),
            "note",
            "goal",
        )

    @property
    def needs(self) -> NeedsData:
        """For note_support_needs."""
        return {
            "hearing_loop": self.cleaned_data.get("hearing_loop", False),
            "wheelchair": self.cleaned_data.get("wheelchair", False),
            "loan_device": self.cleaned_data.get("loan_device", False),
            "note": self.cleaned_data.get("note", ""),
        }

    def rows(self) -> list[Row]:
        cleaned = self.cleaned_data
        asked = [
            str(self.fields[name].label) for name in ("hearing_loop", "wheelchair", "loan_device") if cleaned[name]
        ]
        return [
            Row(
                _("We arrange"),
                ", ".join([*asked, *([cleaned["note"]] if cleaned["note"] else [])]) or str(_("Nothing")),
            ),
            Row(_("You want to learn"), cleaned["goal"] or str(_("Not given"))),
        ]


class CorrectForm(WishesForm):
    """The wishes of an application that was sent; asks for the consent to what is arranged while there is none."""

    support_consent = forms.BooleanField(label=_("Yes, the trainers may know what to arrange for me"), required=False)

    def __init__(self, data: Mapping[str, object] | None = None, *, enrollment: Enrollment, asks_consent: bool) -> None:
        needs = SupportNeeds.objects.filter(enrollment=enrollment).first()
        super().__init__(data, initial={"goal": enrollment.goal}, instance=needs)
        if asks_consent:
            self.helper.layout.fields.insert(6, "support_consent")
        else:
            del self.fields["support_consent"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if "support_consent" in self.fields and any(self.needs.values()) and not cleaned.get("support_consent"):
            self.add_error("support_consent", _("Tick the box, or take away what we should arrange."))
        return cleaned

    @property
    def has_consent(self) -> bool:
        return bool(self.cleaned_data.get("support_consent"))
