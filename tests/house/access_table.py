"""Who may open what: URL name x method x role x object -> status. A URL that does not stand here fails the tests.

To add a page, add one line under its actor:

    Page(
        "trainer:cohorts-detail",
        gets=lets_in(TRAINER),
        own=lambda w: {"code": w.own_cohort.code},
        another=lambda w: {"code": w.another_cohort.code},
        missing={"code": "GONE-1"},
    )

gets, posts   status by role; left out: the method is not allowed (405). `lets_in(ROLE, …, status=200)` lets those in, is 404 for
              other people who are signed in, and leads anyone else to the sign-in page (302). `everyone(200)` is for public pages.
own           the URL's arguments for a thing of the world's own learner and trainer (access_world.py); left out: the URL has none
another       the same for a thing that belongs to another learner and another trainer
anothers      who may open that: roles among those let in; nobody when left out, so that each gets 404
missing       arguments that lead to nothing: 404 for everyone whom the page lets in
data          what is posted; left out: an empty form. `posts` says what an empty form gives (200 when it is shown again, 302 when
              the page acts without one)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.house.access_world import ANYONE, DISABLED, ROLES, World

Statuses = Mapping[str, int]
Arguments = Mapping[str, Any]


def lets_in(*roles: str, status: int = 200) -> Statuses:
    return {role: status if role in roles else 302 if role in (ANYONE, DISABLED) else 404 for role in ROLES}


def everyone(status: int) -> Statuses:
    return dict.fromkeys(ROLES, status)


def signed_in(status: int, *, anyone: int = 302) -> Statuses:
    return {role: anyone if role in (ANYONE, DISABLED) else status for role in ROLES}


@dataclass(frozen=True)
class Page:
    name: str
    gets: Statuses | None = None
    posts: Statuses | None = None
    own: Callable[[World], Arguments] | None = None
    another: Callable[[World], Arguments] | None = None
    anothers: tuple[str, ...] = ()
    missing: Arguments | None = None
    data: Callable[[World], Mapping[str, Any]] = field(default=lambda world: {})


SITE = [
    Page("healthz", gets=everyone(200)),
    Page("set_language", gets=everyone(302), posts=everyone(302)),
]

SIGN_IN = [
    Page("account_login", gets=signed_in(302, anyone=200), posts=signed_in(302, anyone=200)),
    Page("account_request_login_code", gets=signed_in(302, anyone=200), posts=signed_in(302, anyone=200)),
    # Nobody here has asked for a code, so the page leads back to where one asks.
    Page("account_confirm_login_code", gets=everyone(302), posts=everyone(302)),
    Page("account_logout", gets=signed_in(200), posts=everyone(302)),
    Page("account_inactive", gets=everyone(200)),
]

PUBLIC: list[Page] = []

COORDINATORS: list[Page] = []

TRAINERS: list[Page] = []

LEARNERS: list[Page] = []

VIEWERS: list[Page] = []

ADMINISTRATORS: list[Page] = []

# Registered with DEMO=1 only.
DEMO: list[Page] = []

PAGES = [*SITE, *SIGN_IN, *PUBLIC, *COORDINATORS, *TRAINERS, *LEARNERS, *VIEWERS, *ADMINISTRATORS, *DEMO]
