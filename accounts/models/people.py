from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel, Gender, Language, PersonState
from accounts.rules.phones import show_phone
from accounts.validators import refuse_identity_code, validate_birth_year, validate_phone


class District(models.Model):
    """A part of the city, for reports. New ones are written down, and come with rosters and records.

    `name` is the Finnish one, which records know it by; the others where the place has another name in that language.
    """

    name = models.CharField(_("name in Finnish"), max_length=100, unique=True, validators=[refuse_identity_code])
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True, validators=[refuse_identity_code])
    name_en = models.CharField(_("name in English"), max_length=100, blank=True, validators=[refuse_identity_code])

    class Meta:
        ordering = ["name"]
        verbose_name = _("district")

    def __str__(self) -> str:
        """The name in the reader's language."""
        return getattr(self, f"name_{get_language()}", "") or self.name


class Person(AbstractBaseUser):
    """Anyone the product knows: learner, mentor, trainer, staff. Roles are added, never a second record.

    Neither e-mail nor phone is unique: two people may share them, and identity never rests on either.
    """

    code = models.CharField(_("own code"), max_length=20, unique=True)
    first_name = models.CharField(_("first name"), max_length=80, validators=[refuse_identity_code])
    last_name = models.CharField(_("last name"), max_length=80, validators=[refuse_identity_code])
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=[validate_birth_year]
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FINNISH)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("district")
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, validators=[refuse_identity_code])
    street = models.CharField(_("street address"), max_length=120, blank=True, validators=[refuse_identity_code])
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, validators=[refuse_identity_code])
    city = models.CharField(_("town"), max_length=60, blank=True, validators=[refuse_identity_code])
    channel = models.CharField(_("how we reach them"), max_length=10, choices=Channel, default=Channel.EMAIL)
    second_channel = models.CharField(_("second way to reach them"), max_length=10, choices=Channel, blank=True)
    state = models.CharField(
        pgettext_lazy("person", "state"), max_length=12, choices=PersonState, default=PersonState.ACTIVE
    )
    protected = models.BooleanField(
        _("safety ban"),
        default=False,
        help_text=_("The address is never stored, and the name is left out of lists and registers."),
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("added"), default=timezone.now)
    # Derived by accounts.rules.keys; every writer sets them (accounts.services.search.set_keys).
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    sort_key = models.CharField(max_length=200, blank=True, editable=False)
    alike_head = models.CharField(max_length=16, blank=True, editable=False)
    alike_middle = models.CharField(max_length=16, blank=True, editable=False)
    alike_tail = models.CharField(max_length=16, blank=True, editable=False)

    objects = BaseUserManager()

    USERNAME_FIELD = "code"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_sort"),
            models.Index(fields=["name_key"], name="person_name_key"),
            models.Index(fields=["alike_head"], name="person_alike_head"),
            models.Index(fields=["alike_middle"], name="person_alike_middle"),
            models.Index(fields=["alike_tail"], name="person_alike_tail"),
            models.Index(fields=["sort_key", "id"], name="person_gone", condition=~Q(state="active")),
            models.Index(fields=["created_at"], name="person_named", condition=~Q(state="anonymized")),
            models.Index(fields=["phone"], name="person_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="person_email", condition=~Q(email="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(protected=False) | Q(street="", postal_code="", city=""),
                name="person_protected_without_address",
                violation_error_message=_("No address is stored for a person under a safety ban."),
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900, birth_year__lte=2200),
                name="person_birth_year_plausible",
                violation_error_message=_("Write the year of birth with four digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles given to this person now, as RoleName values. Asked once per object, so once per request."""
        return frozenset(self.role_grants.filter(ended_at__isnull=True).values_list("role", flat=True))

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def list_name(self) -> str:
        """The name as lists show it; under a safety ban only the own code."""
        return self.code if self.protected else f"{self.last_name}, {self.first_name}"

    @property
    def shown_phone(self) -> str:
        return show_phone(self.phone) if self.phone else ""
