"""The page a person comes to after signing in."""

from collections.abc import Collection

# Whoever has several roles comes to the first of these.
HOMES = (
    ("coordinator", "coordinator:today"),
    ("trainer", "trainer:today"),
    ("viewer", "viewer:reports-program"),
    ("administrator", "administrator:centre-edit"),
)


def home_of(roles: Collection[str]) -> str:
    """The URL name of the first page; a person without a role is a learner or a mentor."""
    return next((url_name for role, url_name in HOMES if role in roles), "learner:home")
