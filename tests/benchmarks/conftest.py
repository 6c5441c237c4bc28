import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

KEPT = Path(settings.VAR_DIR) / "bench.json"


class Measured:
    """Takes the best of several runs of a thing and of raw SQL for the same answer, and tells how they compare.

    The ratio is what to watch: it says what the product costs beside its database, whatever the machine does otherwise.
    """

    def __init__(self, last: dict[str, Any]) -> None:
        self.last, self.found = last, dict(last)
        self.lines = [f"\n{'':32} {'product':>10} {'raw SQL':>10} {'ratio':>7} {'last run':>9}"]

    def note(self, name: str, product: float, raw: float) -> None:
        ratio = product / raw
        before = self.last.get(name)
        change = f"{before['ratio']:.1f}" if before else "–"
        self.lines.append(f"{name:32} {product * 1000:8.1f}ms {raw * 1000:8.1f}ms {ratio:7.1f} {change:>9}")
        key = {"seconds": round(product, 4), "raw_seconds": round(raw, 4), "ratio": round(ratio, 2)}
        self.found[name] = {**key, "database": connection.vendor}

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture(scope="session")
def measured() -> Iterator[Measured]:
    """Prints what was measured at the end, and keeps it in var/bench.json for the next run."""
    measured = Measured(json.loads(KEPT.read_text()) if KEPT.exists() else {})
    yield measured
    print("\n".join(measured.lines))
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(measured.found, indent=1, sort_keys=True) + "\n")


@pytest.fixture
def best() -> Callable[..., float]:
    """The shortest time of `runs`: what it takes when nothing else stands in the way."""

    def best(call: Callable[[], object], runs: int = 7) -> float:
        times = []
        for _run in range(runs):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        return min(times)

    return best


@pytest.fixture(autouse=True)
def only_the_figures() -> Iterator[None]:
    """The lines of the request log would bury what is measured."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)
