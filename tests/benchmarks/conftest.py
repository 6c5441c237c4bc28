import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def only_the_figures() -> Iterator[None]:
    """The lines of the request log would bury what is measured."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)
