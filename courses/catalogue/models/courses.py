from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_identity_code
from courses.catalogue.enums import CourseFormat, ModuleKind
from courses.catalogue.models.texts import in_language

CODE = RegexValidator(
    r"^[A-Za-z0-9ÅÄÖåäö][A-Za-z0-9ÅÄÖåäö._-]*$", _("Use letters, digits, dots and dashes, without spaces.")
)


class Course(models.Model):
    """The template of cohorts: titles, modules, completion rule, certificate.

    `completion_rule` is the JSON form of catalogue.rules.CompletionRule; an empty one asks for nothing but every
    mandatory module.
    """

    code = models.CharField(_("code"), max_length=30, unique=True, validators=[CODE])
    format = models.CharField(_("format"), max_length=10, choices=CourseFormat, default=CourseFormat.COURSE)
    title_fi = models.CharField(_("title in Finnish"), max_length=150, validators=[refuse_identity_code])
    title_sv = models.CharField(_("title in Swedish"), max_length=150, validators=[refuse_identity_code])
    title_en = models.CharField(_("title in English"), max_length=150, validators=[refuse_identity_code])
    summary_fi = models.TextField(_("summary in Finnish"), blank=True, validators=[refuse_identity_code])
    summary_sv = models.TextField(_("summary in Swedish"), blank=True, validators=[refuse_identity_code])
    summary_en = models.TextField(_("summary in English"), blank=True, validators=[refuse_identity_code])
    lessons = models.PositiveSmallIntegerField(_("lessons of 45 minutes"), default=0)
    valid_months = models.PositiveSmallIntegerField(
        _("certificate valid, months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Empty: the course gives no certificate."),
    )
    price = models.PositiveSmallIntegerField(
        _("price, euros"), null=True, blank=True, help_text=_("Empty: the pages say nothing of it. 0: free of charge.")
    )
    makes_mentors = models.BooleanField(_("its certificate makes a mentor"), default=False)
    minimum = models.PositiveSmallIntegerField(_("smallest group"), default=1)
    capacity = models.PositiveIntegerField(_("seats"), default=16)
    completion_rule = models.JSONField(_("completion rule"), default=dict, blank=True)
    required_course = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asks for another course completed"),
    )
    required_certificate = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asks for the certificate of a course"),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("course")
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__lte=F("capacity")),
                name="course_minimum_fits",
                violation_error_message=_("The smallest group cannot be larger than the number of seats."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self, "title")

    @property
    def summary(self) -> str:
        return in_language(self, "summary")


class Module(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    code = models.CharField(_("code"), max_length=30, validators=[CODE])
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=ModuleKind, default=ModuleKind.CLASSROOM)
    title_fi = models.CharField(_("title in Finnish"), max_length=150, validators=[refuse_identity_code])
    title_sv = models.CharField(_("title in Swedish"), max_length=150, validators=[refuse_identity_code])
    title_en = models.CharField(_("title in English"), max_length=150, validators=[refuse_identity_code])
    description_fi = models.TextField(_("description in Finnish"), blank=True, validators=[refuse_identity_code])
    description_sv = models.TextField(_("description in Swedish"), blank=True, validators=[refuse_identity_code])
    description_en = models.TextField(_("description in English"), blank=True, validators=[refuse_identity_code])
    lessons = models.PositiveSmallIntegerField(_("lessons of 45 minutes"), default=0)
    mandatory = models.BooleanField(_("mandatory"), default=False)
    practice_minutes = models.PositiveSmallIntegerField(_("practice, minutes"), default=0)

    class Meta:
        ordering = ["course_id", "order"]
        verbose_name = _("module")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "code"],
                name="module_code_once_per_course",
                violation_error_message=_("The course has a module with this code already."),
            ),
            models.UniqueConstraint(
                fields=["course", "order"],
                name="module_order_once_per_course",
                violation_error_message=_("The course has a module in this place already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.title}"

    @property
    def title(self) -> str:
        return in_language(self, "title")

    @property
    def description(self) -> str:
        return in_language(self, "description")
