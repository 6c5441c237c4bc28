"""Tells whether something was changed since a person opened its form."""

import hashlib
import json
from collections.abc import Mapping


def fingerprint(values: Mapping[str, object]) -> str:
    """The same short text for the same values, in any order; dates and numbers count as their written form."""
    written = json.dumps(dict(values), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
