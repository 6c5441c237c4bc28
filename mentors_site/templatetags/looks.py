"""The small parts of every page: icons, state marks, navigation, the language switch. The catalogue is docs/looks.md."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from django import template
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.enums import RoleName
from accounts.wording.marks import StateMark

register = template.Library()

# The first of these roles that somebody has decides.
FIRST_PAGES: dict[str, str] = {
    RoleName.COORDINATOR: "coordinator:today",
    RoleName.VIEWER: "viewer:reports-program",
    RoleName.ADMINISTRATOR: "administrator:centre-edit",
    RoleName.TRAINER: "trainer:today",
}

SYMBOL = re.compile(
    r'<symbol id="(?P<name>[\w-]+)" viewBox="(?P<box>0 0 (?P<size>\d+) \d+)">(?P<shapes>.*?)</symbol>', re.DOTALL
)


def read_icons(path: Path) -> dict[str, SafeString]:
    """Name to a whole inline `<svg>`, from a file of `<symbol>` elements."""
    return {
        symbol["name"]: mark_safe(  # noqa: S308 -- our own file, read when the process starts
            f'<svg class="icon icon-{symbol["size"]}" viewBox="{symbol["box"]}" aria-hidden="true" focusable="false">'
            f"{symbol['shapes']}</svg>"
        )
        for symbol in SYMBOL.finditer(path.read_text(encoding="utf-8"))
    }


ICONS = read_icons(Path(__file__).parent.parent / "icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "phone" %}: decoration beside words, hidden from screen readers. An unknown name is an error."""
    return ICONS[name]


@register.simple_tag
def state(name: str, words: str, tone: str = "") -> SafeString:
    """{% state "done" _("marked") tone="good" %}: shape and words. `tone`: empty (normal), good, warn or bad."""
    return format_html('<span class="{}">{}<span>{}</span></span>', f"state {tone}".strip(), ICONS[name], words)


@register.simple_tag
def state_mark(mark: StateMark | None) -> SafeString | str:
    """{% state_mark venue|directions_mark %}: what Python has decided; an en dash for nothing."""
    return state(mark.icon, str(mark.words), mark.tone) if mark else "–"


@register.simple_tag
def first_page(roles: Collection[str]) -> str:
    """{% first_page roles as home_url %}: where the brand leads the one who has these roles."""
    return url_if(next((page for role, page in FIRST_PAGES.items() if role in roles), "public:catalogue"))


@register.simple_tag(takes_context=True)
def nav_link(
    context: template.Context,
    name: str,
    label: str,
    icon: str = "",
    count: int | None = None,
    also: str = "",
    but: str = "",
    alone: bool = False,
) -> SafeString | str:
    """{% nav_link "coordinator:people-list" _("People") count=nav_counts.people also="rosters" %}: one `<li>`.

    Nothing for a URL name that does not exist, no count for zero. Current for every page of the same actor and topic, and of the
    topics in `also`, without the pages in `but`. `alone`: of its own topic for this page only.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return ""
    return format_html(
        '<li><a href="{}"{}>{}<span>{}</span>{}</a></li>',
        url,
        _current_mark(context.get("request"), name, also.split(), but.split(), alone=alone),
        ICONS[icon] if icon else "",
        label,
        format_html(' <span class="n">{}</span>', count) if count else "",
    )


@register.simple_tag
def url_if(name: str, *args: object, **kwargs: object) -> str:
    """{% url_if "public:privacy" as privacy_url %}: the address, or an empty string when there is no such page."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def translated_url(context: template.Context, language: str) -> str:
    """{% translated_url "sv" %}: this same page in another language; that language's first page where there is none."""
    request = context.get("request")
    if request is None:
        return f"/{language}/"
    path = request.get_full_path()
    translated = translate_url(path, language)
    if translated == path and language != get_language():
        return f"/{language}/"
    return translated


def _current_mark(
    request: HttpRequest | None, name: str, also: list[str], but: list[str], *, alone: bool
) -> SafeString | str:
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    if match.view_name == name:
        return mark_safe(' aria-current="page"')  # noqa: S308 -- a constant
    actor, _, page = name.rpartition(":")
    here_actor, _, here_page = match.view_name.rpartition(":")
    topics = {*also} if alone else {page.partition("-")[0], *also}
    if actor == here_actor and here_page not in but and here_page.partition("-")[0] in topics:
        return mark_safe(' aria-current="true"')  # noqa: S308 -- a constant
    return ""


@register.simple_tag
def form_errors(form: BaseForm | None, forms: Iterable[BaseForm] | None = None) -> list[dict[str, str]]:
    """What the error summary lists, in the order of the page: `field` (the id to go to, empty for the whole form),
    `label` and `text`."""
    return [error for one in (forms or ([form] if form is not None else [])) for error in _errors_of(one)]


def _errors_of(form: BaseForm) -> list[dict[str, str]]:
    whole = [{"field": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
    return whole + [
        {
            "field": bound.id_for_label or f"{bound.auto_id}_0",
            "label": _before_reason(str(bound.label)),
            "text": str(text),
        }
        for bound in form
        for text in bound.errors
    ]


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, number: int, name: str = "page") -> str:
    """{% page_link 3 %}: this list's page 3 with the same filters."""
    parameters = context["request"].GET.copy()
    parameters[name or "page"] = str(number)
    return f"?{parameters.urlencode()}"


def _before_reason(label: str) -> str:
    """A label that ends in a mark of its own, such as a question, gets no colon."""
    return label if label.endswith(("?", "!", ".", ":")) else f"{label}:"
