"""The completion rule of a course in words: whole sentences that a trainer can read aloud."""

from collections.abc import Iterable, Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.catalogue.enums import Assessment, Declaration
from courses.catalogue.models import Course, Module
from courses.catalogue.rules import CompletionRule, Practice

MINUTES_AN_HOUR = 60


def rule_in_words(rule: CompletionRule, modules: Iterable[Module]) -> list[str]:
    """One sentence for each thing the rule asks for. Modules are named by their codes, as on the printed register."""
    lessons = {module.code: module.lessons for module in modules}
    sentences = [
        *_lesson_words(rule, sum(lessons.get(code, 0) for code in rule.counted_modules)),
        *_module_words(rule),
        *_practice_words(rule.practice),
    ]
    if rule.assessments:
        names = [_label(Assessment, code) for code in rule.assessments]
        sentences.append(_("To be passed: %(names)s.") % {"names": _listed(names)})
    if rule.declarations:
        names = [_label(Declaration, code) for code in rule.declarations]
        sentences.append(_("To be signed: %(names)s.") % {"names": _listed(names)})
    return sentences or [_("The course asks for nothing but a coordinator's decision.")]


def _lesson_words(rule: CompletionRule, counted: int) -> list[str]:
    if not rule.lesson_share:
        return []
    percent = round(rule.lesson_share * 100)
    if not counted:
        return [_("At least %(percent)d %% of the lessons.") % {"percent": percent}]
    return [
        _("At least %(percent)d %% of the lessons: %(need)d of %(all)d.")
        % {"percent": percent, "need": rule.lessons_needed(counted), "all": counted}
    ]


def _module_words(rule: CompletionRule) -> list[str]:
    words = []
    if rule.mandatory_modules:
        words.append(
            ngettext(
                "Module %(modules)s is mandatory.", "Modules %(modules)s are mandatory.", len(rule.mandatory_modules)
            )
            % {"modules": _listed(rule.mandatory_modules)}
        )
    most = rule.most_made_up_modules
    if most == 0:
        words.append(_("No module may be made up in another group."))
    elif most is not None:
        words.append(
            ngettext(
                "At most %(count)d module may be made up in another group.",
                "At most %(count)d modules may be made up in another group.",
                most,
            )
            % {"count": most}
        )
    return words


def _practice_words(practice: Practice) -> list[str]:
    parts = []
    if practice.visits:
        parts.append(ngettext("%(count)d visit", "%(count)d visits", practice.visits) % {"count": practice.visits})
    if practice.minutes:
        parts.append(practice_time(practice.minutes))
    if practice.people_helped:
        parts.append(
            ngettext("%(count)d person helped", "%(count)d people helped", practice.people_helped)
            % {"count": practice.people_helped}
        )
    if practice.supervised_visits:
        parts.append(
            ngettext("%(count)d visit supervised", "%(count)d visits supervised", practice.supervised_visits)
            % {"count": practice.supervised_visits}
        )
    return [_("Practice, at least: %(parts)s.") % {"parts": _listed(parts)}] if parts else []


def practice_time(minutes: int) -> str:
    """ "4 hours"; in minutes what is no whole hour."""
    if minutes % MINUTES_AN_HOUR:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // MINUTES_AN_HOUR
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def price_words(course: Course) -> str:
    """What it costs to come; nothing where the course does not say."""
    if course.price is None:
        return ""
    return _("The course costs %(euros)d €.") % {"euros": course.price} if course.price else _("Free of charge.")


def _listed(words: Sequence[str]) -> str:
    return get_text_list([str(word) for word in words], _("and"))


def _label(choices: type[Assessment] | type[Declaration], code: str) -> str:
    """The word for a code; a code of a rule from elsewhere speaks for itself."""
    return str(choices(code).label).lower() if code in choices.values else code
