from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.certifying.enums import MentorState


class Mentor(models.Model):
    """A person with a valid certificate and a signed agreement. Active and quiet are derived from visits."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentor")
    state = models.CharField(
        pgettext_lazy("mentor", "state"), max_length=10, choices=MentorState, default=MentorState.CERTIFIED
    )
    agreement_signed_on = models.DateField(_("agreement signed"), null=True, blank=True)
    state_changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["person__sort_key"]
        verbose_name = _("mentor")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"
