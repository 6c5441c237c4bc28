from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName


class RoleGrant(models.Model):
    """A role given to a person. Taken away by an end, never deleted. Learner and mentor need no grant."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("role"), max_length=15, choices=RoleName)
    granted_at = models.DateTimeField(_("given"), default=timezone.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="roles_given"
    )
    ended_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    class Meta:
        ordering = ["person_id", "role"]
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(ended_at__isnull=True),
                name="role_once_per_person",
                violation_error_message=_("This person has that role already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"
