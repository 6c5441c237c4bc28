from collections.abc import Mapping

from django import template

from courses.enums import QueueReason, WithdrawalReason
from courses.models import Enrollment
from courses.selectors.nextsteps import NextStep
from courses.services.partywords import party_names
from courses.services.prerequisitewords import explain_lacks

register = template.Library()
register.filter("party_names", party_names)
register.filter("lacks_words", explain_lacks)


@register.filter
def reason_words(reason: str) -> str:
    """{{ transition.reason|reason_words }}: a reason from the lists in words, others as they were written."""
    for reasons in (WithdrawalReason, QueueReason):
        if reason in reasons:
            return str(reasons(reason).label)
    return reason


@register.filter
def step_of(steps: Mapping[int, NextStep], enrollment: Enrollment) -> NextStep | None:
    """{% with step=steps|step_of:enrollment %}: what comes next for them."""
    return steps.get(enrollment.pk)
