"""Two records in words: what each says, why they may be one person, and what making them one would do."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import Person
from accounts.wording.addresses import postal_address
from courses.enrolling.enums import SEAT_STATES
from courses.enrolling.models import Enrollment
from courses.registry.rules import GROUPS, Line
from courses.registry.selectors.merges import Comparison, Side

LABELS = {
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "birth_year": gettext_lazy("Year of birth"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "ways": gettext_lazy("How we reach them"),
    "language": gettext_lazy("Language"),
    "district": gettext_lazy("Part of the city"),
    "gender": gettext_lazy("Gender"),
}
NOT_KNOWN = pgettext_lazy("of a person", "Not known")


def lines_of(comparison: Comparison) -> list[Line]:
    """What the two records say, line by line, the same in both or not."""
    one, another = (side.person for side in comparison.sides)
    return [
        Line(
            group=group,
            label=str(LABELS[group]),
            values=(_value(one, group), _value(another, group)),
            differs=any(getattr(one, name) != getattr(another, name) for name in names),
            empty=(_is_empty(one, names), _is_empty(another, names)),
        )
        for group, names in GROUPS.items()
    ]


def keep_words(comparison: Comparison) -> str:
    """Which record is proposed to stay, and why."""
    code = comparison.default.person.code
    why = {
        "role": _("We propose %(code)s: it has a role, and so it cannot go."),
        "history": _("We propose %(code)s: more has happened under it."),
        "details": _("We propose %(code)s: it says more about the person."),
        "spelling": _("We propose %(code)s: its name is spelled with more care."),
        "older": _("We propose %(code)s: it was put on record first."),
    }
    return why[comparison.why_default] % {"code": code}


def consequences(comparison: Comparison, kept: Side, gone: Side, chosen: Mapping[str, int]) -> list[str]:
    """What making the two one will do, for the page that asks before. `chosen`: by group of fields the side whose value
    stays."""
    return [
        _("%(code)s stays. The record %(old)s goes; its own code leads to %(code)s from now on, also when signing in.")
        % {"code": kept.person.code, "old": gone.person.code},
        *(
            _("%(field)s: “%(value)s” stays.") % {"field": line.label, "value": line.values[chosen[line.group]]}
            for line in lines_of(comparison)
            if line.group in chosen
        ),
        *_enrollments(comparison, gone),
        *_certificates(comparison, gone),
        *_rest(gone),
        *_ban(comparison),
        _who_is_notified(comparison),
        _("This cannot be undone: afterwards nobody can tell which of it came from which record."),
    ]


def _value(person: Person, group: str) -> str:
    match group:
        case "phone":
            words = person.shown_phone
        case "address":
            words = postal_address(person)
        case "ways":
            words = ", ".join(
                part for part in (person.get_channel_display(), person.get_second_channel_display()) if part
            )
        case "language":
            words = person.get_language_display()
        case "gender":
            words = person.get_gender_display()
        case _:
            words = str(getattr(person, group) or "")
    return words or str(NOT_KNOWN)


def _is_empty(person: Person, names: tuple[str, ...]) -> bool:
    return not any(getattr(person, name) for name in names)


def _enrollments(comparison: Comparison, gone: Side) -> list[str]:
    folded = {row.pk for pair in comparison.open_twice for row in pair}
    return [
        *(
            _("The enrollment in %(cohort)s moves over: “%(state)s”.")
            % {"cohort": row.cohort.name, "state": row.get_state_display()}
            for row in gone.enrollments
            if row.pk not in folded
        ),
        *(_twice(stays, goes) for stays, goes in comparison.open_twice),
    ]


def _twice(stays: Enrollment, goes: Enrollment) -> str:
    said = {"cohort": goes.cohort.name, "stays": stays.get_state_display(), "goes": goes.get_state_display()}
    if goes.state in SEAT_STATES:
        return (
            _(
                "Both are in %(cohort)s. “%(stays)s” stays, with what was recorded under the other. The other, “%(goes)s”, is "
                "withdrawn: its seat becomes free for the next in the queue."
            )
            % said
        )
    return (
        _("Both are in %(cohort)s. “%(stays)s” stays at the better place. The other, “%(goes)s”, is withdrawn.") % said
    )


def _certificates(comparison: Comparison, gone: Side) -> list[str]:
    return [
        *(
            _("The certificate %(number)s moves over.") % {"number": certificate.number}
            for certificate in gone.certificates
        ),
        *(
            _(
                "Both hold a certificate of %(course)s. %(stays)s holds longest and counts; %(goes)s is marked as replaced."
            )
            % {"course": stays.course.title, "stays": stays.number, "goes": goes.number}
            for stays, goes in comparison.certificates_twice
        ),
    ]


def _rest(gone: Side) -> list[str]:
    counted = [
        (
            len(gone.contact_people),
            ngettext(
                "%(count)d contact person moves over, with the consent.",
                "%(count)d contact people move over, with the consents.",
                len(gone.contact_people),
            ),
        ),
        (
            gone.messages,
            ngettext("%(count)d message moves over.", "%(count)d messages move over.", gone.messages),
        ),
        (
            gone.visits,
            ngettext("%(count)d visit moves over.", "%(count)d visits move over.", gone.visits),
        ),
    ]
    sentences = [words % {"count": count} for count, words in counted if count]
    if gone.is_mentor:
        sentences.append(_("The mentor's card moves over. Of two cards the stricter state stays."))
    return sentences


def _ban(comparison: Comparison) -> list[str]:
    if not any(side.person.protected for side in comparison.sides):
        return []
    return [_("The safety ban stays: no address is kept, of either record.")]


def _who_is_notified(comparison: Comparison) -> str:
    if any(goes.state in SEAT_STATES for _stays, goes in comparison.open_twice):
        return _("Nobody is told, except whoever is offered the free seat.")
    return _("Nobody is told. Messages still to go out are sent to the record that stays.")
