"""Certificates: issued in one transaction, words and name frozen, numbers without gaps; revoked with a reason, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.validators import refuse_identity_code
from courses.catalogue.models import Centre
from courses.certifying.messages import plan_certificate_ready
from courses.certifying.models import Certificate, CertificateSeries, Mentor
from courses.certifying.rules import certificate_number, last_valid_day, new_check_code
from courses.certifying.selectors import CURRENT, old_certificates
from courses.certifying.wording import certificate_words, has_one_already
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion

EMPTIED_AT_ONCE = 500


@transaction.atomic
def issue_certificates(*, completions: Iterable[Completion], act: Act) -> list[Certificate]:
    """Issues a certificate for each of `completions`, or none: in the order given, numbers in a row.

    The name and the words in three languages are frozen. An expired certificate of the same course is replaced; with a
    valid one RuleError says so. A course that makes mentors makes one of each holder. Plans "certificate ready".
    """
    today = timezone.localdate(act.at)
    chosen = _fresh(completions)
    series = _lock_series({completion.enrollment.cohort.course_id for completion in chosen}, today.year)
    current = _current_certificates(chosen)
    _refuse(chosen, current, today)
    expired = [held for completion in chosen if (held := current.get(_holder(completion)))]
    Certificate.objects.filter(pk__in=[one.pk for one in expired]).update(replaced_at=act.at)
    certificates = _certificates(chosen, series, act, today)
    Certificate.objects.bulk_create(certificates, batch_size=200)
    CertificateSeries.objects.bulk_update(series.values(), ["last"])
    Mentor.objects.bulk_create(
        [Mentor(person=one.person, state_changed_at=act.at) for one in certificates if one.course.makes_mentors],
        ignore_conflicts=True,
    )
    record_changes(
        audit_entry(by=act.by, action="certificate.issue", subject=one.person, thing=one, detail={"number": one.number})
        for one in certificates
    )
    plan_certificate_ready(certificates=certificates, at=act.at)
    return certificates


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, act: Act, reason: str) -> Certificate:
    """Revokes for good, with a reason that the public never sees. A message about it that is still to go stays behind."""
    refuse_identity_code(reason)
    if not reason.strip():
        raise RuleError([_("Say why the certificate is revoked.")], code="reason_missing")
    locked = (
        Certificate.objects.select_for_update(of=("self",)).select_related("person", "course").get(pk=certificate.pk)
    )
    if locked.revoked_at:
        raise RuleError([_("The certificate was revoked already.")], code="revoked")
    locked.revoked_at, locked.revoked_by, locked.revoked_reason = act.at, act.by, reason.strip()[:200]
    locked.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    record_change(
        by=act.by,
        action="certificate.revoke",
        subject=locked.person,
        thing=locked,
        detail={"number": locked.number},
    )
    return locked


def _fresh(completions: Iterable[Completion]) -> list[Completion]:
    order = list(dict.fromkeys(completion.pk for completion in completions))
    found = Completion.objects.select_related("enrollment__person", "enrollment__cohort__course").in_bulk(order)
    return [found[pk] for pk in order]


def _lock_series(course_ids: Iterable[int], year: int) -> dict[int, CertificateSeries]:
    """Course id to its series of the year, locked in ascending order: two issuers never get the same number."""
    ids = sorted(set(course_ids))
    CertificateSeries.objects.bulk_create(
        [CertificateSeries(course_id=pk, year=year) for pk in ids], ignore_conflicts=True
    )
    rows = (
        CertificateSeries.objects.select_for_update(of=("self",))
        .filter(course__in=ids, year=year)
        .order_by("course_id")
    )
    return {row.course_id: row for row in rows}


def _current_certificates(completions: Sequence[Completion]) -> dict[tuple[int, int], Certificate]:
    held = Certificate.objects.filter(
        CURRENT, person__in={completion.enrollment.person_id for completion in completions}
    )
    return {(one.person_id, one.course_id): one for one in held}


def _refuse(completions: Sequence[Completion], current: Mapping[tuple[int, int], Certificate], today: date) -> None:
    reasons = []
    taken: set[tuple[int, int]] = set()
    for completion in completions:
        holder = _holder(completion)
        words = {"name": completion.enrollment.person.list_name, "course": completion.enrollment.cohort.course.title}
        held = current.get(holder)
        if completion.state != CompletionState.DECIDED:
            reasons.append(_("%(name)s: a coordinator has not decided the completion.") % words)
        elif completion.enrollment.cohort.course.valid_months is None:
            reasons.append(_("%(course)s gives no certificate.") % words)
        elif holder in taken:
            reasons.append(_("%(name)s is on this list twice for %(course)s.") % words)
        elif held and (held.valid_until is None or held.valid_until >= today):
            reasons.append(has_one_already(completion.enrollment.person, held))
        taken.add(holder)
    if reasons:
        raise RuleError(dict.fromkeys(reasons), code="not_issued")


def _holder(completion: Completion) -> tuple[int, int]:
    return completion.enrollment.person_id, completion.enrollment.cohort.course_id


def _certificates(
    completions: Sequence[Completion], series: Mapping[int, CertificateSeries], act: Act, today: date
) -> list[Certificate]:
    centre = Centre.objects.first()
    words = {
        course.pk: certificate_words(course, course.modules.order_by("order"), centre)
        for course in {one.enrollment.cohort.course for one in completions}
    }
    made = []
    for completion in completions:
        person, course = completion.enrollment.person, completion.enrollment.cohort.course
        series[course.pk].last += 1
        made.append(
            Certificate(
                person=person,
                course=course,
                completion=completion,
                number=certificate_number(
                    centre.certificate_prefix if centre else "ESP", course.code, today.year, series[course.pk].last
                ),
                check_code=new_check_code(),
                name=person.full_name,
                language=person.language,
                words=words[course.pk],
                issued_on=today,
                valid_until=last_valid_day(today, course.valid_months),  # type: ignore[arg-type]  # refused above without
                issued_at=act.at,
                issued_by=act.by,
            )
        )
    return made


@transaction.atomic
def empty_old_certificates(*, at: datetime) -> int:
    """Ten years after its end a certificate loses its name, number, code and words; that there was one stays for the
    figures. At most a batch; returns how many."""
    pks = list(old_certificates(at=at).order_by("pk").values_list("pk", flat=True)[:EMPTIED_AT_ONCE])
    gone = Concat(Value("gone-"), Cast("pk", CharField()))
    old = Certificate.objects.filter(pk__in=pks)
    old.exclude(revoked_reason="").update(revoked_reason="-")
    return old.update(name="", words={}, number=gone, check_code=gone)
