from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.scheduling.models import Cohort


class Roster(models.Model):
    """An uploaded spreadsheet of people to enroll: previewed, corrected, then applied in one transaction, once per file.

    `cells` = the file's own text from its header on, identity codes masked; `edits` = what was mended in the preview, row
    number -> field -> text; `rows` = what was made of both, with the verdicts. All three are emptied when the roster is
    applied or dropped, and when a preview was not touched for 14 days: the people are then in their own records.
    `version` grows with each change of the preview, so that nobody applies what somebody else has changed meanwhile.
    `result` = counts by verdict, what was done, and why a worker gave up. `made` = the ids of what applying added, for
    undoing it; people and enrollments may be gone by now.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", pgettext_lazy("roster", "To be checked")
        QUEUED = "queued", pgettext_lazy("roster", "Being applied")
        APPLIED = "applied", pgettext_lazy("roster", "Applied")
        UNDONE = "undone", pgettext_lazy("roster", "Undone")
        DROPPED = "dropped", pgettext_lazy("roster", "Dropped")
        EMPTIED = "emptied", pgettext_lazy("roster", "Emptied, too old")

    file_name = models.CharField(_("file"), max_length=200)
    file_hash = models.CharField(max_length=64)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="rosters")
    state = models.CharField(pgettext_lazy("roster", "state"), max_length=8, choices=State, default=State.PREVIEW)
    found = models.JSONField(default=dict)
    cells = models.JSONField(default=list, blank=True)
    edits = models.JSONField(default=dict, blank=True)
    rows = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    made = models.JSONField(default=dict, blank=True)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    # What was asked of the worker, by whom, and how often it has begun.
    queued_at = models.DateTimeField(null=True, blank=True)
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    skip_errors = models.BooleanField(default=False)
    hold_messages = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("roster")
        indexes = [models.Index(fields=["queued_at"], name="roster_queued", condition=models.Q(state="queued"))]
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
