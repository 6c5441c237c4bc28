from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from accounts.selectors import person_on_record

View = Callable[..., HttpResponse]


def follows_merges(view: View) -> View:
    """Who comes with the code of a record that was made one with another is led to the page of that one.

    For views whose first argument is the code of a person; inside the decorator that asks for the role.
    """

    @wraps(view)
    def look(request: PersonRequest, code: str, **kwargs: object) -> HttpResponse:
        try:
            return view(request, code, **kwargs)
        except Http404:
            person = person_on_record(code)
            if person is None or person.code == code:
                raise
        messages.info(request, _("%(old)s was made one with this record.") % {"old": code})
        return redirect("coordinator:people-detail", person.code)

    return look
