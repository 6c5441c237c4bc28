from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import HowAsked
from accounts.validators import refuse_identity_code
from courses.enums import OPEN_STATES, EnrollmentState, WithdrawalReason
from courses.models.cohorts import Cohort


class Enrollment(models.Model):
    """A person's place, or request for one, in a cohort. Moves only through services.enrollments.

    `queue_number` is the order of the waiting list, given under the cohort's lock: smaller is earlier; a lapsed offer
    gets a new, larger one. `admitted_at` and `started_at` stay when the state moves on: reports read them.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("cohort"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("person")
    )
    state = models.CharField(
        pgettext_lazy("enrollment", "state"), max_length=16, choices=EnrollmentState, default=EnrollmentState.APPLIED
    )
    how_asked = models.CharField(_("how it was asked"), max_length=8, choices=HowAsked, default=HowAsked.WEB)
    applied_at = models.DateTimeField(_("applied"), default=timezone.now)
    admitted_at = models.DateTimeField(_("got a place"), null=True, blank=True)
    started_at = models.DateTimeField(_("came for the first time"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=16, choices=WithdrawalReason, blank=True)
    queue_number = models.PositiveIntegerField(_("place in the queue"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer holds until"), null=True, blank=True)
    state_changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["cohort_id", "applied_at", "id"]
        verbose_name = _("enrollment")
        indexes = [
            models.Index(fields=["cohort", "state", "queue_number"], name="enrollment_queue"),
            models.Index(fields=["state"], name="enrollment_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="enrollment_one_open_per_person_and_cohort",
                violation_error_message=_("This person is enrolled in this group already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrollmentState.WAITLISTED) | Q(queue_number__isnull=False),
                name="enrollment_waitlisted_has_queue_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrollmentState.OFFERED) | Q(offer_expires_at__isnull=False),
                name="enrollment_offer_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.person_id} {self.state}"


class Transition(models.Model):
    """One move of an enrollment. Only ever added. `from_state` is empty for the first."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=16, choices=EnrollmentState, blank=True)
    to_state = models.CharField(max_length=16, choices=EnrollmentState)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how_asked = models.CharField(max_length=8, choices=HowAsked)
    reason = models.CharField(max_length=200, blank=True, validators=[refuse_identity_code])

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("transition")

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.from_state} -> {self.to_state}"
