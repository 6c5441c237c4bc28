"""The small world in which the access table is tried: one person of each role, what is theirs, and what is another's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.enums import Channel
from accounts.models import Consent, ContactPerson, District, Person, ToldApart
from accounts.services.merges import tell_apart
from courses.certifying.models import Certificate
from courses.certifying.services import issue_certificates
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.models import Enrollment
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import read_roster
from courses.importing.rosters.services.rosters import apply_roster, upload_roster
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.registry.models import Note
from courses.registry.services.notes import add_note
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion, Visit
from tests.acts import act
from tests.factories import (
    CentreFactory,
    CohortFactory,
    CompletionFactory,
    ConsentFactory,
    ContactPersonFactory,
    EnrollmentFactory,
    ModuleFactory,
    PersonFactory,
    SessionFactory,
)

ANYONE = "anyone"
LEARNER = "learner"
MENTOR = "mentor"
TRAINER = "trainer"
COORDINATOR = "coordinator"
VIEWER = "viewer"
ADMINISTRATOR = "administrator"
DISABLED = "disabled"
ROLES = (ANYONE, LEARNER, MENTOR, TRAINER, COORDINATOR, VIEWER, ADMINISTRATOR, DISABLED)


@dataclass
class World:
    """`own_…` belongs to the learner and the trainer of the table, `another_…` to a learner and a trainer it never signs in.

    An engineer who needs one more thing adds one more cached property: it is made only for the pages that ask for it.
    """

    people: Mapping[str, Person] = field(default_factory=dict)

    @cached_property
    def own_district(self) -> District:
        return District.objects.create(name="Tapiola")

    @cached_property
    def own_cohort(self) -> Cohort:
        return CohortFactory.create(trainers=[self.people[TRAINER]])

    @cached_property
    def another_cohort(self) -> Cohort:
        return CohortFactory.create(trainers=[PersonFactory.create(roles=["trainer"])])

    @cached_property
    def own_session(self) -> Session:
        return SessionFactory.create(
            cohort=self.own_cohort, number=1, modules=[ModuleFactory.create(course=self.own_cohort.course)]
        )

    @cached_property
    def another_session(self) -> Session:
        return SessionFactory.create(
            cohort=self.another_cohort, number=1, modules=[ModuleFactory.create(course=self.another_cohort.course)]
        )

    @cached_property
    def own_enrollment(self) -> Enrollment:
        return EnrollmentFactory.create(
            cohort=self.own_cohort, person=self.people[LEARNER], state=EnrollmentState.ACTIVE
        )

    @cached_property
    def another_enrollment(self) -> Enrollment:
        return EnrollmentFactory.create(cohort=self.another_cohort, state=EnrollmentState.ACTIVE)

    @cached_property
    def own_offer(self) -> Enrollment:
        return EnrollmentFactory.create(
            cohort=self.own_cohort,
            person=self.people[LEARNER],
            state=EnrollmentState.OFFERED,
            offer_expires_at=timezone.now() + timedelta(days=3),
        )

    @cached_property
    def own_contact(self) -> ContactPerson:
        return ContactPersonFactory.create(person=self.people[LEARNER])

    @cached_property
    def another_contact(self) -> ContactPerson:
        return ContactPersonFactory.create()

    @cached_property
    def own_note(self) -> Note:
        return add_note(person=self.people[LEARNER], text="Soittaa aamulla", act=act(self.people[COORDINATOR]))

    @cached_property
    def own_consent(self) -> Consent:
        return ConsentFactory.create(person=self.people[LEARNER])

    @cached_property
    def another_consent(self) -> Consent:
        return ConsentFactory.create()

    @cached_property
    def waiting_enrollment(self) -> Enrollment:
        return EnrollmentFactory.create(cohort=self.own_cohort, state=EnrollmentState.WAITLISTED, queue_number=1)

    @cached_property
    def applied_enrollment(self) -> Enrollment:
        return EnrollmentFactory.create(cohort=self.own_cohort, state=EnrollmentState.APPLIED)

    @cached_property
    def twin(self) -> Person:
        """A second record, much like the learner's."""
        learner = self.people[LEARNER]
        return PersonFactory.create(first_name=learner.first_name, last_name=learner.last_name)

    @cached_property
    def told_apart(self) -> ToldApart:
        return tell_apart(first=self.people[LEARNER], second=self.twin, act=act(self.people[COORDINATOR]))

    @cached_property
    def own_completion(self) -> Completion:
        return decided(self.own_enrollment)

    @cached_property
    def own_certificate(self) -> Certificate:
        return issue_certificates(completions=[self.own_completion], act=act(self.people[COORDINATOR]))[0]

    @cached_property
    def another_certificate(self) -> Certificate:
        return issue_certificates(completions=[decided(self.another_enrollment)], act=act(self.people[COORDINATOR]))[0]

    @cached_property
    def own_visit(self) -> Visit:
        return visit_of(self.own_enrollment)

    @cached_property
    def another_visit(self) -> Visit:
        return visit_of(self.another_enrollment)

    @cached_property
    def own_sent_message(self) -> Message:
        return sent_message_about(self.own_enrollment)

    @cached_property
    def another_sent_message(self) -> Message:
        return sent_message_about(self.another_enrollment)

    @cached_property
    def own_roster(self) -> Roster:
        read = read_roster(b"Sukunimi;Etunimi\nAho;Aino\n")
        return upload_roster(
            file_name="lista.csv",
            read=read,
            cohort=self.own_cohort,
            act=act(self.people[COORDINATOR]),
        )

    @cached_property
    def own_applied_roster(self) -> Roster:
        return apply_roster(roster=self.own_roster, act=act(self.people[COORDINATOR]), skip_errors=False)

    @cached_property
    def own_message(self) -> Message:
        plan_place_confirmed(enrollments=[self.own_enrollment], at=timezone.now())
        return Message.objects.get()

    @cached_property
    def own_call(self) -> Message:
        Message.objects.filter(pk=self.own_message.pk).update(channel=Channel.CALL, next_attempt_at=timezone.now())
        return self.own_message

    @cached_property
    def own_letter(self) -> Message:
        Message.objects.filter(pk=self.own_message.pk).update(channel=Channel.LETTER)
        return self.own_message

    @cached_property
    def own_mail(self) -> str:
        """The name of a mail in the demo's mailbox."""
        name = "20270112T080000000000-0000000a"
        folder = Path(settings.DEMO_MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.eml").write_text("Subject: Test\nTo: a@example.org\nContent-Type: text/html\n\n<p>Test</p>")
        return name


def decided(enrollment: Enrollment) -> Completion:
    return CompletionFactory.create(
        enrollment=enrollment, state=CompletionState.DECIDED, decided_at=timezone.now() - timedelta(days=2)
    )


def visit_of(enrollment: Enrollment) -> Visit:
    return Visit.objects.create(
        person=enrollment.person, enrollment=enrollment, visited_on=timezone.localdate(), minutes=60
    )


def sent_message_about(enrollment: Enrollment) -> Message:
    plan_place_confirmed(enrollments=[enrollment], at=timezone.now())
    enrollment.messages.update(state=MessageState.SENT, sent_at=timezone.now())
    return enrollment.messages.get()


def build_world() -> World:
    CentreFactory.create()
    people = {
        role: PersonFactory.create(
            first_name=role.title(), roles=[role] if role in (TRAINER, COORDINATOR, VIEWER, ADMINISTRATOR) else []
        )
        for role in ROLES
        if role != ANYONE
    }
    return World(people)


def client_of(world: World, role: str) -> Client:
    """A browser signed in as `role`. The disabled person was disabled while signed in."""
    client = Client()
    if role != ANYONE:
        client.force_login(world.people[role])
    if role == DISABLED:
        Person.objects.filter(pk=world.people[role].pk).update(is_active=False)
    return client
