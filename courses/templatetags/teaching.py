from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django_stubs_ext import StrPromise

from courses.teaching.models import Visit
from courses.teaching.selectors.completions import Standing

register = template.Library()

CELLS: dict[str, tuple[str, str, StrPromise]] = {
    # state: icon, class, words
    "passed": ("done", "", pgettext_lazy("module result", "passed")),
    "made_up": ("made", "", pgettext_lazy("module result", "made up")),
    "failed": ("bad", "fail", pgettext_lazy("module result", "failed")),
    "attended": ("half", "", pgettext_lazy("module result", "came, not judged yet")),
    "missing": ("ring", "open", pgettext_lazy("module result", "missing")),
    "none": ("dot", "none", pgettext_lazy("module result", "not held yet")),
}
TONES = {"missing": "warn", "failed": "bad"}
NAMES = {"record": "completions-record", "practice": "completions-practice", "take-back": "visits-take-back"}


@register.filter
def cell_icon(state: str) -> str:
    return CELLS[state][0]


@register.filter
def cell_class(state: str) -> str:
    return CELLS[state][1]


@register.filter
def cell_tone(state: str) -> str:
    return TONES.get(state, "")


@register.filter
def cell_words(state: str) -> StrPromise:
    return CELLS[state][2]


@register.filter
def words_of(text: str) -> list[str]:
    return text.split()


@register.filter
def visit_words(visit: Visit) -> str:
    """{{ visit|visit_words }}: "60 minutes, 2 people helped, the library, with a trainer or a pair"."""
    minutes = ngettext("%(minutes)s minute", "%(minutes)s minutes", visit.minutes) % {"minutes": visit.minutes}
    helped = ngettext("%(number)s person helped", "%(number)s people helped", visit.people_helped)
    company = _("with a trainer or a pair") if visit.supervised else ""
    return ", ".join(part for part in (minutes, helped % {"number": visit.people_helped}, visit.place, company) if part)


@register.filter
def has_recorded(standing: Standing, key: str) -> bool:
    """Whether the assessment is passed, or the declaration signed."""
    return key in standing.progress.assessments or key in standing.progress.declarations


@register.simple_tag
def completions_url(actor: str, page: str, *arguments: object) -> str:
    """The address of a page of completions for the trainer or the coordinator."""
    return reverse(f"{actor}:{NAMES[page]}", args=arguments)
