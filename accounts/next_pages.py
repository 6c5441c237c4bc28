"""Where somebody goes on after a form that stands on many pages."""

from django.utils.http import url_has_allowed_host_and_scheme


def path_here(asked: str) -> str:
    """`asked` when it is a path of this site, otherwise nothing.

    For HttpResponseRedirect, not for redirect(), which takes some texts for names of views.
    """
    is_here = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_here else ""
