"""Personal identity codes are never stored: they single a person out, and nothing here needs that."""

import re

# Day, month, year, sign of the century, number, check character. The signs added in 2023 are included.
_IDENTITY_CODE = re.compile(
    r"(?<![0-9A-Za-z])(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[-+A-FU-Ya-fu-y–−][0-9]{3}[0-9A-Za-z](?![0-9A-Za-z])"
)


def holds_identity_code(text: str) -> bool:
    """Whether `text` holds something in the form of a Finnish personal identity code.

    The check character is not reckoned: a mistyped code is as unwelcome as a right one.
    """
    return _IDENTITY_CODE.search(text) is not None
