from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import AuditEntry, Person
from accounts.services.bulk import insert_rows


def audit_entry(
    *,
    by: Person | None,
    action: str,
    subject: Person | None = None,
    thing: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """An unsaved entry, for record_changes. `detail` holds codes, states and figures, never names or contacts."""
    return AuditEntry(
        at=timezone.now(),
        by=by,
        action=action,
        subject=subject,
        object_type=thing._meta.model_name or "" if thing is not None else "",
        object_id=thing.pk if thing is not None else None,
        detail=dict(detail or {}),
    )


def record_change(
    *,
    by: Person | None,
    action: str,
    subject: Person | None = None,
    thing: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Adds one entry, in the caller's transaction. `action` = topic.verb, for example `enrollment.withdraw`."""
    entry = audit_entry(by=by, action=action, subject=subject, thing=thing, detail=detail)
    entry.save(force_insert=True)
    return entry


def record_changes(entries: Iterable[AuditEntry]) -> int:
    """Adds many entries in bulk, in the caller's transaction; returns how many."""
    return insert_rows(AuditEntry, entries)
