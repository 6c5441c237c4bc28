"""Draws which topic of `courses` uses which, from the imports, into docs/architecture.md: `make topics`.

Only arrows that no other path tells of are drawn: who uses certifying uses teaching as well, and so on down. With every
arrow nobody could read it."""

from collections.abc import Iterable

import grimp

from tests.house.programs import ROOT

DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- topics: drawn by `make topics` -->", "<!-- end of topics -->"
ACCOUNTS, COURSES = "accounts", "courses"
# Django asks for these three: a list of what is registered, a list of all models, and the history of the tables.
NO_TOPICS = {"apps", "models", "migrations"}

Uses = dict[str, set[str]]


def main() -> None:
    DOCUMENT.write_text(with_drawing(DOCUMENT.read_text(encoding="utf-8"), drawing()), encoding="utf-8")


def drawing() -> str:
    return mermaid(needed(topic_uses()))


def with_drawing(text: str, lines: str) -> str:
    """`text` with `lines` between its two markers."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{lines}\n{END}{after}"


def topic_uses() -> Uses:
    """Topic -> the topics of which it imports something; `accounts` is one of them."""
    graph = grimp.build_graph(COURSES, ACCOUNTS, cache_dir=None)
    uses: Uses = {}
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            note_use(uses, topic_of(importer), topic_of(imported))
    return uses


def topic_of(module: str) -> str:
    """Empty for what belongs to no topic."""
    app, _dot, rest = module.partition(".")
    topic = rest.partition(".")[0] if app == COURSES else app
    return "" if topic in NO_TOPICS else topic


def note_use(uses: Uses, user: str, used: str) -> None:
    if user and used and user != used:
        uses.setdefault(user, set()).add(used)


def needed(uses: Uses) -> Uses:
    """Without the arrows that a longer path makes needless. There are no circles: import-linter sees to it."""
    return {
        user: {used for used in direct if not any(used in below(uses, other) for other in direct)}
        for user, direct in uses.items()
    }


def below(uses: Uses, topic: str) -> set[str]:
    """All that `topic` uses, directly or by way of others."""
    found: set[str] = set()
    waiting = list(uses.get(topic, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += uses.get(one, ())
    return found


def mermaid(uses: Uses) -> str:
    return "\n".join(["```mermaid", "graph TD", *arrows(uses), "```"])


def arrows(uses: Uses) -> Iterable[str]:
    return [f"    {user} --> {used}" for user in sorted(uses) for used in sorted(uses[user])]


if __name__ == "__main__":
    main()
