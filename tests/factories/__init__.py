"""Test data. Each factory makes the least that is valid; a test names what matters to it."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import Channel, ConsentPurpose, HowAsked, Language, Relation, RoleName
from accounts.models import Consent, ContactPerson, Person, RoleGrant
from accounts.rules.codes import check_character, format_person_code
from accounts.rules.keys import person_keys
from accounts.services.search import add_search_words
from courses.catalogue.models import Centre, Course, Module
from courses.certifying.models import Certificate
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.transitions import seat_change
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.enums import AttendanceState, CompletionState, Result
from courses.teaching.models import Attendance, Completion, ModuleResult

_DIGITS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def numbered_code(number: int) -> str:
    """The `number`th person code: valid, and the same in each run."""
    body = ""
    for _step in range(5):
        number, digit = divmod(number, len(_DIGITS))
        body = _DIGITS[digit] + body
    return format_person_code(body + check_character(body))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: numbered_code(n + 1))
    first_name = factory.Sequence(lambda n: f"Etunimi{n}")
    last_name = factory.Sequence(lambda n: f"Sukunimi{n}")
    birth_year = 1949
    language = Language.FINNISH
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    phone = ""
    channel = Channel.EMAIL
    password = "!"  # noqa: S105  # unusable: nobody has a password

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        return {**kwargs, **person_keys(**{name: kwargs[name] for name in ("first_name", "last_name", "birth_year")})}

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        person = super()._create(model_class, *args, **kwargs)
        add_search_words([person])
        return person

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleGrant.objects.create(person=self, role=RoleName(role))


class ConsentFactory(DjangoModelFactory):
    """A yes to support needs, given on paper at the desk."""

    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    purpose = ConsentPurpose.SUPPORT
    text = "Saako sen merkitä muistiin?"
    how_asked = HowAsked.DESK


class ContactPersonFactory(DjangoModelFactory):
    """Somebody's daughter, told of sessions and changes, with the consent it takes."""

    class Meta:
        model = ContactPerson

    person = factory.SubFactory(PersonFactory)
    name = factory.Sequence(lambda n: f"Läheinen{n}")
    relation = Relation.CHILD
    phone = "+358401234567"
    consent = factory.SubFactory(
        ConsentFactory, person=factory.SelfAttribute("..person"), purpose=ConsentPurpose.CONTACT
    )


class CentreFactory(DjangoModelFactory):
    class Meta:
        model = Centre
        django_get_or_create = ("id",)

    id = 1
    name = "Testikeskus"
    phone = "+35891234567"
    hours_fi = "ma–to 12.30–15.30"
    hours_sv = "må–to 12.30–15.30"
    hours_en = "Mon–Thu 12:30–15:30"
    signatory_name = "Testi Allekirjoittaja"


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    code = factory.Sequence(lambda n: f"K{n}")
    title_fi = "Tekoälymentorin peruskurssi"
    title_sv = "Grundkurs för AI-mentorer"
    title_en = "AI Mentor Foundation Course"
    summary_fi = "Opi ja opasta."
    summary_sv = "Lär dig och handled."
    summary_en = "Learn and guide."
    valid_months = 24
    makes_mentors = True
    capacity = 16


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    course = factory.SubFactory(CourseFactory)
    order = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda module: f"M{module.order}")
    title_fi = factory.LazyAttribute(lambda module: f"Moduuli {module.order}")
    title_sv = factory.LazyAttribute(lambda module: f"Modul {module.order}")
    title_en = factory.LazyAttribute(lambda module: f"Module {module.order}")
    lessons = 3


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name_fi = factory.Sequence(lambda n: f"Kirjasto {n}")
    street = "Kirjastokatu 1"
    postal_code = "02100"
    city = "Espoo"


class CohortFactory(DjangoModelFactory):
    """A published cohort that starts in four weeks."""

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    code = factory.Sequence(lambda n: f"RYHMA-{n}")
    name_fi = factory.LazyAttribute(lambda cohort: f"Ryhmä {cohort.code}")
    name_sv = factory.LazyAttribute(lambda cohort: f"Grupp {cohort.code}")
    name_en = factory.LazyAttribute(lambda cohort: f"Group {cohort.code}")
    state = CohortState.PUBLISHED
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=28))
    ends_on = factory.LazyAttribute(lambda cohort: cohort.starts_on + datetime.timedelta(days=56))
    venue = factory.SubFactory(VenueFactory)
    capacity = 16

    @factory.post_generation
    def trainers(self, create, extracted, **kwargs):
        if extracted:
            self.trainers.set(extracted)


