"""An address as one line. Nobody else puts its parts together."""

from accounts.models import Person


def address_line(street: str, postal_code: str, city: str) -> str:
    """Street, postal code and town, as far as they are known."""
    return ", ".join(part for part in (street, f"{postal_code} {city}".strip()) if part)


def postal_address(person: Person) -> str:
    """Where a letter to this person goes; nothing under a safety ban."""
    return "" if person.protected else address_line(person.street, person.postal_code, person.city)
