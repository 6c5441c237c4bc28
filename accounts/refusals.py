"""How a page says that a service said no: above its form (`refuse`), or on the page that comes next (`say_refusal`)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.exceptions import RuleError, StaleEdit


def refuse(form: forms.BaseForm, error: RuleError) -> None:
    """Puts the reasons above the form, which keeps what was typed; of a stale edit also what stands now."""
    for sentence in _sentences(error):
        form.add_error(None, sentence)


def say_refusal(request: HttpRequest, error: RuleError, *, level: int = messages.ERROR, conflicts: bool = True) -> None:
    """One line with all reasons on the next page; of a stale edit also what stands now, unless (`conflicts`) that page
    shows it in its place."""
    messages.add_message(request, level, " ".join(_sentences(error) if conflicts else error.reasons))


def _sentences(error: RuleError) -> list[str]:
    if not isinstance(error, StaleEdit):
        return error.reasons
    now = [_("%(field)s is now: %(value)s") % {"field": field, "value": value} for field, value in error.conflicts]
    return [*error.reasons, *now]
