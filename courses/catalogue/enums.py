from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CourseFormat(TextChoices):
    COURSE = "course", _("Course")
    TALK = "talk", _("Talk")
    WORKSHOP = "workshop", _("Workshop")
    HOSTING = "hosting", _("Hosting")
    PROJECT = "project", _("Project")
    UPDATE = "update", _("Update day")


class ModuleKind(TextChoices):
    CLASSROOM = "classroom", _("In the group")
    PRACTICE = "practice", _("Practice")
    CLOSING = "closing", _("Closing")


class Assessment(TextChoices):
    TEACH_BACK = "teach_back", _("Teach-back")


class Declaration(TextChoices):
    CODE_OF_CONDUCT = "code_of_conduct", _("Code of conduct")
    CONFIDENTIALITY = "confidentiality", _("Promise of confidentiality")
