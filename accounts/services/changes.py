"""What differs between what stands and what a form would write."""

from collections.abc import Mapping
from typing import Any

from django.db import models


def changed_names(thing: models.Model, fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field in words, value that stands now) for each of `fields` that would change; fields of many values are left out."""
    conflicts = []
    for name, value in fields.items():
        field: Any = thing._meta.get_field(name)
        if field.many_to_many or getattr(thing, name) == value:
            continue
        shown = getattr(thing, f"get_{name}_display")() if getattr(field, "choices", None) else getattr(thing, name)
        conflicts.append((str(field.verbose_name), str(shown)))
    return conflicts
