"""Every text that a form takes from people refuses a personal identity code, kindly. A new field is tried by itself."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django import forms
from django.core.exceptions import ValidationError

import accounts
import courses

# Searched for and forgotten, compared and forgotten, or a code with a form of its own.
NOT_KEPT = {
    "accounts.forms.sign_in.CodeForm.code",
    "courses.certifying.forms.CheckForm.number",
    "courses.certifying.forms.CompareNameForm.name",
    "courses.scheduling.forms.cohorts.CohortFilterForm.text",
    "courses.enrolling.forms.desk.EnrollForm.cohort",
    "courses.enrolling.forms.desk.CallerForm.who",
    "accounts.forms.sign_in.SignInForm.email",
}
SEARCHED = {"q", "find"}
CODES = {"code"}


def form_classes() -> Iterator[type[forms.BaseForm]]:
    modules = [
        import_module(module.name)
        for app in (accounts, courses)
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}.")
        if "forms" in module.name.split(".")
    ]
    for module in modules:
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, forms.BaseForm) and thing.__module__ == module.__name__:
                yield thing


def typed_texts() -> Iterator[tuple[str, list[Callable[[str], object]]]]:
    """Path of a field -> what judges a text typed there: the form's field, and the model's where it is saved to one."""
    for form in form_classes():
        model = getattr(getattr(form, "_meta", None), "model", None)
        columns = {column.name: column for column in model._meta.concrete_fields} if model else {}
        for name, field in form.base_fields.items():
            path = f"{form.__module__}.{form.__name__}.{name}"
            hidden = isinstance(field.widget, forms.HiddenInput)
            kept = path not in NOT_KEPT and name not in SEARCHED | CODES
            if isinstance(field, forms.CharField) and kept and not hidden:
                yield path, [field.clean, *([columns[name].run_validators] if name in columns else [])]


TEXTS = dict(typed_texts())


def test_the_texts_that_are_not_kept_exist():
    paths = {f"{form.__module__}.{form.__name__}.{name}" for form in form_classes() for name in form.base_fields}

    assert NOT_KEPT - paths == set()


@pytest.mark.parametrize("path", TEXTS)
def test_a_typed_text_refuses_an_identity_code(path):
    refusals = 0
    for judge in TEXTS[path]:
        try:
            judge("010148-123A")
        except ValidationError:
            refusals += 1

    assert refusals > 0
