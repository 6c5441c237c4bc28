"""Contact people and support needs of the demo, with their consents: who is told for whom, what is arranged in a group."""

import datetime

from django.utils.translation import override

from accounts.acts import Act
from accounts.enums import Channel, ConsentPurpose, HowAsked, Relation
from accounts.models import Person
from accounts.services.contacts import add_contact_person
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import the_centre
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.support import NeedsData
from courses.enrolling.services.support import note_support_needs

# Of the learner's group, one person after another; the learner is the first.
NEEDS: list[NeedsData] = [{"hearing_loop": True}, {"wheelchair": True}, {"loan_device": True}, {"hearing_loop": True}]


def make_contacts(*, learner: Person, by: Person, now: datetime.datetime) -> None:
    """The learner's daughter is told of sessions; one of the group is reached through a son, and one through nobody."""
    own = Enrollment.objects.filter(person=learner, state=EnrollmentState.ACTIVE).first()
    if own is None:
        return
    group = [own, *own.cohort.enrollments.filter(state=EnrollmentState.ACTIVE).exclude(pk=own.pk).order_by("pk")]
    for enrollment, needs in zip(group, NEEDS, strict=False):
        note_support_needs(
            enrollment=enrollment,
            needs=needs,
            act=Act(by=by, via=HowAsked.PHONE, at=now),
            consent_text=_read(enrollment.person, ConsentPurpose.SUPPORT),
        )
    through = [enrollment.person for enrollment in group[1:3]]
    Person.objects.filter(pk__in=[person.pk for person in through]).update(channel=Channel.CONTACT)
    for person, name in zip([learner, *through[:1]], ("Liina", "Lauri"), strict=False):
        add_contact_person(
            person=person,
            data={
                "name": f"{name} {person.last_name}",
                "relation": Relation.CHILD,
                "email": f"{name.lower()}@demo.example",
            },
            consent_text=_read(person, ConsentPurpose.CONTACT),
            act=Act(by=by, via=HowAsked.PHONE, at=now),
        )


def _read(person: Person, purpose: ConsentPurpose) -> str:
    with override(person.language):
        return consent_text(purpose, the_centre())
