"""A course described in JSON, as in samples/aim.json: read and checked, not saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from accounts.exceptions import RuleError
from courses.catalogue.enums import CourseFormat, ModuleKind
from courses.catalogue.models.texts import LANGUAGES
from courses.catalogue.rules import CompletionRule

SAMPLES = Path(__file__).parent / "samples"
# A course to begin with; AIM is its code.
SAMPLE = SAMPLES / "aim.json"
SAMPLE_CODE = "AIM"


@dataclass(frozen=True)
class CourseDescription:
    """`fields` for catalogue.services.courses.create_course, `modules` for set_modules, `rule` for set_completion_rule."""

    fields: dict[str, Any]
    modules: list[dict[str, Any]] = field(default_factory=list)
    rule: CompletionRule = field(default_factory=CompletionRule)
    waiting_list: int | None = None


def read_course(path: Path) -> CourseDescription:
    """The course described in a file. Raises RuleError when the file is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError([_("%(file)s is no JSON file of a course.") % {"file": path.name}], code="no_json") from error
    return parse_course(data)


def parse_course(data: Mapping[str, Any]) -> CourseDescription:
    """The course described by `data`. Raises RuleError that names what is missing or unknown."""
    try:
        return _described(data)
    except KeyError as error:
        raise RuleError([_("The course lacks “%(key)s”.") % {"key": error.args[0]}], code="key_missing") from error
    except (AttributeError, TypeError, ValueError, ArithmeticError) as error:
        raise RuleError([_("The course cannot be read: %(error)s") % {"error": error}], code="unreadable") from error


def _described(data: Mapping[str, Any]) -> CourseDescription:
    seats = data.get("capacity", {})
    fields = {
        "code": data["code"],
        "format": CourseFormat(data.get("format", CourseFormat.COURSE)),
        **_texts("title", data["title"]),
        **_texts("summary", data.get("summary", {})),
        "lessons": data.get("lessons", 0),
        "valid_months": data.get("valid_months"),
        "price": data.get("price"),
        "makes_mentors": data.get("makes_mentors", False),
        "minimum": seats.get("minimum", 1),
        "capacity": seats.get("maximum", 16),
    }
    modules = [_module(module) for module in data.get("modules", [])]
    # Without a rule a course asks for its mandatory modules.
    mandatory = [] if "completion_rule" in data else [module["code"] for module in modules if module["mandatory"]]
    return CourseDescription(
        fields=fields,
        modules=modules,
        rule=CompletionRule.from_json(data.get("completion_rule", {}), mandatory),
        waiting_list=seats.get("waiting_list"),
    )


def _module(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": data["code"],
        "kind": ModuleKind(data.get("kind", ModuleKind.CLASSROOM)),
        **_texts("title", data["title"]),
        **_texts("description", data.get("description", {})),
        "lessons": data.get("lessons", 0),
        "mandatory": data.get("mandatory", False),
        "practice_minutes": data.get("practice_minutes", 0),
    }


def _texts(name: str, by_language: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": by_language.get(language, "") for language in LANGUAGES}
