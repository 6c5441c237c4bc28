"""What reports reckon: rates and age bands. Plain values, no query, no clock."""

from collections.abc import Iterable, Mapping

# Upper ages, both bounds counted in; the last band has none.
AGE_BANDS = ("under_55", "55_64", "65_69", "70_74", "75_79", "80_84", "85_over", "unknown")
_LOWEST = (0, 55, 65, 70, 75, 80, 85)


def age_band(birth_year: int | None, year: int) -> str:
    """The band of somebody born in `birth_year`, by the age reached in `year`: no more is known than the year."""
    if birth_year is None:
        return "unknown"
    age = year - birth_year
    return AGE_BANDS[max((place for place, lowest in enumerate(_LOWEST) if age >= lowest), default=0)]


def rate(part: int, whole: int) -> float | None:
    """`part` of `whole` with four decimals; None of nothing."""
    return round(part / whole, 4) if whole else None


def add_up(rows: Iterable[Mapping[str, int]], names: Iterable[str]) -> dict[str, int]:
    found = list(rows)
    return {name: sum(row[name] for row in found) for name in names}
