"""Enrollments and the desk: names, reasons, codes, what of a name was looked for."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from accounts.models import Person
from accounts.rules.names import fold
from courses.enrolling.enums import EnrollmentState, QueueReason, WithdrawalReason
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.selectors.prerequisites import Lack
from courses.enrolling.wording.applications import how_it_stands
from courses.enrolling.wording.parties import party_names
from courses.enrolling.wording.prerequisites import explain_lacks
from courses.overview.selectors.next_steps import NextStep

register = template.Library()
register.filter("party_names", party_names)
register.filter("lacks_words", explain_lacks)


class StepWords(NamedTuple):
    heading: StrPromise
    lead: StrPromise


class Leaving(NamedTuple):
    """What somebody is asked who gives up, what follows, and the words of the button."""

    question: StrPromise
    effect: StrPromise
    action: StrPromise


class OfferGone(NamedTuple):
    heading: str | StrPromise
    text: str | StrPromise


STEPS = {
    "you": StepWords(
        gettext_lazy("Who are you?"),
        gettext_lazy(
            "Four short pages. You need neither e-mail nor an account, and nothing is sent before you have looked it through."
        ),
    ),
    "contact": StepWords(
        gettext_lazy("How do we reach you?"), gettext_lazy("Choose one way. We ask only what it needs.")
    ),
    "wishes": StepWords(
        gettext_lazy("What do you wish for?"), gettext_lazy("You may leave everything on this page empty.")
    ),
}
LEAVING = {
    EnrollmentState.WAITLISTED: Leaving(
        gettext_lazy("Leave the queue?"),
        gettext_lazy("You lose your place in the queue."),
        gettext_lazy("Leave the queue"),
    ),
    EnrollmentState.APPLIED: Leaving(
        gettext_lazy("Take back the application?"),
        gettext_lazy("We do not look at the application any more."),
        gettext_lazy("Take back the application"),
    ),
}
GIVING_UP = Leaving(
    gettext_lazy("Give up the place?"),
    gettext_lazy("Your seat goes to the next person at once."),
    gettext_lazy("Give up the place"),
)
OFFER_GONE = {
    EnrollmentState.OFFERED: OfferGone(
        gettext_lazy("This link is for an earlier offer"),
        gettext_lazy("A seat is held for you again. Use the link in the newest message, or phone us."),
    ),
    EnrollmentState.WAITLISTED: OfferGone(
        gettext_lazy("The time to answer is over"),
        gettext_lazy(
            "The next person was asked. You are still in the queue, number %(place)s now, and we ask you again."
        ),
    ),
    EnrollmentState.WITHDRAWN: OfferGone(
        gettext_lazy("You have said no to this seat"),
        gettext_lazy("It goes to the next person. If this was a mistake, phone us at once."),
    ),
}


@register.filter
def reason_words(reason: str) -> str:
    """{{ transition.reason|reason_words }}: a reason from the lists in words, others as they were written."""
    for reasons in (WithdrawalReason, QueueReason):
        if reason in reasons:
            return str(reasons(reason).label)
    return reason


@register.filter
def step_of(steps: Mapping[int, NextStep], enrollment: Enrollment) -> NextStep | None:
    """{% with step=steps|step_of:enrollment %}: what comes next for them."""
    return steps.get(enrollment.pk)


@register.filter
def step_heading(step: str) -> StrPromise:
    """{{ step|step_heading }}: the question of one page of an application."""
    return STEPS[step].heading


@register.filter
def step_lead(step: str) -> StrPromise:
    return STEPS[step].lead


@register.filter
def leaving(enrollment: Enrollment) -> Leaving:
    """{% with words=enrollment|leaving %}: what giving up is called, as the application stands."""
    return LEAVING.get(EnrollmentState(enrollment.state), GIVING_UP)


@register.filter
def offer_gone(enrollment: Enrollment, place: int) -> OfferGone:
    """{% with gone=enrollment|offer_gone:place %}: why the link of an offer opens it no more. `place` in the queue."""
    gone = OFFER_GONE.get(EnrollmentState(enrollment.state))
    if gone is None:
        return OfferGone(how_it_stands(enrollment, place), _("There is nothing to answer any more."))
    return OfferGone(str(gone.heading), str(gone.text) % {"place": place})


@register.simple_tag
def offer_heading(enrollment: Enrollment, members: Sequence[Enrollment], place: int) -> str:
    """{% offer_heading enrollment members place %}: a question for those who may answer, else why nobody may."""
    if not members:
        return str(offer_gone(enrollment, place).heading)
    return _("Do you take the seats?") if len(members) > 1 else _("Do you take the seat?")


@register.filter
def transition_name(step: Transition) -> str:
    """{{ step|transition_name }}: what happened to an enrollment, in few words."""
    if step.from_cohort:
        return _("From %(group)s to this group") % {"group": step.from_cohort.name}
    return _("Another place in the queue") if step.from_state == step.to_state else step.get_to_state_display()


@register.filter
def yes_words(size: int) -> str:
    """{{ line.size|yes_words }}: the button for the yes of one, of two, of a party."""
    match size:
        case 1:
            return _("Takes the seat")
        case 2:
            return _("Yes for both")
    return _("Yes for all %(number)s") % {"number": size}


@register.filter
def no_words(size: int) -> str:
    match size:
        case 1:
            return _("Does not want it")
        case 2:
            return _("No for both")
    return _("No for all %(number)s") % {"number": size}


@register.filter
def lack_name(lack: Lack) -> str:
    """{{ lack|lack_name }}, for tables: what a group asks for, in two words."""
    words = _("“%(course)s” completed") if lack.code == "course" else _("certificate of “%(course)s”")
    return words % {"course": lack.course.title}


@register.filter
def described(person: Person) -> str:
    """{{ person|described }}: "Aalto, Aino, P-1234, born 1948, 040 123 4567"; what is not known is left out."""
    born = _("born %(year)s") % {"year": person.birth_year} if person.birth_year else ""
    return ", ".join(part for part in (person.list_name, person.code, born, person.shown_phone) if part)


@register.filter
def hits(name: str, text: str) -> SafeString:
    """{{ person.list_name|hits:"korho aino" }}: the letters that were looked for marked, also without ä, ö and accents."""
    letters = [(fold(letter), place) for place, letter in enumerate(name)]
    folded = "".join(plain for plain, _place in letters)
    places = [place for plain, place in letters for _one in plain]
    marked = {
        place
        for word in fold(text).split()
        for found in re.finditer(re.escape(word), folded)
        for place in places[found.start() : found.end()]
    }
    parts: list[tuple[bool, str]] = []
    for place, letter in enumerate(name):
        if parts and parts[-1][0] == (place in marked):
            parts[-1] = (parts[-1][0], parts[-1][1] + letter)
        else:
            parts.append((place in marked, letter))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if is_hit else part,) for is_hit, part in parts)
    )
