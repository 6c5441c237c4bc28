"""Large rosters are applied by a worker: the row says what is asked, the cache says how far it is.

Applying is one transaction, so a worker that dies leaves a roster that is still queued, and the next tick begins it anew.
"""

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.services.audit import record_change
from courses.importing.rosters.models import Roster
from courses.importing.rosters.selectors import SILENT_SECONDS, progress_key
from courses.importing.rosters.services.rosters import (
    applied_before,
    apply_roster,
    check_rows,
    check_seen,
    locked_preview,
    renew_roster,
    rows_of,
)

MOST_ATTEMPTS = 5


@transaction.atomic
def queue_roster(
    *, roster: Roster, act: Act, skip_errors: bool, hold_messages: bool = False, seen: int | None = None
) -> Roster:
    """Asks a worker to apply the roster. What apply_roster would refuse at a glance is refused now."""
    locked = locked_preview(roster)
    check_seen(locked, seen)
    check_rows(rows_of(locked), skip_errors)
    cache.delete_many([progress_key(locked.pk), _cancel_key(locked.pk)])
    locked.state, locked.queued_at, locked.queued_by = Roster.State.QUEUED, act.at, act.by
    locked.skip_errors, locked.hold_messages, locked.attempts = skip_errors, hold_messages, 0
    locked.save(update_fields=["state", "queued_at", "queued_by", "skip_errors", "hold_messages", "attempts"])
    record_change(by=act.by, action="roster.queue", thing=locked)
    return locked


def apply_queued_rosters() -> int:
    """Applies what is queued, the oldest first; returns how many were applied. Each is one transaction.

    A roster that is refused, or that was begun five times without an end, becomes a preview again with the reason in
    `result["refused"]`.
    """
    queued = Roster.objects.filter(state=Roster.State.QUEUED).order_by("queued_at", "pk")
    return sum(apply_queued_roster(pk=pk) for pk in list(queued.values_list("pk", flat=True)))


def apply_queued_roster(*, pk: int) -> bool:
    """Whether it was applied; False when it is not queued any more, another worker has it, or it was refused."""
    roster = _begin(pk)
    if roster is None:
        return False
    with override(roster.queued_by.language if roster.queued_by else None):
        try:
            applied = apply_roster(
                roster=roster,
                act=Act(by=roster.queued_by, via=HowAsked.ROSTER, at=timezone.now()),
                skip_errors=roster.skip_errors,
                hold_messages=roster.hold_messages,
                tell=lambda done, total: _tell(pk, done, total),
            )
        except RuleError as error:
            _give_back(pk, error)
            return False
        finally:
            cache.delete(progress_key(pk))
    return applied.state == Roster.State.APPLIED


@transaction.atomic
def _begin(pk: int) -> Roster | None:
    """Counts the attempt before it is made: one that kills its worker each time must end."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = Roster.objects.select_for_update(of=("self",), skip_locked=skip).filter(pk=pk, state=Roster.State.QUEUED)
    roster = rows.select_related("queued_by").first()
    if roster is None:
        return None
    if roster.attempts >= MOST_ATTEMPTS:
        _to_preview(roster, [_("The list was begun several times and never came to an end. Tell the administrator.")])
        return None
    roster.attempts += 1
    roster.save(update_fields=["attempts"])
    return roster


def _tell(pk: int, done: int, total: int) -> None:
    """Says how far it is, and stops when somebody has cancelled: the transaction takes everything back."""
    if cache.get(_cancel_key(pk)):
        raise RuleError([_("The import was cancelled.")], code="cancelled")
    cache.set(progress_key(pk), (done, total), SILENT_SECONDS)


@transaction.atomic
def _give_back(pk: int, error: RuleError) -> None:
    roster = Roster.objects.select_for_update(of=("self",)).get(pk=pk)
    if roster.state != Roster.State.QUEUED:
        return
    _to_preview(roster, error.reasons)
    if error.code == "stale":
        _to_preview(renew_roster(roster=roster), error.reasons)


def _to_preview(roster: Roster, reasons: list[str]) -> None:
    roster.state = Roster.State.PREVIEW
    roster.result = {**roster.result, "refused": reasons}
    roster.save(update_fields=["state", "result"])


def cancel_roster(*, roster: Roster, act: Act) -> Roster:
    """Makes a queued roster a preview again; one that is being applied stops at its next step and leaves nothing behind.

    RuleError `applied` when it was quicker: undo it then. A roster that is not queued comes back as it is.
    """
    # Seen by the worker within its transaction, on whose end the lock below waits.
    cache.set(_cancel_key(roster.pk), True, SILENT_SECONDS)
    try:
        return _cancel(roster, act)
    finally:
        cache.delete_many([_cancel_key(roster.pk), progress_key(roster.pk)])


@transaction.atomic
def _cancel(roster: Roster, act: Act) -> Roster:
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.APPLIED:
        raise applied_before(locked)
    if locked.state == Roster.State.QUEUED:
        locked.state = Roster.State.PREVIEW
        locked.save(update_fields=["state"])
        record_change(by=act.by, action="roster.cancel", thing=locked)
    return locked


def _cancel_key(pk: int) -> str:
    return f"roster-cancel-{pk}"
