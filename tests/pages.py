"""The pages that tests open, and what stands on a page that a test was answered with."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse


def page(name: str, *args: object) -> str:
    """The address of a coordinator's page."""
    return reverse(f"coordinator:{name}", args=args)


def said(response: Any) -> list[str]:
    """What the site said at the top of the page, each message in full."""
    return [str(message) for message in response.context["messages"]]


def queries_of(client: Client, url: str) -> list[str]:
    """The SQL that a page asks, which is there."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]
