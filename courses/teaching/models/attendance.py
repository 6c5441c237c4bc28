from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enrolling.models import Enrollment
from courses.scheduling.models import Session
from courses.teaching.enums import AttendanceState


class Attendance(models.Model):
    """What happened to one enrollment at one session. Never overwritten: a change revokes the row and adds another.

    A module made up in another cohort's session is a row with that session and state `made_up`.
    `register_version` is the version of the session's register that added the row or, once revoked, took it back.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="attendances")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    state = models.CharField(_("attendance"), max_length=12, choices=AttendanceState)
    lessons = models.PositiveSmallIntegerField(_("lessons credited"), default=0)
    marked_at = models.DateTimeField(default=timezone.now)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    register_version = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["session_id", "enrollment_id", "id"]
        verbose_name = _("attendance")
        indexes = [models.Index(fields=["session", "state"], name="attendance_session_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "session"],
                condition=Q(revoked_at__isnull=True),
                name="attendance_one_current_per_session",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}@{self.session_id}: {self.state}"
