"""What a page asks before something is done that people feel: the question, what will happen, the button."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.enums import RoleName
from accounts.models import ContactPerson, Person
from courses.registry.selectors.merges import Comparison, Side
from courses.registry.wording.merges import consequences


class Question(NamedTuple):
    """For the template confirm.html."""

    title: str
    consequences: list[str]
    action: str


def end_contact(contact: ContactPerson, person: Person) -> Question:
    return Question(
        title=_("Stop telling %(contact)s about %(name)s?") % {"contact": contact.name, "name": person},
        consequences=[
            _("The contact person is told nothing any more, from now on."),
            _("The consent is withdrawn. That it was given and withdrawn stays on record."),
            _("Name, phone and e-mail of the contact person are deleted after 30 days."),
        ],
        action=_("Stop telling them"),
    )


def end_own_contact(contact: ContactPerson) -> Question:
    """As the learner themselves is asked."""
    return Question(
        title=_("Do you want us to stop telling %(contact)s?") % {"contact": contact.name},
        consequences=[
            _("We tell your contact person nothing any more."),
            _("From now on we tell only you about your course."),
            _("You can name a contact person again by phone."),
        ],
        action=_("Stop telling my contact person"),
    )


def delete_note(person: Person) -> Question:
    return Question(
        title=_("Delete this note about %(name)s?") % {"name": person},
        consequences=[
            _("The text is gone for good. This cannot be undone."),
            _("That a note was deleted, when and by whom, stays on record."),
        ],
        action=_("Delete the note"),
    )


def withdraw_support(person: Person) -> Question:
    return Question(
        title=_("Does %(name)s take the consent to support needs back?") % {"name": person},
        consequences=[
            _("What is noted to be arranged is deleted at once, in every group."),
            _("That the consent was given and withdrawn stays on record."),
        ],
        action=_("Withdraw the consent"),
    )


def withdraw_own_support() -> Question:
    """As the learner themselves is asked."""
    return Question(
        title=_("Do you want us to delete what we arrange for you?"),
        consequences=[
            _("We delete at once what we noted to arrange for you."),
            _("Your place on the course stays."),
            _("If you need something arranged later, phone us."),
        ],
        action=_("Delete it"),
    )


def merge(comparison: Comparison, kept: Side, gone: Side, chosen: Mapping[str, int]) -> Question:
    """`chosen`: by group of fields the side whose value stays."""
    return Question(
        title=_("Make the two records one?"),
        consequences=consequences(comparison, kept, gone, chosen),
        action=_("Make them one record"),
    )


def change_roles(person: Person, changes: list[str]) -> Question:
    """`changes`: role_changes."""
    return Question(
        title=_("Change the roles of %(name)s?") % {"name": person.full_name},
        consequences=changes,
        action=_("Change the roles"),
    )


def role_changes(person: Person, *, roles: Iterable[str], may_sign_in: bool) -> list[str]:
    """What becomes of a person's roles when they are `roles` from now on; empty when nothing changes."""
    wanted = set(roles)
    return [
        *(_("Gets the role “%(role)s”.") % {"role": RoleName(role).label} for role in sorted(wanted - person.roles)),
        *(
            _("Loses the role “%(role)s”, from the next click on.") % {"role": RoleName(role).label}
            for role in sorted(person.roles - wanted)
        ),
        *_sign_in_change(person, may_sign_in),
    ]


def _sign_in_change(person: Person, may_sign_in: bool) -> list[str]:
    if may_sign_in == person.is_active:
        return []
    if may_sign_in:
        return [_("May sign in again.")]
    return [_("May not sign in any more. Every session ends at once.")]
