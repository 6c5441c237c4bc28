from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_identity_code
from courses.catalogue.enums import Assessment, Declaration
from courses.catalogue.models.courses import Module
from courses.enrolling.models import Enrollment
from courses.teaching.enums import CompletionState, Result, ResultSource


class Recorded(models.Model):
    """Something recorded about an enrollment, never overwritten: a change revokes the row and adds another."""

    recorded_on = models.DateField(_("day"))
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class ModuleResult(Recorded):
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="module_results")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="results")
    result = models.CharField(_("result"), max_length=6, choices=Result)
    made_up = models.BooleanField(_("made up"), default=False)
    source = models.CharField(max_length=10, choices=ResultSource, default=ResultSource.HAND)

    class Meta:
        ordering = ["enrollment_id", "module_id", "id"]
        verbose_name = _("module result")
        indexes = [models.Index(fields=["module", "result"], name="result_module")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "module"],
                condition=Q(revoked_at__isnull=True),
                name="result_one_current_per_module",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.module_id}: {self.result}"


class AssessmentResult(Recorded):
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="assessment_results")
    assessment = models.CharField(_("assessment"), max_length=20, choices=Assessment)
    result = models.CharField(_("result"), max_length=6, choices=Result)

    class Meta:
        ordering = ["enrollment_id", "assessment", "id"]
        verbose_name = _("assessment result")
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "assessment"],
                condition=Q(revoked_at__isnull=True),
                name="assessment_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.assessment}: {self.result}"


class SignedDeclaration(Recorded):
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="declarations")
    declaration = models.CharField(_("declaration"), max_length=20, choices=Declaration)

    class Meta:
        ordering = ["enrollment_id", "declaration", "id"]
        verbose_name = _("declaration")
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "declaration"],
                condition=Q(revoked_at__isnull=True),
                name="declaration_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.declaration}"


class Completion(models.Model):
    """The decision, by a named person, that the rule is met. `rule` and `figures` are as they were that day."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="completions")
    state = models.CharField(_("state"), max_length=10, choices=CompletionState, default=CompletionState.PROPOSED)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, validators=[refuse_identity_code])
    rule = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["enrollment_id", "id"]
        verbose_name = _("completion")
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=~Q(state=CompletionState.REVOKED),
                name="completion_one_current_per_enrollment",
            ),
            models.CheckConstraint(
                condition=~Q(state=CompletionState.DECIDED) | Q(decided_at__isnull=False),
                name="completion_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.state}"
