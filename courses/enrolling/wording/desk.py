"""What the desk says before something is done: what will happen, why two records may be one person, how they are told."""

from collections.abc import Iterable, Sequence

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.enums import Channel
from accounts.models import Person
from accounts.rules.phones import show_phone
from accounts.selectors import DuplicateOnFile
from accounts.services.people import PersonData
from courses.enrolling.models import Enrollment
from courses.scheduling.models import Cohort

SHOWN_DIGITS = 4


def outcome_words(cohort: Cohort, *, count: int, seats: int, waiting: int) -> str:
    """The seat or the number in the queue that `count` people will have. `seats`: how many newcomers may have now."""
    if count <= seats:
        first = cohort.seats_taken + 1
        if count == 1:
            return _("seat %(seat)d of %(capacity)d") % {"seat": first, "capacity": cohort.capacity}
        return _("seats %(first)d to %(last)d of %(capacity)d") % {
            "first": first,
            "last": first + count - 1,
            "capacity": cohort.capacity,
        }
    if count == 1:
        return _("number %(place)d on the waiting list") % {"place": waiting + 1}
    return _("numbers %(first)d to %(last)d on the waiting list, together") % {
        "first": waiting + 1,
        "last": waiting + count,
    }


def callers_names(names: Iterable[str]) -> str:
    """Those who ask, as far as they have said their names."""
    return get_text_list([name for name in names if name], _("and"))


def press_words(*, queues: bool) -> str:
    return _("Put on the waiting list") if queues else pgettext("staff", "Enroll")


def told_words(channel: str) -> str:
    """By which way the confirmation goes."""
    sentences: dict[str, str] = {
        Channel.EMAIL: _("The confirmation goes by e-mail."),
        Channel.SMS: _("The confirmation goes by e-mail, or by phone call when no e-mail is known."),
        Channel.LETTER: _("The confirmation goes by letter."),
        Channel.CALL: _("The confirmation goes by phone call."),
        Channel.CONTACT: _("The confirmation goes to the contact person."),
    }
    return sentences.get(channel, "")


def asked_and_noted(how_asked: str, by: Person) -> str:
    sentences = {
        "phone": _("Asked by phone, noted by %(name)s."),
        "desk": _("Asked at the desk, noted by %(name)s."),
        "letter": _("Asked by letter, noted by %(name)s."),
    }
    return sentences[how_asked] % {"name": by.full_name} if how_asked in sentences else ""


def duplicate_words(duplicate: DuplicateOnFile, typed: PersonData) -> str:
    """Who of those on file it may be, why, and what of them is not as it was typed."""
    person = duplicate.person
    born = _("born %(year)s") % {"year": person.birth_year} if person.birth_year else ""
    facts = [person.list_name, person.code, born, person.shown_phone if person.phone else ""]
    sentences = [", ".join(fact for fact in facts if fact), *[capfirst(sign.label) for sign in duplicate.why]]
    return " ".join([*[f"{sentence}." for sentence in sentences], *difference_words(duplicate, typed)])


def difference_words(duplicate: DuplicateOnFile, typed: PersonData) -> list[str]:
    """What of the one on file is not as it was typed; a number by its last digits, as one reads it aloud."""
    person, words = duplicate.person, []
    year = typed.get("birth_year")
    if year and person.birth_year and year != person.birth_year:
        words.append(
            _("The year of birth on file is %(theirs)s, you wrote %(yours)s.")
            % {"theirs": person.birth_year, "yours": year}
        )
    phone = typed.get("phone", "")
    if phone and person.phone and phone != person.phone:
        theirs, yours = (show_phone(number).replace(" ", "")[-SHOWN_DIGITS:] for number in (person.phone, phone))
        words.append(
            _("The phone number on file ends in %(theirs)s, yours in %(yours)s.") % {"theirs": theirs, "yours": yours}
        )
    return words


def done_words(enrollments: Sequence[Enrollment], cohort: Cohort, place: int) -> str:
    """What was done. `place`: of the first in the queue, 0 when they have places."""
    names = _(" and ").join(enrollment.person.full_name for enrollment in enrollments)
    figures = {"cohort": cohort.name, "name": names, "place": place, "last": place + len(enrollments) - 1}
    figures |= {"taken": cohort.seats_taken, "capacity": cohort.capacity}
    if len(enrollments) > 1:
        if place:
            return (
                _("%(name)s are numbers %(place)d to %(last)d on the waiting list of %(cohort)s, together.") % figures
            )
        return _("%(name)s have places in %(cohort)s. %(taken)d of %(capacity)d seats are taken.") % figures
    if place:
        return _("%(cohort)s is full. %(name)s is number %(place)d on the waiting list.") % figures
    return _("%(name)s has a place in %(cohort)s. %(taken)d of %(capacity)d seats are taken.") % figures
