from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(TextChoices):
    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")


class Gender(TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", pgettext_lazy("gender", "Other")


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    LETTER = "letter", _("Letter")
    CALL = "call", _("Phone call")
    CONTACT = "contact", _("Through the contact person")


class PersonState(TextChoices):
    ACTIVE = "active", pgettext_lazy("person", "Active")
    PAUSED = "paused", pgettext_lazy("person", "Paused")
    MOVED = "moved", pgettext_lazy("person", "Moved away")
    DECEASED = "deceased", pgettext_lazy("person", "Deceased")
    ANONYMIZED = "anonymized", pgettext_lazy("person", "Anonymized")


class RoleName(TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    TRAINER = "trainer", _("Trainer")
    VIEWER = "viewer", _("Report viewer")
    ADMINISTRATOR = "administrator", _("Administrator")


class HowAsked(TextChoices):
    """How a wish reached the centre; stands beside every change made for somebody else."""

    WEB = "web", _("On the web")
    PHONE = "phone", _("By phone")
    DESK = "desk", _("At the desk")
    LETTER = "letter", _("By letter")
    ROSTER = "roster", _("On a roster")
    RECORDS = "records", _("From earlier records")
    SYSTEM = "system", _("By itself, as the rules say")


class ConsentPurpose(TextChoices):
    """What a person has said yes to."""

    COURSE = "course", _("Details stored for the course")
    SUPPORT = "support", _("Support needs told to those who run the sessions")
    CONTACT = "contact", _("A contact person told")


class Relation(TextChoices):
    """Who a contact person is to the person."""

    SPOUSE = "spouse", _("Husband, wife or partner")
    CHILD = "child", _("Son or daughter")
    RELATIVE = "relative", _("Other relative")
    FRIEND = "friend", _("Friend or neighbour")
    CARER = "carer", _("Carer or home help")
    OTHER = "other", pgettext_lazy("relation", "Somebody else")


class DuplicateSign(TextChoices):
    """Why two records may be one person, the strongest first."""

    NAME_AND_YEAR = "name_and_year", _("same name and year of birth")
    NAME = "name", _("same name, and a year of birth is missing")
    NAME_ALIKE = "name_alike", _("nearly the same name, same year of birth")
    PHONE = "phone", _("same phone")
    EMAIL = "email", _("same e-mail")
