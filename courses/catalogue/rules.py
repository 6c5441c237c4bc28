from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any


@dataclass(frozen=True)
class Practice:
    """What practice the rule asks for; 0 asks for nothing. People helped are head-counts, never names."""

    visits: int = 0
    minutes: int = 0
    people_helped: int = 0
    supervised_visits: int = 0


@dataclass(frozen=True)
class CompletionRule:
    """`lesson_share` between 0 and 1, of the lessons of `counted_modules`. Modules are named by their codes.

    `most_made_up_modules` None: no limit.
    """

    lesson_share: Decimal = Decimal(0)
    counted_modules: tuple[str, ...] = ()
    mandatory_modules: tuple[str, ...] = ()
    most_made_up_modules: int | None = None
    assessments: tuple[str, ...] = ()
    practice: Practice = field(default_factory=Practice)
    declarations: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any], mandatory_modules: Iterable[str] = ()) -> "CompletionRule":
        """Reads the stored form. A course without a rule of its own asks for each of `mandatory_modules`."""
        practice = data.get("practice") or {}
        return cls(
            lesson_share=Decimal(str(data.get("lesson_share", 0))),
            counted_modules=tuple(data.get("counted_modules", ())),
            mandatory_modules=tuple(data.get("mandatory_modules", mandatory_modules)),
            most_made_up_modules=data.get("most_made_up_modules"),
            assessments=tuple(data.get("assessments", ())),
            practice=Practice(
                visits=practice.get("visits", 0),
                minutes=practice.get("minutes", 0),
                people_helped=practice.get("people_helped", 0),
                supervised_visits=practice.get("supervised_visits", 0),
            ),
            declarations=tuple(data.get("declarations", ())),
        )

    def to_json(self) -> dict[str, object]:
        return {
            "lesson_share": float(self.lesson_share),
            "counted_modules": list(self.counted_modules),
            "mandatory_modules": list(self.mandatory_modules),
            "most_made_up_modules": self.most_made_up_modules,
            "assessments": list(self.assessments),
            "practice": {
                "visits": self.practice.visits,
                "minutes": self.practice.minutes,
                "people_helped": self.practice.people_helped,
                "supervised_visits": self.practice.supervised_visits,
            },
            "declarations": list(self.declarations),
        }

    def lessons_needed(self, lessons_counted: int) -> int:
        """How many of `lessons_counted` lessons the share asks for, rounded up to whole lessons."""
        return int((self.lesson_share * lessons_counted).to_integral_value(ROUND_CEILING))
