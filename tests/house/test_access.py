from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.access_table import PAGES, Page, Statuses
from tests.house.access_world import ANYONE, DISABLED, ROLES, World, build_world, client_of

NOT_ALLOWED = 405


def url_names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name or f'without a name: {pattern.pattern}'}"


def test_every_url_stands_in_the_table_once():
    assert Counter(page.name for page in PAGES) == Counter(url_names(get_resolver().url_patterns))


@pytest.fixture
def world(db: None, settings, tmp_path) -> World:
    settings.STAFF_IDLE = settings.STAFF_IDLE * 1000
    settings.DEMO_MAIL_DIR = tmp_path
    return build_world()


@pytest.mark.onedb
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_answers_as_the_table_says(page: Page, world: World):
    clients = {role: client_of(world, role) for role in ROLES}
    expected, answered = {}, {}
    for method, statuses in (("get", page.gets), ("post", page.posts)):
        for thing, arguments in things(page, world).items():
            url = reverse(page.name, kwargs=arguments)
            for role in ROLES:
                case = f"{method} {thing} {role}"
                expected[case] = expected_status(page, statuses, thing, role)
                answered[case] = status_of(clients[role], method, url, page.data(world) if method == "post" else {})
                # Whoever is let in nowhere is turned away before the method is looked at, or after: both are a refusal.
                if statuses is None and answered[case] in (302, 404) and not let_in(page, role):
                    answered[case] = NOT_ALLOWED

    assert answered == expected


def things(page: Page, world: World) -> dict[str, dict]:
    found = {"own": dict(page.own(world)) if page.own else {}}
    if page.another:
        found["another's"] = dict(page.another(world))
    if page.missing:
        found["missing"] = dict(page.missing)
    return found


def expected_status(page: Page, statuses: Statuses | None, thing: str, role: str) -> int:
    if statuses is None:
        return NOT_ALLOWED
    hidden = thing == "missing" or (thing == "another's" and role not in page.anothers)
    to_sign_in = statuses[role] == 302 and role in (ANYONE, DISABLED)
    return 404 if hidden and not to_sign_in else statuses[role]


def let_in(page: Page, role: str) -> bool:
    return any(
        statuses[role] != 404 and not (statuses[role] == 302 and role in (ANYONE, DISABLED))
        for statuses in (page.gets, page.posts)
        if statuses is not None
    )


def status_of(client: Client, method: str, url: str, data: dict) -> int:
    """The status of one request; what it wrote is taken back, so that the next one meets the same world."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        status = getattr(client, method)(url, data).status_code
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    return status
