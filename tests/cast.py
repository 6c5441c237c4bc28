"""The fixed cast: one of each role, and always a stranger. `sign_in` is the shortest way in for a page's test."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Person
from courses.catalogue.models import Centre
from tests.factories import CentreFactory, PersonFactory


@pytest.fixture
def centre(db: None) -> Centre:
    return CentreFactory.create()


@pytest.fixture
def coordinator(db: None) -> Person:
    return PersonFactory.create(first_name="Kaisa", last_name="Koordinaattori", roles=["coordinator"])


@pytest.fixture
def trainer(db: None) -> Person:
    return PersonFactory.create(first_name="Kalle", last_name="Kouluttaja", roles=["trainer"])


@pytest.fixture
def viewer(db: None) -> Person:
    return PersonFactory.create(first_name="Venla", last_name="Katselija", roles=["viewer"])


@pytest.fixture
def administrator(db: None) -> Person:
    return PersonFactory.create(first_name="Arvo", last_name="Pääkäyttäjä", roles=["administrator"])


@pytest.fixture
def learner(db: None) -> Person:
    return PersonFactory.create(first_name="Lempi", last_name="Oppija")


@pytest.fixture
def stranger(db: None) -> Person:
    """A person with an account and nothing else: what is not theirs must not exist for them."""
    return PersonFactory.create(first_name="Outi", last_name="Vieras")


@pytest.fixture
def sign_in(client: Client) -> Callable[[Person], Client]:
    def sign_in(person: Person) -> Client:
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def office(sign_in: Callable[[Person], Client], coordinator: Person, centre: Centre) -> Client:
    """A coordinator at work: signed in, in a centre that is written down."""
    return sign_in(coordinator)


@pytest.fixture
def clicked(office: Client) -> None:
    """The office has clicked just now: the first click of a minute is noted in the session, which takes a query more."""
    office.get("/en/coordinator/courses/")


@pytest.fixture
def english() -> Iterator[None]:
    """Whoever reads, reads English. For a whole module: `pytest.mark.usefixtures("english")`."""
    with translation.override("en"):
        yield
