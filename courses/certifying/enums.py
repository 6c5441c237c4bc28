from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateStatus(TextChoices):
    """Derived from dates and the stored revocation, never stored itself."""

    VALID = "valid", pgettext_lazy("certificate", "Valid")
    EXPIRES_SOON = "expires_soon", pgettext_lazy("certificate", "Expires soon")
    EXPIRED = "expired", pgettext_lazy("certificate", "Expired")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
    RENEWED = "renewed", pgettext_lazy("certificate", "Renewed")


class MentorState(TextChoices):
    CERTIFIED = "certified", pgettext_lazy("mentor", "Certified")
    PAUSED = "paused", pgettext_lazy("mentor", "Paused")
    RETIRED = "retired", pgettext_lazy("mentor", "Retired")
    REMOVED = "removed", pgettext_lazy("mentor", "Removed")


class ReminderRule(TextChoices):
    """The messages of this topic; each is a class in certifying/messages.py."""

    CERTIFICATE_READY = "certificate_ready", _("Certificate ready")
