"""How a page says that a service said no."""

from django import forms
from django.utils.translation import gettext as _

from accounts.exceptions import RuleError, StaleEdit


def refuse(form: forms.BaseForm, error: RuleError) -> None:
    """Puts the reasons above the form, which keeps what was typed; of a stale edit also what stands now."""
    for reason in error.reasons:
        form.add_error(None, reason)
    if isinstance(error, StaleEdit):
        for field, value in error.conflicts:
            form.add_error(None, _("%(field)s is now: %(value)s") % {"field": field, "value": value})
