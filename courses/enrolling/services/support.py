"""Support needs: what to arrange so that somebody can take part. Apart from the rest, of a special kind: the audit says
that something was noted or removed, never what, and no value stands in a log."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import ConsentPurpose, HowAsked
from accounts.exceptions import RuleError
from accounts.models import Consent, Person
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.consents import give_consent
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment, SupportNeeds
from courses.enrolling.rules.support import KEPT_AFTER_END, NeedsData


@transaction.atomic
def note_support_needs(
    *, enrollment: Enrollment, needs: NeedsData, act: Act, consent_text: str = ""
) -> SupportNeeds | None:
    """What stands afterwards: `needs` as a whole, or None and nothing stored when they are empty.

    `consent_text`: the words of consentwords that were read or shown just now; recorded unless the person's yes stands
    already. RuleError: `consent` when there is neither, `closed` for an enrollment that has ended, `invalid`.
    """
    if not any(_whole(needs).values()):
        remove_support_needs(enrollment=enrollment, act=act)
        return None
    stored = _locked(enrollment)
    if stored.state not in OPEN_STATES:
        raise RuleError([_("This place has ended: there is nothing to arrange any more.")], code="closed")
    row = SupportNeeds.objects.filter(enrollment=stored).first() or SupportNeeds(enrollment=stored)
    before = _what(row)
    for name, value in _whole(needs).items():
        setattr(row, name, value)
    if row.pk and _what(row) == before:
        return row
    row.noted_at, row.noted_by, row.how_asked = act.at, act.by, act.via
    try:
        row.full_clean()
    except ValidationError as error:
        raise RuleError(error.messages, code="invalid") from error
    if not may_be_noted(stored.person):
        give_consent(person=stored.person, purpose=ConsentPurpose.SUPPORT, text=consent_text, act=act)
    row.save()
    record_change(by=act.by, action="support.note", subject=stored.person, thing=stored, detail={"how_asked": act.via})
    return row


@transaction.atomic
def remove_support_needs(*, enrollment: Enrollment, act: Act) -> bool:
    """Deletes what is noted. Returns whether there was anything."""
    stored = _locked(enrollment)
    deleted, _by_model = SupportNeeds.objects.filter(enrollment=stored).delete()
    if deleted:
        record_change(
            by=act.by, action="support.remove", subject=stored.person, thing=stored, detail={"how_asked": act.via}
        )
    return bool(deleted)


def may_be_noted(person: Person) -> bool:
    """Whether the person's yes to support needs stands."""
    return Consent.objects.filter(person=person, purpose=ConsentPurpose.SUPPORT, withdrawn_at__isnull=True).exists()


@transaction.atomic
def remove_support_needs_of(*, person: Person, act: Act) -> int:
    """Deletes all that is noted for the person, in every enrollment. Returns how many it was."""
    return _delete(
        SupportNeeds.objects.filter(enrollment__person=person), act, "support.remove", {"how_asked": act.via}
    )


def old_support_needs(*, at: datetime) -> QuerySet[SupportNeeds]:
    """What has been kept long enough: 30 days after the cohort's last day, or after the person's own place ended."""
    return SupportNeeds.objects.filter(
        Q(enrollment__cohort__ends_on__lte=timezone.localdate(at) - KEPT_AFTER_END)
        | Q(enrollment__ended_at__lte=at - KEPT_AFTER_END)
    )


@transaction.atomic
def delete_old_support_needs(*, at: datetime) -> int:
    """Deletes them, with an audit row each that says no more than that. Run again, it deletes nothing more."""
    return _delete(old_support_needs(at=at), Act(by=None, via=HowAsked.SYSTEM, at=at), "support.delete", {})


def _delete(needs: QuerySet[SupportNeeds], act: Act, action: str, detail: dict[str, str]) -> int:
    rows = list(needs.select_for_update(of=("self",)).select_related("enrollment__person"))
    SupportNeeds.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return record_changes(
        audit_entry(by=act.by, action=action, subject=row.enrollment.person, thing=row.enrollment, detail=detail)
        for row in rows
    )


def _locked(enrollment: Enrollment) -> Enrollment:
    """Two people noting at once come one after the other. Nothing but its own child is written under this lock."""
    return (
        Enrollment.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=enrollment.pk)
    )


def _whole(needs: NeedsData) -> NeedsData:
    return {
        "hearing_loop": needs.get("hearing_loop", False),
        "wheelchair": needs.get("wheelchair", False),
        "loan_device": needs.get("loan_device", False),
        "note": " ".join(needs.get("note", "").split()),
    }


def _what(needs: SupportNeeds) -> tuple[bool, bool, bool, str]:
    return needs.hearing_loop, needs.wheelchair, needs.loan_device, needs.note
