"""What stands in the way of a cohort's next state, as sentences."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.enums import Language
from courses.dates.words import day_words
from courses.scheduling.enums import CohortState
from courses.scheduling.rules.cohorts import Obstacle


def explain(obstacles: Iterable[Obstacle]) -> list[str]:
    """One sentence each, in the reader's language."""
    return [_sentence(obstacle) for obstacle in obstacles]


def missing_text_name(what: str) -> str:
    """What a missing text is called: `title`, `summary`, `name`, `notice`, `directions` or `module <code>`."""
    kind, _space, code = what.partition(" ")
    if kind == "module":
        return _("title of module %(code)s") % {"code": code}
    names = {
        "title": _("title of the course"),
        "summary": _("summary of the course"),
        "name": _("name of the group"),
        "notice": _("notice of the group"),
        "directions": _("how to get to the venue"),
    }
    return names[kind]


def _sentence(obstacle: Obstacle) -> str:
    figures = {"count": obstacle.count}
    match obstacle.code:
        case "missing_text":
            return _("%(language)s is missing: %(what)s.") % {
                "language": Language(obstacle.language).label,
                "what": missing_text_name(obstacle.what),
            }
        case "wrong_order":
            return _("The group is in the state “%(state)s”, so this cannot be done.") % {
                "state": CohortState(obstacle.what).label
            }
        case "not_editable":
            return _("The group is in the state “%(state)s”, so it is not changed any more.") % {
                "state": CohortState(obstacle.what).label
            }
        case "starts_later":
            day = day_words(date.fromisoformat(obstacle.what), get_language() or "en", year=True)
            return _("The group starts %(day)s.") % {"day": day}
        case "sessions_to_come":
            return (
                ngettext(
                    "%(count)d session is still to come. Cancel it, or wait for it.",
                    "%(count)d sessions are still to come. Cancel them, or wait for them.",
                    obstacle.count,
                )
                % figures
            )
        case "undecided_people":
            return (
                ngettext(
                    "%(count)d person has no decision yet: completed or not.",
                    "%(count)d people have no decision yet: completed or not.",
                    obstacle.count,
                )
                % figures
            )
        case "has_enrollments":
            return (
                ngettext(
                    "%(count)d person is enrolled already, so the group stays published.",
                    "%(count)d people are enrolled already, so the group stays published.",
                    obstacle.count,
                )
                % figures
            )
        case "has_registers":
            return (
                ngettext(
                    "%(count)d register is marked already, so the group keeps running.",
                    "%(count)d registers are marked already, so the group keeps running.",
                    obstacle.count,
                )
                % figures
            )
        case "too_late":
            return _("More than 24 hours have gone by, so this is not undone any more.")
        case "not_undone":
            return _("“%(state)s” is not undone.") % {"state": CohortState(obstacle.what).label}
    raise ValueError(obstacle.code)
