from collections.abc import Mapping
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.catalogue.enums import Assessment, Declaration
from courses.catalogue.forms.texts import three_languages
from courses.catalogue.models import Course, Module
from courses.catalogue.rules import CompletionRule, Practice

# Words that stand for pages where a code would stand.
RESERVED_CODES = {"new", "sample"}


def refuse_reserved_code(code: str) -> str:
    if code.lower() in RESERVED_CODES:
        raise ValidationError(_("This code cannot be used. Choose another one."), code="reserved")
    return code


class CourseForm(forms.ModelForm):
    class Meta:
        model = Course
        fields = [
            "code",
            "format",
            "title_fi",
            "title_sv",
            "title_en",
            "summary_fi",
            "summary_sv",
            "summary_en",
            "lessons",
            "capacity",
            "minimum",
            "valid_months",
            "price",
            "makes_mentors",
            "required_course",
            "required_certificate",
        ]
        help_texts = {
            "required_course": _(
                "Who has not completed it is told so before applying. You may waive it with a reason."
            ),
            "required_certificate": _("The certificate has to be valid on the day of enrolling."),
        }
        widgets = {f"summary_{language}": forms.Textarea(attrs={"rows": 4}) for language in ("fi", "sv", "en")}

    def __init__(
        self, data: Mapping[str, object] | None = None, *, instance: Course | None = None, has_modules: bool = False
    ) -> None:
        super().__init__(data, instance=instance)
        if has_modules:
            # The lessons of its modules are added up.
            del self.fields["lessons"]
        figures = [name for name in ("lessons", "capacity", "minimum", "valid_months", "price") if name in self.fields]
        for name in figures:
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        others = Course.objects.exclude(pk=self.instance.pk).order_by("code")
        asked = self.fields["required_course"], self.fields["required_certificate"]
        for field, courses in zip(asked, (others, others.filter(valid_months__isnull=False)), strict=True):
            field.queryset, field.empty_label = courses, str(_("Nothing"))
            field.label_from_instance = _code_and_title
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("code", "format", css_class="pair"),
            *three_languages("title", "summary"),
            Div(*figures, css_class="pair"),
            "makes_mentors",
            Fieldset(
                str(_("Asked for before enrolling")),
                Div("required_course", "required_certificate", css_class="pair"),
            ),
        )

    def clean_code(self) -> str:
        return refuse_reserved_code(self.cleaned_data["code"])


class CopyCourseForm(forms.ModelForm):
    """The code of a copy, which is all that it has of its own."""

    class Meta:
        model = Course
        fields = ["code"]
        labels = {"code": _("Code of the new course")}

    def clean_code(self) -> str:
        return refuse_reserved_code(self.cleaned_data["code"])


def _code_and_title(course: Course) -> str:
    return f"{course.code} {course.title}"


class ModuleForm(forms.ModelForm):
    class Meta:
        model = Module
        fields = [
            "code",
            "kind",
            "title_fi",
            "title_sv",
            "title_en",
            "description_fi",
            "description_sv",
            "description_en",
            "lessons",
            "practice_minutes",
        ]
        widgets = {f"description_{language}": forms.Textarea(attrs={"rows": 4}) for language in ("fi", "sv", "en")}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Module) -> None:
        super().__init__(data, instance=instance)
        if self.instance.pk:
            # Rules and records know a module by its code.
            del self.fields["code"]
        first = [name for name in ("code", "kind") if name in self.fields]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div(*first, css_class="pair"),
            *three_languages("title", "description"),
            Div("lessons", "practice_minutes", css_class="pair"),
        )


class CompletionRuleForm(forms.Form):
    """The rule as figures and ticks; `rule` gives it back as a CompletionRule."""

    lesson_percent = forms.IntegerField(
        label=_("Share of the lessons, percent"), min_value=0, max_value=100, required=False
    )
    counted_modules = forms.MultipleChoiceField(
        label=_("Modules whose lessons count"), widget=forms.CheckboxSelectMultiple, required=False
    )
    mandatory_modules = forms.MultipleChoiceField(
        label=_("Mandatory modules"), widget=forms.CheckboxSelectMultiple, required=False
    )
    most_made_up_modules = forms.IntegerField(
        label=_("Most modules that may be made up"), min_value=0, required=False, help_text=_("Empty: no limit.")
    )
    assessments = forms.MultipleChoiceField(
        label=_("Assessments to pass"), choices=Assessment.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    visits = forms.IntegerField(label=_("Visits of practice"), min_value=0, required=False)
    minutes = forms.IntegerField(label=_("Minutes of practice"), min_value=0, required=False)
    people_helped = forms.IntegerField(label=_("People helped"), min_value=0, required=False)
    supervised_visits = forms.IntegerField(label=_("Supervised visits"), min_value=0, required=False)
    declarations = forms.MultipleChoiceField(
        label=_("Declarations to sign"),
        choices=Declaration.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, course: Course) -> None:
        modules = list(course.modules.order_by("order"))
        rule = CompletionRule.from_json(course.completion_rule, [module.code for module in modules if module.mandatory])
        super().__init__(data, initial=_initial(rule))
        choices = [(module.code, f"{module.code} {module.title}") for module in modules]
        for name in ("counted_modules", "mandatory_modules"):
            self.fields[name].choices = choices
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.widget.attrs["inputmode"] = "numeric"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                str(_("Attendance")),
                Div("lesson_percent", "most_made_up_modules", css_class="pair"),
                Div("counted_modules", "mandatory_modules", css_class="pair") if modules else HTML(""),
            ),
            Fieldset(
                str(_("Practice")),
                Div("visits", "minutes", "people_helped", "supervised_visits", css_class="pair"),
            ),
            Fieldset(str(_("Also needed")), Div("assessments", "declarations", css_class="pair")),
        )

    def rule(self) -> CompletionRule:
        data = self.cleaned_data
        return CompletionRule(
            lesson_share=Decimal(data["lesson_percent"] or 0) / 100,
            counted_modules=tuple(data["counted_modules"]),
            mandatory_modules=tuple(data["mandatory_modules"]),
            most_made_up_modules=data["most_made_up_modules"],
            assessments=tuple(data["assessments"]),
            practice=Practice(
                visits=data["visits"] or 0,
                minutes=data["minutes"] or 0,
                people_helped=data["people_helped"] or 0,
                supervised_visits=data["supervised_visits"] or 0,
            ),
            declarations=tuple(data["declarations"]),
        )


def _initial(rule: CompletionRule) -> dict[str, object]:
    return {
        "lesson_percent": round(rule.lesson_share * 100),
        "counted_modules": list(rule.counted_modules),
        "mandatory_modules": list(rule.mandatory_modules),
        "most_made_up_modules": rule.most_made_up_modules,
        "assessments": list(rule.assessments),
        "declarations": list(rule.declarations),
        **rule.practice.__dict__,
    }
