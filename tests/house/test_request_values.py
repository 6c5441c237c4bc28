"""What a stranger may put into an address or a form: each page answers it with no error of the server.

Nothing here names a parameter. The names are those that a page asks its request for while it answers, and those of the
fields in its HTML; so a new parameter is tried from the day it is read. `make test-fast` tries the hard values alone, in
addresses only, each page as the first of those whom it lets in.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from itertools import cycle, product
from urllib.parse import parse_qsl, quote, quote_plus, unquote_to_bytes, urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path, override

from tests.examples import is_whole_run
from tests.house.access_table import PAGES, Page
from tests.house.access_world import ANYONE, DISABLED, LEARNER, ROLES, World, build_world, client_of

Value = str | bytes
Fields = list[tuple[str, Value]]

# What an unwary `isdigit()`, `int()` or query stumbles over.
NUMBERS: dict[str, Value] = {
    "digit that is no number": "²",
    "thirty nines": "9" * 30,
    # Python refuses to read so long a number.
    "five thousand nines": "9" * 5000,
    "more than a database holds": str(2**63),
    "less than zero": "-1",
    "NUL": "1\0",
}
TEXTS: dict[str, Value] = {
    "digits of another script": "٣",
    "zero": "0",
    "emoji": "🦉",
    "long": "x" * 300,
    "escape twice": "%00",
    "half of a surrogate pair": b"\xed\xa0\x80",
    "right to left": "\u202e1",
    "true": "true",
}
HOSTILE = NUMBERS | TEXTS
LONGEST = "five thousand nines"
ALONE = ("digit that is no number", "more than a database holds", "NUL", LONGEST)
# What each mistake of this kind has stumbled over so far.
HARD = ("digit that is no number", "more than a database holds")
# There is no time before this day, and hardly one after that.
DAYS = {"first day": "0001-01-01", "last day": "9999-12-31"}

GROUPS = {
    "anyone": [page for page in PAGES if ":" not in page.name or page.name.startswith(("public:", "demo:"))],
    "coordinator, people and places": [
        page
        for page in PAGES
        if re.match(
            "coordinator:(today|messages|people|contacts|consents|support|enrollments|rosters|venues)", page.name
        )
    ],
    "others": [page for page in PAGES if page.name.startswith(("trainer:", "learner:", "viewer:", "administrator:"))],
}
GROUPS["coordinator, courses and groups"] = [
    page for page in PAGES if not any(page in pages for pages in GROUPS.values())
]


class NotedQuery(QueryDict):
    """Notes each name that somebody asks for, and whether it was a field of a form, which judges what it gets."""

    by_hand: set[str] = set()
    by_field: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: str | None = None) -> str | None:
        self._note(name)
        return self[name] if super().__contains__(name) else default

    def getlist(self, name: str, default: list[str] | None = None) -> list[str]:
        self._note(name)
        return super().getlist(name, default)

    @classmethod
    def forget(cls) -> None:
        cls.by_hand, cls.by_field = set(), set()

    def _note(self, name: str) -> None:
        asking = sys._getframe(2).f_globals["__name__"]
        if asking != __name__:
            (self.by_field if asking.startswith("django.forms.") else self.by_hand).add(name)


class NotedGet(NotedQuery):
    pass


class NotedPost(NotedQuery):
    pass


def noting_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def note(request: HttpRequest) -> HttpResponse:
        request.GET = noted(NotedGet, request.GET)
        request.POST = noted(NotedPost, request.POST)
        return get_response(request)

    return note


def noted(kind: type[NotedQuery], sent: QueryDict) -> NotedQuery:
    query = kind("", mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        query.setlist(name, values)
    query._mutable = False
    return query


class FieldsOfPage(HTMLParser):
    """The fields of the forms that lead to the page itself, untouched, and the names in the queries of its links."""

    def __init__(self, html: str, url: str) -> None:
        super().__init__()
        self._url = url
        self.get: dict[str, str] = {}
        self.post: dict[str, str] = {}
        self._form: dict[str, str] = {}
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            elsewhere = given.get("action", "").partition("?")[0] not in ("", self._url)
            # What leads to another page is tried there.
            self._form = {} if elsewhere else self.post if given.get("method", "").lower() == "post" else self.get
        elif tag == "a" and given.get("href", "").startswith("?"):
            self.get |= dict.fromkeys(dict(parse_qsl(urlsplit(given["href"]).query)), "")
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
        elif tag == "option" and self._select and ("selected" in given or not self._form.get(self._select)):
            self._form[self._select] = given.get("value", "")
        elif tag == "input" and name not in ("", "csrfmiddlewaretoken"):
            chosen = given.get("type") not in ("checkbox", "radio") or "checked" in given
            self._form[name] = given.get("value", "on") if chosen else self._form.get(name, "")
        elif tag == "button" and name:
            self._form.setdefault(name, "")

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._textarea = "" if tag == "textarea" else self._textarea

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._form[self._textarea] = self._form.get(self._textarea, "") + data


@pytest.fixture
def world(db: None, settings, tmp_path, caplog) -> World:
    settings.STAFF_IDLE = settings.STAFF_IDLE * 1000
    settings.DEMO_MAIL_DIR = tmp_path
    settings.SIGN_IN_ANSWER_TIME = timedelta(0)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.noting_middleware"]
    # Thousands of lines about requests would be kept for nobody.
    caplog.set_level(logging.CRITICAL)
    return build_world()


class Trial:
    """One page, opened as one role, in the world as it is made for this page alone."""

    def __init__(self, page: Page, role: str, client: Client, world: World) -> None:
        self.page, self.role, self.client = page, role, client
        self.url = reverse(page.name, kwargs=dict(page.own(world)) if page.own else {})
        self.arguments = {quote(str(value)) for value in page.own(world).values()} if page.own else set()
        self.data = {name: str(value) for name, value in page.data(world).items()}
        self.methods = [
            method for method, statuses in (("get", page.gets), ("post", page.posts)) if statuses is not None
        ]
        self.failed: list[str] = []

    def send(self, method: str, case: str, *, url: str = "", query: Fields = (), body: Fields = ()) -> str:
        """Asks, and takes back what was written; notes the case when it failed. The HTML of the page that came."""
        if method == "post":
            # Nobody is to be turned away for having asked too often.
            cache.clear()
        cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        address, sent = f"{url or self.url}?{encoded(query)}", encoded(body)
        try:
            with transaction.atomic():
                if method == "get":
                    response = self.client.get(address)
                else:
                    response = self.client.post(address, sent, content_type="application/x-www-form-urlencoded")
                transaction.set_rollback(True)
        except Exception as error:
            self._note_failure(method, case, repr(error)[:200])
            return ""
        finally:
            self.client.cookies.clear()
            self.client.cookies.load(cookies)
        if response.status_code >= 500:
            self._note_failure(method, case, str(response.status_code))
        return response.text if response.headers.get("Content-Type", "").startswith("text/html") else ""

    def fields(self, method: str) -> FieldsOfPage:
        """Those of the page as it is."""
        return FieldsOfPage(self.send(method, "as it is"), self.url)

    def _note_failure(self, method: str, case: str, what: str) -> None:
        self.failed.append(f"{self.page.name} as {self.role}, {method}, {case}: {what}")

    def send_addresses(self) -> None:
        """Each argument of the address alone. What no pattern takes needs no asking: the page is not found."""
        segments = self.url.split("/")
        places = [place for place, segment in enumerate(segments) if segment in self.arguments]
        method = self.methods[0]
        for place, (kind, value) in product(places, tried(HOSTILE).items()):
            changed = "/".join([*segments[:place], quote(value, safe=""), *segments[place + 1 :]])
            if is_taken(changed):
                self.send(method, f"{kind} in place of {segments[place]}", url=changed)

    def send_queries(self) -> None:
        for method in self.methods if is_whole_run() else self.methods[:1]:
            NotedGet.forget()
            fields = self.fields(method).get
            for kind, sent in hostile(fields, NotedGet):
                self.send(method, f"{kind} of the query", query=sent)

    def send_forms(self) -> None:
        if "post" not in self.methods:
            return
        NotedPost.forget()
        fields = self.fields("get").post if "get" in self.methods else {}
        fields |= self.data
        self.send("post", "as it is", body=list(fields.items()))
        for kind, sent in hostile(fields, NotedPost):
            self.send("post", f"{kind} of the form", body=sent)
        numbered = [name for name in fields if re.search(r"\d", name) and name not in NotedPost.by_field]
        for name, (kind, value) in product(numbered, tried(HOSTILE).items()):
            if isinstance(value, str):
                self.send("post", f"{kind} in the name {name}", body=[(re.sub(r"\d+", value, name), fields[name])])


def hostile(fields: dict[str, str], noted: type[NotedQuery]) -> Iterator[tuple[str, Fields]]:
    """What is sent instead of `fields`; meanwhile a page may ask for more.

    First one number in all of them, and one text in each; then one is wrong, and the others are as on the page.
    """
    for kind, value in tried(NUMBERS).items():
        if names := sorted(noted.by_hand | noted.by_field | fields.keys()):
            yield f"{kind} in each of {', '.join(names)}", [(name, value) for name in names]
    names = sorted(noted.by_hand | noted.by_field | fields.keys())
    if names:
        dealt = list(zip(names, cycle(TEXTS.values()), strict=False))
        yield f"texts dealt out to {', '.join(names)}", dealt
    typed = [name for name in names if name in noted.by_field and not re.search(r"\d", fields.get(name, ""))]
    # `choice-2` and `choice-3` are read by one line.
    for name in {re.sub(r"\d+", "", name): name for name in names}.values():
        for kind, value in wrong_alone(name, fields.get(name, ""), noted).items():
            yield f"{kind} in {name}", others_than([name], fields) + [(name, value)]
    if typed:
        yield (
            f"{LONGEST} in what people type",
            others_than(typed, fields) + [(name, NUMBERS[LONGEST]) for name in typed],
        )


def wrong_alone(name: str, text: str, noted: type[NotedQuery]) -> dict[str, Value]:
    if name in noted.by_hand:
        return {kind: NUMBERS[kind] for kind in (ALONE if is_whole_run() else HARD[:1])}
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return dict(DAYS)
    return {LONGEST: NUMBERS[LONGEST]} if re.search(r"\d", text) else {}


def tried(values: dict[str, Value]) -> dict[str, Value]:
    return values if is_whole_run() else {kind: values[kind] for kind in HARD}


def others_than(names: list[str], fields: dict[str, str]) -> Fields:
    return [(name, text) for name, text in fields.items() if name not in names and text]


def is_taken(url: str) -> bool:
    path = unquote_to_bytes(url).decode(errors="replace")
    try:
        with override(get_language_from_path(path)):
            resolve(path)
    except Resolver404:
        return False
    return True


def encoded(fields: Iterable[tuple[str, Value]]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    "sending",
    [
        Trial.send_addresses,
        *(
            pytest.param(sending, marks=[pytest.mark.slow, pytest.mark.onedb])
            for sending in (Trial.send_queries, Trial.send_forms)
        ),
    ],
)
def test_no_value_of_a_request_breaks_a_page(group: str, sending: Callable[[Trial], None], world: World):
    clients = {role: client_of(world, role) for role in ROLES if role != DISABLED}
    failed: list[str] = []
    for page in GROUPS[group]:
        # One view answers all whom a page lets in; its address is tried as each of them.
        whole = sending is Trial.send_addresses and is_whole_run()
        for role in roles_let_in(page) if whole else roles_let_in(page)[:1]:
            with transaction.atomic():
                trial = Trial(page, role, clients[role], World(world.people))
                sending(trial)
                transaction.set_rollback(True)
            failed += trial.failed

    assert not failed, "\n".join(failed)


def roles_let_in(page: Page) -> list[str]:
    """Of a page for everyone, a stranger and somebody who is signed in."""
    roles = [role for role in ROLES if role != DISABLED and let_in(page, role)]
    return [ANYONE, LEARNER] if len(roles) > 2 and ANYONE in roles else roles


def let_in(page: Page, role: str) -> bool:
    """A stranger whom a page leads to the sign-in is not let in; where it leads everybody on, everybody is."""
    given = [statuses for statuses in (page.gets, page.posts) if statuses is not None]
    led_on = (404,) if role != ANYONE or all(set(statuses.values()) == {302} for statuses in given) else (302, 404)
    return any(statuses[role] not in led_on for statuses in given)
