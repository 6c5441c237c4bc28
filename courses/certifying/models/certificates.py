from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.validators import refuse_identity_code
from courses.catalogue.models.courses import Course
from courses.teaching.models.completions import Completion


class CertificateSeries(models.Model):
    """The last number given for a course in a year. Its row is locked while a number is taken."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificate_series")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "year"], name="certificate_series_once")]

    def __str__(self) -> str:
        return f"{self.course_id}/{self.year}: {self.last}"


class Certificate(models.Model):
    """The proof. Name and words are frozen at issue; never changed, never deleted. Ten years after its end only that there
    was one stays.

    `valid_until` is the last day of validity. `replaced_at` is set when a renewal or a new issue takes its place.
    `words` = {"fi": {"title": …, "text": …, "modules": […]}, "sv": …, "en": …, "centre": …, "signatory": …}.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    completion = models.ForeignKey(
        Completion, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    check_code = models.CharField(_("check code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=170)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    words = models.JSONField(default=dict)
    issued_on = models.DateField(_("issued"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    renews = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewed_by")
    replaced_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_reason = models.CharField(
        _("reason of revocation"), max_length=200, blank=True, validators=[refuse_identity_code]
    )

    class Meta:
        ordering = ["-issued_on", "-id"]
        verbose_name = _("certificate")
        indexes = [
            models.Index(fields=["valid_until"], name="certificate_valid_until"),
            models.Index(fields=["valid_until", "id"], name="certificate_named", condition=~Q(name="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(revoked_at__isnull=True, replaced_at__isnull=True),
                name="certificate_one_current_per_person_and_course",
                violation_error_message=_("This person has a valid certificate of this course already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="certificate_valid_after_issue",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""),
                name="certificate_revoked_with_reason",
                violation_error_message=_("Say why the certificate is revoked."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
