"""What a completion still lacks, in whole sentences that a trainer can read aloud; what is marked and recorded."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from courses.catalogue.enums import Assessment, Declaration
from courses.catalogue.wording import practice_time
from courses.teaching.enums import ABSENT_STATES, ATTENDED_STATES, AttendanceState
from courses.teaching.rules.completion import Missing
from courses.teaching.selectors.completions import Standing


def missing_sentences(standing: Standing) -> list[str]:
    """What is missing for one enrollment, one sentence or more for each thing; empty when the rule is met."""
    return [sentence for thing in standing.missing for sentence in _sentences(thing, standing.titles)]


def unmet_sentences(standing: Standing) -> list[str]:
    """Why nothing can be decided for one enrollment, by name; empty when the rule is met."""
    name = standing.enrollment.person.list_name
    if not standing.is_open:
        return [
            _("%(name)s: nothing can be decided, because the enrollment is “%(state)s”.")
            % {"name": name, "state": standing.enrollment.get_state_display()}
        ]
    return [_("%(name)s: %(sentence)s") % {"name": name, "sentence": one} for one in missing_sentences(standing)]


def _sentences(thing: Missing, module_titles: Mapping[str, str]) -> list[str]:
    match thing.code:
        case "mandatory_modules":
            return [
                _("Complete module %(code)s: %(title)s.") % {"code": code, "title": module_titles.get(code, code)}
                for code in thing.items
            ]
        case "assessments":
            return [_("Pass this: %(name)s.") % {"name": _assessment_name(code)} for code in thing.items]
        case "declarations":
            return [_signature_sentence(code) for code in thing.items]
        case "most_made_up_modules":
            return [
                ngettext(
                    "%(have)d module was made up, and the rule allows %(need)d.",
                    "%(have)d modules were made up, and the rule allows %(need)d.",
                    thing.have,
                )
                % {"have": thing.have, "need": thing.need}
            ]
    if thing.code == "practice.minutes":
        return [_("Guide for %(time)s more.") % {"time": practice_time(thing.need - thing.have)}]
    return [_figure_sentence(thing) % {"count": thing.need - thing.have, "have": thing.have, "need": thing.need}]


def _figure_sentence(thing: Missing) -> str:
    count = thing.need - thing.have
    match thing.code:
        case "lesson_share":
            return ngettext(
                "Take part in %(count)d more lesson (now %(have)d of %(need)d).",
                "Take part in %(count)d more lessons (now %(have)d of %(need)d).",
                count,
            )
        case "practice.visits":
            return ngettext(
                "Guide %(count)d more time during the course (now %(have)d).",
                "Guide %(count)d more times during the course (now %(have)d).",
                count,
            )
        case "practice.people_helped":
            return ngettext(
                "Help %(count)d more person (now %(have)d).",
                "Help %(count)d more people (now %(have)d).",
                count,
            )
        case "practice.supervised_visits":
            return ngettext(
                "Guide %(count)d more time together with a trainer or a pair (now %(have)d).",
                "Guide %(count)d more times together with a trainer or a pair (now %(have)d).",
                count,
            )
    raise ValueError(thing.code)


def _signature_sentence(code: str) -> str:
    match code:
        case Declaration.CODE_OF_CONDUCT:
            return _("Sign the code of conduct.")
        case Declaration.CONFIDENTIALITY:
            return _("Sign the promise of confidentiality.")
    return _("Sign this: %(name)s.") % {"name": code}


def _assessment_name(code: str) -> str:
    return str(Assessment(code).label) if code in Assessment.values else code


def mark_names() -> dict[str, str]:
    """By state; the empty one is no mark."""
    return {"": pgettext("attendance", "No mark")} | {state.value: str(state.label) for state in AttendanceState}


def counted_marks(states: Iterable[str]) -> list[str]:
    """ "9 came", "2 were absent", from the state of each line of a register."""
    found = list(states)
    came = sum(state in ATTENDED_STATES for state in found)
    absent = sum(state in ABSENT_STATES for state in found)
    return [
        ngettext("%(count)d came", "%(count)d came", came) % {"count": came},
        ngettext("%(count)d was absent", "%(count)d were absent", absent) % {"count": absent},
    ]


def marks_not_saved(count: int) -> str:
    return ngettext(
        "%(count)d mark was changed by somebody else meanwhile and is not saved. The rest is.",
        "%(count)d marks were changed by somebody else meanwhile and are not saved. The rest is.",
        count,
    ) % {"count": count}


def grades_not_saved(count: int) -> str:
    return ngettext(
        "%(count)d entry was changed by somebody else meanwhile and is not saved. The rest is.",
        "%(count)d entries were changed by somebody else meanwhile and are not saved. The rest is.",
        count,
    ) % {"count": count}


def completions_decided(count: int) -> str:
    return ngettext("%(count)d completion is decided.", "%(count)d completions are decided.", count) % {"count": count}


def completions_proposed(count: int) -> str:
    return ngettext(
        "%(count)d completion is proposed to the coordinator.",
        "%(count)d completions are proposed to the coordinator.",
        count,
    ) % {"count": count}
