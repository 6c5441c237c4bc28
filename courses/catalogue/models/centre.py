from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_identity_code, validate_phone
from courses.catalogue.models.texts import in_language


class Centre(models.Model):
    """The adult-education centre itself: one row, edited by an administrator, shown on every page."""

    name = models.CharField(_("name"), max_length=120, validators=[refuse_identity_code])
    phone = models.CharField(_("phone"), max_length=20, validators=[validate_phone])
    hours_fi = models.CharField(_("phone hours in Finnish"), max_length=80, validators=[refuse_identity_code])
    hours_sv = models.CharField(_("phone hours in Swedish"), max_length=80, validators=[refuse_identity_code])
    hours_en = models.CharField(_("phone hours in English"), max_length=80, validators=[refuse_identity_code])
    email = models.EmailField(_("e-mail"), blank=True, validators=[refuse_identity_code])
    street = models.CharField(_("street address"), max_length=120, blank=True, validators=[refuse_identity_code])
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, validators=[refuse_identity_code])
    city = models.CharField(_("town"), max_length=60, blank=True, validators=[refuse_identity_code])
    certificate_prefix = models.CharField(_("letters before a certificate number"), max_length=8, default="ESP")
    signatory_name = models.CharField(
        _("who signs the certificates"), max_length=120, blank=True, validators=[refuse_identity_code]
    )
    signatory_title_fi = models.CharField(
        _("signatory's title in Finnish"), max_length=120, blank=True, validators=[refuse_identity_code]
    )
    signatory_title_sv = models.CharField(
        _("signatory's title in Swedish"), max_length=120, blank=True, validators=[refuse_identity_code]
    )
    signatory_title_en = models.CharField(
        _("signatory's title in English"), max_length=120, blank=True, validators=[refuse_identity_code]
    )
    mentor_target = models.PositiveIntegerField(_("number of mentors aimed at"), default=100)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("centre")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="centre_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> str:
        return in_language(self, "hours")

    @property
    def signatory_title(self) -> str:
        return in_language(self, "signatory_title")
