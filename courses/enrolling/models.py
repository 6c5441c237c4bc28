from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import HowAsked
from accounts.validators import refuse_identity_code
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, QueueReason, WithdrawalReason
from courses.scheduling.models import Cohort


class Party(models.Model):
    """A couple, two friends or a small group who asked for seats together or for none. Its members are enrollments.

    `blocked_since`: since when free seats, too few for them, are held back because they are next. One offer time at
    most: then the singles behind them are asked. `ended_at`: fewer than two are left.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="parties")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    how_asked = models.CharField(max_length=8, choices=HowAsked)
    blocked_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("party")

    def __str__(self) -> str:
        return f"{self.cohort_id}: party {self.pk}"


class Enrollment(models.Model):
    """A person's place, or request for one, in a cohort. Moves only through enrolling.services.enrollments.

    `queue_number` is the order of the waiting list, given under the cohort's lock: smaller is earlier; a lapsed offer
    gets a new, larger one; `queue_reason` says why somebody stands elsewhere than by the time of applying.
    `admitted_at` and `started_at` stay when the state moves on: reports read them.
    `application_code` opens this one application for whoever holds it, and is printed for the person; the person's own
    code opens nothing. Enrollments from earlier records have none. `waiver`: why a prerequisite was not asked for.
    `offers_lapsed`: after an offer without an answer the next one is a call. `draft_key`: hash of the web form that was
    sent; one form makes one application, however often its button is pressed.
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
    queue_reason = models.CharField(_("why this place"), max_length=16, choices=QueueReason, blank=True)
    offers_lapsed = models.PositiveSmallIntegerField(default=0, editable=False)
    party = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="enrollments")
    goal = models.CharField(
        _("own goal"), max_length=200, blank=True, validators=[refuse_identity_code], help_text=_("In their own words.")
    )
    waiver = models.CharField(
        _("why it is not asked for"), max_length=200, blank=True, validators=[refuse_identity_code]
    )
    application_code = models.CharField(_("code of the application"), max_length=20, blank=True, editable=False)
    draft_key = models.CharField(max_length=64, blank=True, editable=False)
    state_changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["cohort_id", "applied_at", "id"]
        verbose_name = _("enrollment")
        indexes = [
            models.Index(fields=["cohort", "state", "queue_number"], name="enrollment_queue"),
            models.Index(fields=["state"], name="enrollment_state"),
            models.Index(
                fields=["offer_expires_at"], name="enrollment_offer_lapses", condition=Q(offer_expires_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="enrollment_one_open_per_person_and_cohort",
                violation_error_message=_("This person is enrolled in this group already."),
            ),
            models.UniqueConstraint(
                fields=["application_code"],
                condition=~Q(application_code=""),
                name="enrollment_application_code_once",
            ),
            models.UniqueConstraint(
                fields=["draft_key"], condition=~Q(draft_key=""), name="enrollment_one_for_each_draft"
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
    """One move of an enrollment. Only ever added. `from_state` is empty for the first.

    The same state before and after: a move within the waiting list, or to another cohort (`from_cohort`).
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=16, choices=EnrollmentState, blank=True)
    to_state = models.CharField(max_length=16, choices=EnrollmentState)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how_asked = models.CharField(max_length=8, choices=HowAsked)
    reason = models.CharField(max_length=200, blank=True, validators=[refuse_identity_code])
    from_cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("transition")

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.from_state} -> {self.to_state}"


class SupportNeeds(models.Model):
    """What a person needs to take part. Apart from the rest: seen only by those who run the sessions, deleted 30 days
    after the cohort's end. Nothing about health."""

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="support_needs")
    hearing_loop = models.BooleanField(_("hearing loop"), default=False)
    wheelchair = models.BooleanField(_("room for a wheelchair"), default=False)
    loan_device = models.BooleanField(_("a device on loan"), default=False)
    note = models.CharField(
        _("other arrangement"),
        max_length=200,
        blank=True,
        validators=[refuse_identity_code],
        help_text=_("What to arrange. Nothing about health."),
    )
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    how_asked = models.CharField(max_length=8, choices=HowAsked)

    class Meta:
        ordering = ["enrollment_id"]
        verbose_name = _("support needs")
        verbose_name_plural = _("support needs")

    def __str__(self) -> str:
        return f"{self.enrollment_id}"