class SessionFactory(DjangoModelFactory):
    """A session of three hours; `modules` may be given as a list."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_at = factory.LazyAttribute(
        lambda session: timezone.make_aware(
            datetime.datetime.combine(session.cohort.starts_on, datetime.time(10))
            + datetime.timedelta(days=7 * (session.number % 50))
        )
    )
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + datetime.timedelta(hours=3))
    lessons = 3

    @factory.post_generation
    def modules(self, create, extracted, **kwargs):
        if extracted:
            self.modules.set(extracted)


class EnrollmentFactory(DjangoModelFactory):
    """An enrollment put straight into `state`, with the cohort's count of seats kept true."""

    class Meta:
        model = Enrollment

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(PersonFactory)
    state = EnrollmentState.ENROLLED
    how_asked = HowAsked.PHONE

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        enrollment = super()._create(model_class, *args, **kwargs)
        enrollment.cohort.seats_taken += seat_change("", enrollment.state)
        enrollment.cohort.save(update_fields=["seats_taken"])
        return enrollment


class AttendanceFactory(DjangoModelFactory):
    """Somebody came: marked present, with the lessons of the session. Whoever was absent has none."""

    class Meta:
        model = Attendance

    enrollment = factory.SubFactory(EnrollmentFactory, state=EnrollmentState.ACTIVE)
    session = factory.SubFactory(SessionFactory, cohort=factory.SelfAttribute("..enrollment.cohort"))
    state = AttendanceState.PRESENT
    lessons = factory.LazyAttribute(
        lambda attendance: (
            attendance.session.lessons if attendance.state in (AttendanceState.PRESENT, AttendanceState.MADE_UP) else 0
        )
    )


class ModuleResultFactory(DjangoModelFactory):
    """A module passed, as recorded today by hand."""

    class Meta:
        model = ModuleResult

    enrollment = factory.SubFactory(EnrollmentFactory, state=EnrollmentState.ACTIVE)
    module = factory.SubFactory(ModuleFactory, course=factory.SelfAttribute("..enrollment.cohort.course"))
    result = Result.PASSED
    recorded_on = factory.LazyFunction(timezone.localdate)


class CompletionFactory(DjangoModelFactory):
    """A completion decided just now; with `state=CompletionState.PROPOSED` one that waits for the decision."""

    class Meta:
        model = Completion

    enrollment = factory.SubFactory(EnrollmentFactory, state=EnrollmentState.COMPLETED)
    state = CompletionState.DECIDED
    decided_at = factory.LazyAttribute(
        lambda completion: timezone.now() if completion.state == CompletionState.DECIDED else None
    )


class CertificateFactory(DjangoModelFactory):
    """A certificate issued today, valid without end and taken from no series."""

    class Meta:
        model = Certificate

    person = factory.SubFactory(PersonFactory)
    course = factory.SubFactory(CourseFactory)
    number = factory.Sequence(lambda n: f"N-{n}")
    check_code = factory.LazyAttribute(lambda certificate: f"check-{certificate.number}")
    name = factory.LazyAttribute(lambda certificate: certificate.person.full_name)
    language = Language.FINNISH
    issued_on = factory.LazyFunction(timezone.localdate)


class MessageFactory(DjangoModelFactory):
    """A reminder by e-mail, due now and too late after a day."""

    class Meta:
        model = Message

    rule = ReminderRule.SESSION_SOON
    dedupe_key = factory.Sequence(lambda n: f"test:{n}")
    person = factory.SubFactory(PersonFactory)
    channel = Channel.EMAIL
    state = MessageState.PENDING
    due_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda message: message.due_at + datetime.timedelta(days=1))
    next_attempt_at = factory.LazyAttribute(lambda message: message.due_at)
    sent_at = factory.LazyAttribute(lambda message: message.due_at if message.state == MessageState.SENT else None)
