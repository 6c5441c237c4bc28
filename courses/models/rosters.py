from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models.cohorts import Cohort


class Roster(models.Model):
    """An uploaded spreadsheet of people to enroll: previewed, then applied in one transaction, once per file.

    `rows` = the parsed rows with their verdicts, emptied when the roster is applied or dropped: the people are then in
    their own records. `result` = counts by verdict and what was done.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", pgettext_lazy("roster", "To be checked")
        APPLIED = "applied", pgettext_lazy("roster", "Applied")
        DROPPED = "dropped", pgettext_lazy("roster", "Dropped")

    file_name = models.CharField(_("file"), max_length=200)
    file_hash = models.CharField(max_length=64)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="rosters")
    state = models.CharField(pgettext_lazy("roster", "state"), max_length=8, choices=State, default=State.PREVIEW)
    found = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("roster")
        constraints = [
            models.UniqueConstraint(
                fields=["file_hash"],
                condition=models.Q(state="applied"),
                name="roster_applied_once",
                violation_error_message=_("This file has been applied already."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
