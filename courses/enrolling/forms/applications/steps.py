"""The forms in their order, page by page."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms

from courses.enrolling.forms.applications.people import CompanionForm, ContactForm, YouForm
from courses.enrolling.forms.applications.public import PublicForm
from courses.enrolling.forms.applications.wishes import WishesForm

MOST_COMPANIONS = 3
STEPS: Mapping[str, type[PublicForm]] = {"you": YouForm, "contact": ContactForm, "wishes": WishesForm}


def forms_of_step(step: str, typed: Mapping[str, object] | None) -> list[PublicForm]:
    """The forms of one page; the companions stand on that of the wishes. `typed`: what was typed there, or None."""
    main = STEPS[step](typed)
    if step != "wishes":
        return [main]
    return [main, *companion_forms(typed)]


def companion_forms(typed: Mapping[str, object] | None) -> list[CompanionForm]:
    return [CompanionForm(typed, prefix=f"companion{number}") for number in range(1, MOST_COMPANIONS + 1)]


def all_right(filled_in: Iterable[forms.BaseForm]) -> bool:
    """Whether each is valid; each is asked, so that all their mistakes are shown at once."""
    return not [form for form in filled_in if not form.is_valid()]


def typed_in(step_forms: Sequence[forms.BaseForm]) -> dict[str, str]:
    """What was typed into valid forms, by the names of the fields, to be kept until it is sent."""
    return {
        bound.html_name: str(form.data[bound.html_name])
        for form in step_forms
        for bound in form
        if bound.html_name in form.data
    }
