"""Why an enrollment is refused, where the words depend on a state, on how many they are, or on who lacks what."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import PersonState
from accounts.models import Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.prerequisites import Lack
from courses.enrolling.wording.prerequisites import explain_lacks
from courses.scheduling.models import Cohort


def offer_gone(state: str) -> str:
    """`state` of the enrollment that was offered a seat."""
    sentences: dict[str, str] = {
        EnrollmentState.ENROLLED: _("The seat has been taken already: there is nothing left to do."),
        EnrollmentState.ACTIVE: _("The seat has been taken already: there is nothing left to do."),
        EnrollmentState.WAITLISTED: _(
            "The offer is not valid any more: its time is over, and the next person was asked. You are still in the queue."
        ),
        EnrollmentState.WITHDRAWN: _("The offer was declined already."),
    }
    return sentences.get(state, _("The offer is not valid any more."))


def no_such_transition(enrollment: Enrollment, to_state: str) -> str:
    return _("%(name)s: “%(from)s” cannot become “%(to)s”. Somebody may have changed it meanwhile.") % {
        "name": enrollment.person.list_name,
        "from": enrollment.get_state_display(),
        "to": EnrollmentState(to_state).label,
    }


def cohort_not_enrolling(cohort: Cohort) -> str:
    return _("Nobody can be enrolled in %(cohort)s now: the group is %(state)s.") % {
        "cohort": cohort.name,
        "state": cohort.get_state_display().lower(),
    }


def person_not_enrolling(person: Person, state: str) -> str:
    """`state` of the person as it is now."""
    return _("%(name)s cannot be enrolled: the person's state is %(state)s.") % {
        "name": person.list_name,
        "state": str(PersonState(state).label).lower(),
    }


def who_lacks_what(people: Iterable[Person], lacking: Mapping[int, list[Lack]]) -> list[str]:
    """One line for each of `people` who lacks something; `lacking` by their ids."""
    return [
        _("%(name)s: %(what)s") % {"name": person.list_name, "what": " ".join(explain_lacks(lacking[person.pk]))}
        for person in people
        if person.pk in lacking
    ]


def too_few_seats(cohort: Cohort) -> str:
    return ngettext(
        "%(cohort)s has %(seats)d seat, and it is taken.",
        "%(cohort)s has %(seats)d seats, and there are not enough free ones.",
        cohort.capacity,
    ) % {"cohort": cohort.name, "seats": cohort.capacity}


def too_few_for_party(cohort: Cohort) -> str:
    return ngettext(
        "%(cohort)s has only %(seats)d seat, so they cannot be there together.",
        "%(cohort)s has only %(seats)d seats, so they cannot be there together.",
        cohort.capacity,
    ) % {"cohort": cohort.name, "seats": cohort.capacity}


def more_are_taken(taken: int) -> str:
    """Why a group cannot have fewer seats."""
    return ngettext(
        "%(taken)d seat is taken already, so there cannot be fewer. Free a seat first.",
        "%(taken)d seats are taken already, so there cannot be fewer. Free seats first.",
        taken,
    ) % {"taken": taken}


def seats_filled_meanwhile(cohort: Cohort, count: int) -> str:
    """`count`: how many the desk wanted to enroll."""
    if count == 1:
        return _(
            "The seat in %(cohort)s that was free a moment ago is taken. Nothing has been saved. Choose another group, or "
            "press once more to put them on the waiting list."
        ) % {"cohort": cohort.name}
    return _(
        "The seats in %(cohort)s that were free a moment ago are taken. Nothing has been saved. Choose another group, or "
        "press once more to put all of them on the waiting list."
    ) % {"cohort": cohort.name}
