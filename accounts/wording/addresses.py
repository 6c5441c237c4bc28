from accounts.models import Person


def postal_address(person: Person) -> str:
    """One line: street, postal code and town."""
    return ", ".join(part for part in (person.street, f"{person.postal_code} {person.city}".strip()) if part)
