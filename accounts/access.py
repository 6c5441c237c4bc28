"""Who may open a page. A page outside one's role does not exist: 404, not 403."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from accounts.acts import Act
from accounts.enums import HowAsked, RoleName
from accounts.models import Person

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """For the types: behind LoginRequiredMiddleware `request.user` is a person, never anonymous; django-htmx adds `htmx`."""

    user: Person
    htmx: HtmxDetails


def act_of(request: PersonRequest, via: HowAsked = HowAsked.DESK) -> Act:
    """What whoever is signed in does now: made once in a view, and handed to every service it calls."""
    return Act(by=request.user, via=via, at=timezone.now())


def act_of_visitor() -> Act:
    """What somebody does on a public page, where nobody is known by signing in."""
    return Act(by=None, via=HowAsked.WEB, at=timezone.now())


def for_roles(*roles: RoleName) -> Callable[[View], View]:
    """Lets people with one of `roles` in. Signing in itself is asked for by Django's LoginRequiredMiddleware."""

    def decorate(view: View) -> View:
        @wraps(view)
        def check(request: PersonRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.roles.intersection(roles):
                raise Http404
            return view(request, *args, **kwargs)

        return check

    return decorate


for_coordinator = for_roles(RoleName.COORDINATOR)
for_trainer = for_roles(RoleName.TRAINER)
for_viewer = for_roles(RoleName.VIEWER, RoleName.COORDINATOR)
for_administrator = for_roles(RoleName.ADMINISTRATOR)
