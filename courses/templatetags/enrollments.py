from django import template

from courses.enums import WithdrawalReason

register = template.Library()


@register.filter
def reason_words(reason: str) -> str:
    """{{ transition.reason|reason_words }}: a reason from the list in words, others as they were written."""
    return str(WithdrawalReason(reason).label) if reason in WithdrawalReason else reason
