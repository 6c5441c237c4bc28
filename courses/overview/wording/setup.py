"""The way from an empty site to the first group, in words: each step with why, how it stands and its button."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleName
from courses.overview.rules import STEPS, Step, next_step
from courses.overview.selectors.setup import Setup


class SetupRow(NamedTuple):
    """`state`: how it stands and, when the reader cannot do it now, why or who can. `url` is empty where there is no button."""

    icon: str
    title: str
    why: str
    state: str
    action: str = ""
    url: str = ""
    is_next: bool = False


def setup_rows(setup: Setup) -> list[SetupRow]:
    coming = next_step(setup.done, setup.roles)
    return [_row(setup, step, coming) for step in STEPS]


def _row(setup: Setup, step: Step, coming: str) -> SetupRow:
    title, why = _titles()[step.code], _reasons()[step.code]
    if step.code in setup.done:
        return SetupRow("done", title, "", _("Done"))
    if step.role not in setup.roles:
        return _for_others(setup, step)
    if step.waits_for and step.waits_for not in setup.done:
        return SetupRow("hold", title, why, _("Waits for: %(step)s") % {"step": _titles()[step.waits_for]})
    action, url = _action(setup, step.code)
    if step.code == coming:
        return SetupRow("next", title, why, _("Next"), action, url, is_next=True)
    state = _("To do") if step.needed else _("May be left out")
    return SetupRow("ring", title, why, state, action, url)


def _for_others(setup: Setup, step: Step) -> SetupRow:
    """Names who can do it; when nobody can, how somebody gets the role."""
    title, why, names = _titles()[step.code], _reasons()[step.code], ", ".join(setup.others[step.role])
    if step.role == RoleName.ADMINISTRATOR:
        if names:
            return SetupRow("people", title, why, _("An administrator does this: %(names)s") % {"names": names})
        nobody = _(
            "An administrator does this, and there is none yet. Whoever runs the server makes one (create_staff)."
        )
        return SetupRow("people", title, why, nobody)
    if names:
        return SetupRow("people", title, why, _("A coordinator does this: %(names)s") % {"names": names})
    nobody = _("A coordinator does this, and there is none yet.")
    if RoleName.ADMINISTRATOR not in setup.roles:
        return SetupRow("people", title, why, nobody)
    return SetupRow("people", title, why, nobody, _("Add a coordinator"), reverse("administrator:staff-create"))


def _titles() -> dict[str, str]:
    return {
        "centre": _("The centre's details"),
        "districts": _("Districts"),
        "venue": _("A venue"),
        "trainers": _("A trainer"),
        "course": _("A course"),
        "cohort": _("A published group"),
        "people": _("People in the group"),
    }


def _reasons() -> dict[str, str]:
    return {
        "centre": _(
            "The name, the phone number and its hours stand on every page and in every message, the name on certificates too."
        ),
        "districts": _("Tell where people live. Leave them out if you do not need that."),
        "venue": _("Where the group meets, with the way there. A group that meets online needs none."),
        "trainers": _("Holds the sessions and marks who came."),
        "course": _("The template of groups: texts, modules, completion rule. A ready course is at hand."),
        "cohort": _("Once a group is published, people can apply for it."),
        "people": _("Write them down one by one or bring them as a list. They can also apply on the web."),
    }


def _action(setup: Setup, code: str) -> tuple[str, str]:
    """Words of the button, and where it leads."""
    match code:
        case "centre":
            return _("Write the centre's details"), reverse("administrator:centre-edit") + "#id_name"
        case "districts":
            return _("Add districts"), reverse("coordinator:districts-list")
        case "venue":
            return _("Add a venue"), reverse("coordinator:venues-create")
        case "trainers":
            return _("Add a trainer"), reverse("administrator:staff-create")
        case "course":
            return _("Choose a course"), reverse("coordinator:courses-list")
        case "cohort" if setup.draft:
            return _("Publish the group"), reverse("coordinator:cohorts-detail", args=[setup.draft])
        case "cohort":
            return _("Make a group"), reverse("coordinator:cohorts-create")
        case _:
            return _("Enroll a person"), reverse("coordinator:enrollments-create")
