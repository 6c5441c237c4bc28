from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import HowAsked
from accounts.validators import refuse_identity_code
from courses.enrolling.models import Enrollment


class Visit(models.Model):
    """One occasion of helping. Helped people are counted, never named.

    `enrollment` is set when the visit is practice of a course.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.SET_NULL, null=True, blank=True, related_name="visits")
    visited_on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(5), MaxValueValidator(600)])
    people_helped = models.PositiveSmallIntegerField(_("how many people were helped"), default=1)
    place = models.CharField(_("place"), max_length=120, blank=True, validators=[refuse_identity_code])
    supervised = models.BooleanField(_("with a trainer or a pair"), default=False)
    how_asked = models.CharField(max_length=8, choices=HowAsked, default=HowAsked.WEB)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-visited_on", "-id"]
        verbose_name = _("visit")
        indexes = [models.Index(fields=["person", "visited_on"], name="visit_person_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=600),
                name="visit_minutes_plausible",
                violation_error_message=_("A visit takes between 5 minutes and 10 hours."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.visited_on}"
