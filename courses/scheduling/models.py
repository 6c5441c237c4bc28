from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Language
from accounts.models import District
from accounts.validators import refuse_identity_code
from courses.catalogue.models.courses import CODE, Course, Module
from courses.catalogue.models.texts import in_language
from courses.scheduling.enums import CohortState, SessionState


class Venue(models.Model):
    name_fi = models.CharField(_("name in Finnish"), max_length=120, unique=True, validators=[refuse_identity_code])
    name_sv = models.CharField(_("name in Swedish"), max_length=120, blank=True, validators=[refuse_identity_code])
    name_en = models.CharField(_("name in English"), max_length=120, blank=True, validators=[refuse_identity_code])
    street = models.CharField(_("street address"), max_length=120, blank=True, validators=[refuse_identity_code])
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, validators=[refuse_identity_code])
    city = models.CharField(_("town"), max_length=60, blank=True, validators=[refuse_identity_code])
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="venues")
    directions_fi = models.TextField(_("how to get there, in Finnish"), blank=True, validators=[refuse_identity_code])
    directions_sv = models.TextField(_("how to get there, in Swedish"), blank=True, validators=[refuse_identity_code])
    directions_en = models.TextField(_("how to get there, in English"), blank=True, validators=[refuse_identity_code])

    class Meta:
        ordering = ["name_fi"]
        verbose_name = _("venue")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def directions(self) -> str:
        return in_language(self, "directions")


class Cohort(models.Model):
    """One run of a course with a group, dates, a venue and seats.

    `seats_taken` = enrollments in states offered, enrolled and active. It is written only under the row lock of
    scheduling.services.locks.lock_cohort, in the transaction that moves the enrollment.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("course"))
    code = models.CharField(_("code"), max_length=30, unique=True, validators=[CODE])
    name_fi = models.CharField(_("name in Finnish"), max_length=100, blank=True, validators=[refuse_identity_code])
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True, validators=[refuse_identity_code])
    name_en = models.CharField(_("name in English"), max_length=100, blank=True, validators=[refuse_identity_code])
    notice_fi = models.TextField(_("notice in Finnish"), blank=True, validators=[refuse_identity_code])
    notice_sv = models.TextField(_("notice in Swedish"), blank=True, validators=[refuse_identity_code])
    notice_en = models.TextField(_("notice in English"), blank=True, validators=[refuse_identity_code])
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FINNISH)
    state = models.CharField(
        pgettext_lazy("cohort", "state"), max_length=10, choices=CohortState, default=CohortState.DRAFT
    )
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    applications_open_on = models.DateField(_("applications from"), null=True, blank=True)
    applications_close_on = models.DateField(_("applications until"), null=True, blank=True)
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts", verbose_name=_("venue")
    )
    remote_link = models.URLField(_("link of a remote group"), blank=True)
    capacity = models.PositiveIntegerField(_("seats"))
    minimum = models.PositiveSmallIntegerField(_("smallest group"), default=1)
    waiting_list_capacity = models.PositiveIntegerField(
        _("longest waiting list"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    queue_last = models.PositiveIntegerField(default=0, editable=False)
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="cohorts_trained", blank=True, verbose_name=_("trainers")
    )
    state_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-starts_on", "code"]
        verbose_name = _("cohort")
        indexes = [models.Index(fields=["state", "starts_on"], name="cohort_state_start")]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0) & Q(seats_taken__lte=F("capacity")),
                name="cohort_seats_within_capacity",
                violation_error_message=_("There cannot be fewer seats than are taken already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("capacity")),
                name="cohort_minimum_fits",
                violation_error_message=_("The smallest group cannot be larger than the number of seats."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name") or self.code

    @property
    def notice(self) -> str:
        return in_language(self, "notice")

    @property
    def free_seats(self) -> int:
        return self.capacity - self.seats_taken


class Session(models.Model):
    """One dated meeting of a cohort; covers one or more modules.

    `schedule_revision` grows whenever time or place change, so that what was planned for the old time is not sent.
    `register_version` grows with each saved register, so that two people editing one never overwrite each other.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    remote_link = models.URLField(_("link of a remote session"), blank=True)
    lessons = models.PositiveSmallIntegerField(_("lessons of 45 minutes"), default=0)
    modules = models.ManyToManyField(Module, related_name="sessions", blank=True, verbose_name=_("modules"))
    state = models.CharField(
        pgettext_lazy("session", "state"), max_length=10, choices=SessionState, default=SessionState.PLANNED
    )
    schedule_revision = models.PositiveIntegerField(default=1, editable=False)
    register_version = models.PositiveIntegerField(default=0, editable=False)
    marked_at = models.DateTimeField(_("register marked"), null=True, blank=True, editable=False)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["starts_at", "number"]
        verbose_name = _("session")
        indexes = [models.Index(fields=["starts_at"], name="session_starts")]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="session_number_once_per_cohort"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("The session must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.number}"
