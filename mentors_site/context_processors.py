from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`DEMO`: whether demo people and the demo mailbox are offered. `SITE_URL`: without a slash at its end."""
    return {"DEMO": settings.DEMO, "SITE_URL": settings.SITE_URL}
