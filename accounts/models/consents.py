from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ConsentPurpose, HowAsked, Relation
from accounts.rules.phones import show_phone
from accounts.validators import refuse_identity_code, validate_phone


class Consent(models.Model):
    """A person's yes to one purpose, with the words that were read or shown. Never edited: a no ends it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("what for"), max_length=16, choices=ConsentPurpose)
    text = models.TextField(_("what was read"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    how_asked = models.CharField(_("how it was asked"), max_length=8, choices=HowAsked)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_how_asked = models.CharField(max_length=8, choices=HowAsked, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-given_at", "-id"]
        verbose_name = _("consent")
        indexes = [models.Index(fields=["person", "purpose"], name="consent_person_purpose")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_how_asked=""),
                name="consent_withdrawal_says_how",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.purpose}"


class ContactPerson(models.Model):
    """A helper who is told for somebody, with that person's consent, what they may be told and until when.

    Not a Person: the product knows of them only what reaching them takes. `until`: the last day; empty while it holds
    until taken back.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_people", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=120, validators=[refuse_identity_code])
    relation = models.CharField(_("who they are"), max_length=10, choices=Relation, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, validators=[refuse_identity_code])
    told_reminders = models.BooleanField(_("reminders of sessions"), default=True)
    told_changes = models.BooleanField(_("changes and cancellations"), default=True)
    told_absences = models.BooleanField(_("absences"), default=False)
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="contact_person")
    until = models.DateField(_("until"), null=True, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["person_id", "-added_at", "-id"]
        verbose_name = _("contact person")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email="") | Q(ended_at__isnull=False),
                name="contact_person_can_be_reached",
                violation_error_message=_("Give a phone number or an e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(told_reminders=True) | Q(told_changes=True) | Q(told_absences=True),
                name="contact_person_is_told_something",
                violation_error_message=_("Choose what the contact person may be told."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_phone(self) -> str:
        return show_phone(self.phone) if self.phone else ""
