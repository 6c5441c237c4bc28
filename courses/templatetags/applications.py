from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def in_groups(code: str) -> SafeString:
    """{{ enrollment.application_code|in_groups }}: may break after each dash and nowhere else, so that it fits a phone
    in large letters."""
    *groups, last = code.split("-")
    return format_html("{}{}", format_html_join("", "{}-<wbr>", ((group,) for group in groups)), last)
