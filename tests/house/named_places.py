"""Finds the modules and files that documents and comments name, and tells which of them are not there.

Read are paths (`enrolling/services/offers.py`, also with a function behind: `enrolling/services/offers.lapse_offers`),
dotted names (`accounts.models.people`, `enrolling.services.offers`, `rules.offers`) and names of files alone. Each may
leave out folders at its beginning; `<topic>`, `{views,forms}`, `*` and `…` stand for any name."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.programs import ROOT

APPS = ("accounts", "courses", "mentors_site", "tests")
DOCUMENTS = ("docs/*.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "Makefile", "pyproject.toml", ".ci/run")
TOPICS = tuple(path.parent.name for path in ROOT.glob("courses/*/__init__.py"))
# Folders of which the same name stands in many places; of those that English or Django uses too, only the paths are read.
KINDS = ("channels", "readers", "rules", "selectors", "services", "views", "wording")
FOLDERS = (
    "components",
    "docs",
    "documents",
    "forms",
    "layouts",
    "management",
    "messages",
    "models",
    "templatetags",
    "urls",
)

NAME = r"[\w<>*…{},-]+"
ENDINGS = "conf|css|html|js|json|md|po|py|svg|toml|txt|typ"
PATTERNS = (
    # A path that begins with a folder we know.
    re.compile(
        rf"(?<![\w/.<>*-])(?:{'|'.join((*APPS, *TOPICS, *KINDS, *FOLDERS))})(?:/{NAME})+(?:\.{NAME})*/?(?![\w/<>])"
    ),
    # A file, by whatever path; what the site itself writes is not there yet.
    re.compile(rf"(?<![\w/.<>*{{}}…-])(?!var/)(?:{NAME}/)*[\w<>…][\w<>…-]*(?:\.[\w<>…-]+)*\.(?:{ENDINGS})(?![\w/-])"),
    # A dotted name; with a bracket behind it, it is code, and `courses.Message` is Django's name of a model.
    re.compile(
        rf"(?<![\w./\"'@-])(?!(?:accounts|courses)\.[A-Z])(?:{'|'.join((*APPS, *TOPICS, *KINDS))})(?!\.csv)(?:\.(?:\w+|\*+))+(?![\w(/])"
    ),
)
ANY_NAME = re.compile(r"<[^>]*>|{[^}]*}|…|\\\*+|\*+")
TEMPLATE_COMMENT = re.compile(r"{#.*?#}|{% comment.*?%}.*?{% endcomment %}", re.DOTALL)


def missing_in(text: str) -> list[str]:
    """What `text` names and nobody finds."""
    return sorted({name for name in named_in(text) if not is_there(name)})


def named_in(text: str) -> Iterator[str]:
    for pattern in PATTERNS:
        yield from (match.group().rstrip("/,") for match in pattern.finditer(text))


def is_there(name: str) -> bool:
    """As a file or folder, as a module, or as something that stands in a module."""
    path = name if "/" in name or re.search(rf"\.(?:{ENDINGS})$", name) else name.replace(".", "/")
    if found(path) or found(f"{path}.py"):
        return True
    module, _mark, rest = re.sub(r"\.(?=\w+$)", "/", path).rpartition("/")
    return bool(rest) and stands_in(module, rest)


def stands_in(module: str, name: str) -> bool:
    """`module` is a path without its ending, also of a class in a module."""
    if module.rpartition("/")[2][:1].isupper():
        module = module.rpartition("/")[0]
    files = [file for path in found(f"{module}.py") or found(module) for file in (path, *path.glob("*.py"))]
    return any(file.is_file() and defines(file, name) for file in files)


@cache
def defines(path: Path, name: str) -> bool:
    pattern = rf"^\s*(?:def |class |)?{re.escape(name)}\b *[(:=\[]"
    return bool(re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE))


@cache
def found(name: str) -> tuple[Path, ...]:
    """The paths that end so, whole folders and files."""
    if not ANY_NAME.search(name):
        return places().get(name, ())
    pattern = re.compile("[^/]*".join(re.escape(part) for part in ANY_NAME.split(name)))
    return tuple(path for end, paths in places().items() if pattern.fullmatch(end) for path in paths)


@cache
def places() -> dict[str, tuple[Path, ...]]:
    """End of a path -> the paths with it. A path of tests counts whole or as a file alone: the folders mirror the code's."""
    ends: dict[str, tuple[Path, ...]] = {}
    below = [path for folder in (*APPS, "docs") for path in (ROOT / folder, *ROOT.glob(f"{folder}/**/*"))]
    for path in [*below, *ROOT.glob("*.*"), *ROOT.glob(".*")]:
        parts = path.relative_to(ROOT).parts
        starts = {0, len(parts) - 1} if parts[0] == "tests" else range(len(parts))
        for start in starts:
            ends["/".join(parts[start:])] = (*ends.get("/".join(parts[start:]), ()), path)
    return ends


def texts() -> Iterator[tuple[str, str]]:
    """Path and text of each document, and of the words for readers in each module and template."""
    for pattern in DOCUMENTS:
        yield from ((relative(path), path.read_text(encoding="utf-8")) for path in sorted(ROOT.glob(pattern)))
    for app in APPS:
        for path in sorted(ROOT.glob(f"{app}/**/*.py")):
            yield relative(path), "\n".join(words_of_module(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.glob(f"{app}/templates/**/*")):
            if path.suffix in (".html", ".txt"):
                yield relative(path), "\n".join(TEMPLATE_COMMENT.findall(path.read_text(encoding="utf-8")))


def words_of_module(source: str) -> Iterator[str]:
    """Its docstrings and comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))
