"""A moment in an address: microseconds since 1970, as the record that it names was saved."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MomentConverter:
    regex = "[0-9]{1,17}"

    def to_python(self, value: str) -> datetime:
        return EPOCH + timedelta(microseconds=int(value))

    def to_url(self, value: datetime) -> str:
        return str((value - EPOCH) // timedelta(microseconds=1))
