"""A call or a visit at the desk, taken down as a whole: whoever is new, their yes, the seats, what to arrange, whom to tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.selectors import DuplicateOnFile, duplicates_on_file
from accounts.services.consents import give_consent
from accounts.services.contacts import ContactData, add_contact_person
from accounts.services.merges import tell_apart
from accounts.services.people import PersonData, create_person
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.desk import consent_of
from courses.enrolling.services.enrollments import enroll_person, enroll_together
from courses.enrolling.services.offers import seats_for_newcomers
from courses.enrolling.services.queue import join_party
from courses.enrolling.services.support import NeedsData, note_support_needs
from courses.enrolling.wording.refusals import seats_filled_meanwhile
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort


@dataclass(frozen=True)
class AtDesk:
    """One of those who ask: `person` on file, or `data` of a new one, who is nobody of `told_apart`.

    `course_consent`, `support_consent`, `contact_consent`: the words that were read and said yes to just now; empty where
    nothing was read. `needs` and `contact` are noted when they are given.
    """

    person: Person | None = None
    data: PersonData | None = None
    told_apart: Sequence[Person] = ()
    goal: str = ""
    course_consent: str = ""
    needs: NeedsData = field(default_factory=NeedsData)
    support_consent: str = ""
    contact: ContactData | None = None
    contact_consent: str = ""


@transaction.atomic
def enroll_at_desk(
    *, people: Sequence[AtDesk], cohort: Cohort, act: Act, waiver: str = "", seats_promised: bool = False
) -> list[Enrollment]:
    """All of it or nothing, in the order of `people`; several come together, both or none. Whoever of several is in the
    group already is joined by the others.

    `seats_promised`: the page said that there is a seat for each. Raises RuleError `filled` when there is none any more:
    nobody is put on a waiting list unasked; `duplicate` when somebody alike was put on record meanwhile; `consent` when a
    yes is missing; what enroll_person, enroll_together and join_party raise. ValidationError as create_person.
    """
    locked = lock_cohort(cohort.pk)
    if seats_promised and seats_for_newcomers(locked, act.at) < len(people):
        raise RuleError([seats_filled_meanwhile(locked, len(people))], code="filled")
    _check_consents(people)
    # Every duplicate is looked for before the first is added: two new people of one call are not each other.
    _check_duplicates(people)
    known = [_on_file(one, act) for one in people]
    for one, person in zip(people, known, strict=True):
        if one.course_consent:
            give_consent(person=person, purpose=ConsentPurpose.COURSE, text=one.course_consent, act=act)
    enrollments = _enroll(people, known, cohort, act=act, waiver=waiver)
    for one, enrollment in zip(people, enrollments, strict=True):
        _note_rest(one, enrollment, act=act)
    return enrollments


def duplicates_of(data: PersonData, told_apart: Sequence[Person]) -> list[DuplicateOnFile]:
    """People on file who may be the new one by their name, and of whom nobody has said that it is another person."""
    names = ("first_name", "last_name", "birth_year", "phone", "email")
    found = duplicates_on_file(**{name: data[name] for name in names if data.get(name)})  # type: ignore[literal-required]  # names of PersonData
    apart = {person.pk for person in told_apart}
    return [one for one in found if one.by_name and one.person.pk not in apart]


def _check_consents(people: Sequence[AtDesk]) -> None:
    missing = [
        one for one in people if not one.course_consent and (one.person is None or consent_of(one.person) is None)
    ]
    if missing:
        raise RuleError(
            [_("Read the text about the stored details aloud first. Without a yes nobody is enrolled.")], code="consent"
        )


def _check_duplicates(people: Sequence[AtDesk]) -> None:
    for one in people:
        if one.data is not None and duplicates_of(one.data, one.told_apart):
            raise RuleError(
                [_("Somebody of this name is on file by now. Is it the same person? Choose below.")], code="duplicate"
            )


def _on_file(one: AtDesk, act: Act) -> Person:
    if one.person is not None:
        return one.person
    person = create_person(act=act, **(one.data or {}))
    for other in one.told_apart:
        tell_apart(first=person, second=other, act=act)
    return person


def _enroll(
    people: Sequence[AtDesk], known: Sequence[Person], cohort: Cohort, *, act: Act, waiver: str
) -> list[Enrollment]:
    goals = [one.goal for one in people]
    if len(known) == 1:
        return [enroll_person(person=known[0], cohort=cohort, act=act, goal=goals[0], waiver=waiver)]
    here = {
        enrollment.person_id: enrollment
        for enrollment in Enrollment.objects.filter(cohort=cohort, person__in=known, state__in=OPEN_STATES)
    }
    if not here:
        return enroll_together(people=known, cohort=cohort, act=act, goals=goals, waiver=waiver)
    together = [
        here.get(person.pk) or enroll_person(person=person, cohort=cohort, act=act, goal=goal, waiver=waiver)
        for person, goal in zip(known, goals, strict=True)
    ]
    join_party(enrollments=together, act=act)
    stored = Enrollment.objects.select_related("person").in_bulk([one.pk for one in together])
    return [stored[one.pk] for one in together]


def _note_rest(one: AtDesk, enrollment: Enrollment, *, act: Act) -> None:
    if any(one.needs.values()):
        note_support_needs(enrollment=enrollment, needs=one.needs, act=act, consent_text=one.support_consent)
    if one.contact is not None:
        add_contact_person(person=enrollment.person, data=one.contact, consent_text=one.contact_consent, act=act)
