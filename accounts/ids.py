"""Ids as forms send them. What is no id at all names no row, as an id does whose row is gone: nothing of it is an error."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

# Of a BigAutoField. A database may refuse to look for a larger one.
LARGEST_ID = 2**63 - 1


def read_id(text: str) -> int | None:
    """The id that `text` is; None when it is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID))
    return int(text) if is_number and int(text) <= LARGEST_ID else None


class IdField(forms.Field):
    """One id, or None."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, text: str | None) -> int | None:
        return read_id(text or "")


class IdsField(forms.Field):
    """The ids that were ticked in a list."""

    widget = forms.MultipleHiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, texts: Iterable[str] | None) -> set[int]:
        return {number for number in map(read_id, texts or []) if number is not None}


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows. Django's own field looks for any number, and of one that is too large the database makes an error."""

    def clean(self, chosen: Iterable[str] | None) -> QuerySet[Model]:
        for text in chosen or []:
            if read_id(str(text)) is None:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": text}
                )
        rows: QuerySet[Model] = super().clean(chosen)
        return rows
