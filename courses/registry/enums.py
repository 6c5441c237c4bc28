from django.db import models
from django.utils.translation import gettext_lazy as _


class NoteKind(models.TextChoices):
    NOTE = "note", _("Note")
    CALL = "call", _("Phone call")


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("We talked")
    NO_ANSWER = "no_answer", _("No answer")
    CALL_AGAIN = "call_again", _("We agreed to talk another time")
    SOMEBODY_ELSE = "somebody_else", _("Somebody else answered")
