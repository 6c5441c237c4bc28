from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_identity_code
from courses.registry.enums import CallOutcome, NoteKind

LONGEST_NOTE = 1000


class Note(models.Model):
    """What a coordinator wrote down about a person: a note, or what was said in a phone call and how it ended.

    Nothing about health. Seen by coordinators alone. Not a message: those stand in messaging.models.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=4, choices=NoteKind)
    outcome = models.CharField(_("how it ended"), max_length=16, choices=CallOutcome, blank=True)
    text = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True, validators=[refuse_identity_code])
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-written_at", "-id"]
        verbose_name = _("note")
        indexes = [
            models.Index(fields=["person", "-written_at"], name="note_person"),
            models.Index(fields=["kind", "written_at"], name="note_kind_written"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=NoteKind.CALL, outcome__in=CallOutcome.values) | Q(kind=NoteKind.NOTE, outcome=""),
                name="note_of_a_call_has_an_outcome",
            ),
            models.CheckConstraint(condition=Q(kind=NoteKind.CALL) | ~Q(text=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"
