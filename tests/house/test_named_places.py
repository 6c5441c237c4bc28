import tomllib

import pytest

from tests.house.named_places import found, is_there, missing_in, texts
from tests.house.programs import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
MODULES_IN = ("containers", "source_modules", "forbidden_modules", "ignore_imports", "ancestors")
OURS = ("accounts", "courses", "mentors_site", "tests")


def test_what_documents_and_comments_name_is_there():
    missing = {where: names for where, text in texts() if (names := missing_in(text))}

    assert missing == {}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_what_a_contract_names_is_there(contract):
    names = [name for field in MODULES_IN for line in contract.get(field, ()) for name in line.split(" -> ")]
    missing = [name for name in names if name.partition(".")[0] in OURS and not is_there(name)]

    assert missing + layers_in_no_container(contract) == []


def layers_in_no_container(contract: dict) -> list[str]:
    """import-linter misses no layer that is in brackets; here each has to stand in one container at least."""
    folders = [container.replace(".", "/") for container in contract.get("containers", ())]
    layers = [layer.strip(" ()") for line in contract.get("layers", ()) for layer in line.replace("|", ":").split(":")]
    return [
        layer
        for layer in layers
        if folders and not any(found(f"{folder}/{layer}") or found(f"{folder}/{layer}.py") for folder in folders)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "`enrolling/services/offers.lapse_offers` is the tick",
        "enrolling.services.offers, and rules.offers too",
        "courses/<topic>/rules.py and views/{public,trainer}.py",
        "the lock (courses.scheduling.services.locks.lock_cohort)",
        "`components/_form.html`, `test_topics.py` and docs/architecture.md",
        "English and/or Finnish; rules. And https://example.org/rules/offers.html",
        "`courses.Enrollment` is a model, models.Q comes from Django, accounts.csv is a table",
    ],
)
def test_what_is_there_is_found(text):
    assert missing_in(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("see courses/services/offers.py", "courses/services/offers.py"),
        ("see `enrolling/services/offers.lapse_everything`", "enrolling/services/offers.lapse_everything"),
        ("see enrolling.services.lapsing.", "enrolling.services.lapsing"),
        ("see `rules.lapsing`", "rules.lapsing"),
        ("see `lapsing.py`", "lapsing.py"),
        ("see components/_lapsing.html", "components/_lapsing.html"),
        ("see courses/<topic>/lapsing.py", "courses/<topic>/lapsing.py"),
        ("see teaching/models/attendance.Attendance.lapsing", "teaching/models/attendance.Attendance.lapsing"),
    ],
)
def test_what_is_not_there_is_told(text, missing):
    assert missing_in(text) == [missing]
