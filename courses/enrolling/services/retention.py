"""What enrollments say of people goes here when its time is over; the enrollments stay for the figures."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.services.retention import add_stand_ins
from courses.enrolling.models import Enrollment, SupportNeeds, Transition
from courses.enrolling.selectors.retention import old_applications
from courses.messaging.models import Message

BATCH = 500


@transaction.atomic
def detach_old_applications(*, at: datetime) -> int:
    """Applications without a place, of people who stay on record for something else: from now on they are nobody's. At
    most a batch; returns how many."""
    rows = list(
        old_applications(at=at)
        .select_for_update(of=("self",))
        .select_related("person")
        .order_by("person", "pk")[:BATCH]
    )
    pks = [row.pk for row in rows]
    stand_ins = add_stand_ins(people={row.person_id: row.person for row in rows}.values())
    for row in rows:
        row.person = stand_ins[row.person_id]
    Enrollment.objects.bulk_update(rows, ["person"], batch_size=BATCH)
    Message.objects.filter(enrollment__in=pks).delete()
    _forget_words(pks)
    return len(rows)


def forget_enrollments_of(*, people: Iterable[int]) -> None:
    """What they wrote, or somebody wrote about them. In the caller's transaction."""
    _forget_words(list(Enrollment.objects.filter(person__in=list(people)).values_list("pk", flat=True)))


def _forget_words(pks: list[int]) -> None:
    Enrollment.objects.filter(pk__in=pks).update(goal="", waiver="", application_code="", draft_key="", party=None)
    Transition.objects.filter(enrollment__in=pks).exclude(reason="").update(reason="")
    SupportNeeds.objects.filter(enrollment__in=pks).delete()
