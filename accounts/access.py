"""Who may open a page. A page outside one's role does not exist: 404, not 403."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from accounts.enums import RoleName
from accounts.models import Person

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """For the types: behind LoginRequiredMiddleware `request.user` is a person, never anonymous; django-htmx adds `htmx`."""

    user: Person
    htmx: HtmxDetails


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
