"""What stands on a page that a test was answered with."""

from typing import Any


def said(response: Any) -> list[str]:
    """What the site said at the top of the page, each message in full."""
    return [str(message) for message in response.context["messages"]]
