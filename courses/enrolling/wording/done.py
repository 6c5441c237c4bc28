"""What was done with those who enroll, as the next page says it."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.wording.parties import party_names


def seats_are_held(asked: Sequence[Enrollment]) -> str:
    words = ngettext("A seat is held for %(names)s.", "%(count)d seats are held for %(names)s.", len(asked))
    return words % {"names": _names(asked), "count": len(asked)}


def have_places(placed: Sequence[Enrollment]) -> str:
    words = ngettext("%(names)s has a place.", "%(names)s have their places.", len(placed))
    return words % {"names": _names(placed)}


def do_not_want_seats(gone: Sequence[Enrollment]) -> str:
    words = ngettext(
        "%(names)s does not want the seat. The next in the queue is asked.",
        "%(names)s do not want the seats. The next in the queue are asked.",
        len(gone),
    )
    return words % {"names": _names(gone)}


def were_transferred(moved: Sequence[Enrollment]) -> str:
    words = ngettext("%(names)s has a place in %(group)s.", "%(names)s have their places in %(group)s.", len(moved))
    return words % {"names": _names(moved), "group": moved[0].cohort.name}


def chosen_were_moved(to_state: str, count: int) -> str:
    """`to_state`: enrolled or no_show."""
    if to_state == EnrollmentState.ENROLLED:
        words = ngettext("%(count)d person got a place.", "%(count)d people got a place.", count)
    else:
        words = ngettext("%(count)d person never came.", "%(count)d people never came.", count)
    return words % {"count": count}


def _names(enrollments: Sequence[Enrollment]) -> str:
    return party_names(one.person for one in enrollments)
