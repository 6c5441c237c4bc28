from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from courses.reporting.documents.files import CONTENT_TYPES

# What a page offers; text is for the command line.
DOWNLOADS = ("csv", "xlsx", "pdf", "json")


def download(request: HttpRequest, name: str, make: Callable[[str], bytes]) -> HttpResponse | None:
    """The file that `?format=` asks for, or None when the page is asked for. `name` is without its ending."""
    wanted = request.GET.get("format")
    if not wanted:
        return None
    if wanted not in DOWNLOADS:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{name}.{wanted}"'}
    return HttpResponse(make(wanted), content_type=CONTENT_TYPES[wanted], headers=headers)


def download_links(request: HttpRequest) -> list[tuple[str, str]]:
    """(name of the format, address) of the same page as a file, its filters kept."""
    links = []
    for wanted in DOWNLOADS:
        query = request.GET.copy()
        query["format"] = wanted
        links.append((wanted.upper(), f"?{query.urlencode()}"))
    return links
