from collections.abc import Iterable


def contact_key(key: str, contact_id: int) -> str:
    """The key of the same message to a contact person."""
    return f"{key}:k{contact_id}"


def without_contact(key: str, contact_id: int) -> str:
    return first_channel_key(key).removesuffix(f":k{contact_id}")


def next_channel_key(keys: Iterable[str]) -> str:
    """The key of the same message on one channel more than those of `keys`: `…`, `…/2`, `…/3`."""
    keys = list(keys)
    turns = [int(key.partition("/")[2] or 1) for key in keys]
    return f"{first_channel_key(keys[0])}/{max(turns) + 1}"


def first_channel_key(key: str) -> str:
    return key.partition("/")[0]
