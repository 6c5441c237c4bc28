"""What a part of an address may be. Anything else is no address of ours: 404, before a view or the database sees it."""

from datetime import UTC, datetime, timedelta

from accounts.ids import LARGEST_ID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IdConverter:
    """The id of a row; also a number that counts, such as a row of a list or a version."""

    regex = f"[0-9]{{1,{len(str(LARGEST_ID))}}}"

    def to_python(self, text: str) -> int:
        number = int(text)
        if number > LARGEST_ID:
            raise ValueError("larger than any id")
        return number

    def to_url(self, number: int) -> str:
        return str(number)


class CodeConverter:
    """A code or a number that people read and type, of a person, a group, a course or a certificate, known or not."""

    # No control characters: PostgreSQL refuses to look for NUL. Longer than any column of a code.
    regex = r"[^/\x00-\x1f\x7f]{1,60}"

    def to_python(self, text: str) -> str:
        return text

    def to_url(self, code: str) -> str:
        return code


class MomentConverter:
    """A time in microseconds since 1970. It names a save exactly."""

    # As far as the year 2286.
    regex = "[0-9]{1,16}"

    def to_python(self, text: str) -> datetime:
        return EPOCH + timedelta(microseconds=int(text))

    def to_url(self, at: datetime) -> str:
        return str((at - EPOCH) // timedelta(microseconds=1))
