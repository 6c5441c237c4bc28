from django import template

from courses.certifying.enums import CertificateStatus as Status

register = template.Library()

ICONS = {
    Status.VALID: "cert",
    Status.EXPIRES_SOON: "clock",
    Status.EXPIRED: "end",
    Status.REVOKED: "bad",
    Status.RENEWED: "end",
}
TONES = {Status.EXPIRES_SOON: "warn", Status.REVOKED: "bad"}


@register.filter
def certificate_icon(status: str) -> str:
    """The state mark of a certificate's status."""
    return ICONS[Status(status)]


@register.filter
def certificate_tone(status: str) -> str:
    return TONES.get(Status(status), "")
