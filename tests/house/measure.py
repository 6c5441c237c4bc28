"""How large the house is, and how far one walks in it: `make measure` prints a table to set beside an older one.

It names no module of the layout, so that the figures before and after a rearrangement come from the same counting."""

import argparse
import ast
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from radon.complexity import cc_visit
from radon.visitors import Function

from tests.house.programs import ROOT

APPS = ("accounts", "courses", "mentors_site")
MOST_ARGUMENTS = 6
MOST_COMPLEXITY = 10
LONGEST_FILE = 300
LONGEST_LINE = 160
WALKS = ROOT / "tests" / "house" / "measured_paths.py"
TIMED_TARGETS = ("test-fast", "test")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class Figure(NamedTuple):
    """One line of the table. `value` is None where there is nothing to measure yet."""

    topic: str
    name: str
    value: float | None


def main() -> None:
    options = parse_options()
    sources = {path: path.read_text(encoding="utf-8") for path in python_files()}
    figures = [
        *function_figures(sources),
        *file_figures(sources),
        *line_figures("templates", files("templates/**/*.html")),
        *line_figures("css", [path for path in files("static/**/*.css") if "vendor" not in path.parts]),
        *path_figures(),
        *(second_figures() if options.seconds else ()),
    ]
    print(table(figures))
    if options.json:
        rows = [figure._asdict() for figure in figures]
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.house.measure", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--seconds", action="store_true", help="time the test targets too (takes minutes)")
    return parser.parse_args()


def files(pattern: str) -> list[Path]:
    return sorted(path for app in APPS for path in (ROOT / app).glob(pattern))


def python_files() -> list[Path]:
    """The apps' own code: migrations are history, and nobody edits them."""
    return [path for path in files("**/*.py") if "migrations" not in path.parts]


def function_figures(sources: dict[Path, str]) -> Iterator[Figure]:
    """Methods and functions inside functions count too. Lines are from `def` to the last, docstring and blanks in them."""
    functions = [node for source in sources.values() for node in functions_in(source)]
    lengths = sorted((node.end_lineno or node.lineno) - node.lineno + 1 for node in functions)
    wide = sum(len(parameters_of(node)) > MOST_ARGUMENTS for node in functions)
    complex_ones = sum(value > MOST_COMPLEXITY for source in sources.values() for value in complexities_in(source))
    yield Figure("functions", "count", len(functions))
    yield Figure("functions", "lines, median", statistics.median(lengths))
    yield Figure("functions", "lines, 95th percentile", lengths[math.ceil(len(lengths) * 0.95) - 1])
    yield Figure("functions", f"over {MOST_ARGUMENTS} arguments", wide)
    yield Figure("functions", f"complexity over {MOST_COMPLEXITY} (radon)", complex_ones)


def functions_in(source: str) -> list[FunctionNode]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, FunctionNode)]


def parameters_of(node: FunctionNode) -> list[str]:
    """All that have a name of their own: `*args`, `**kwargs`, `self` and `cls` are not among them."""
    arguments = node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def complexities_in(source: str) -> list[int]:
    """radon gives classes as well, whose figure is their methods' together: those are left out."""
    return [block.complexity for block in cc_visit(source) if isinstance(block, Function)]


def file_figures(sources: dict[Path, str]) -> Iterator[Figure]:
    lengths = [len(source.splitlines()) for source in sources.values()]
    yield Figure("files", "python, count", len(lengths))
    yield Figure("files", f"python, over {LONGEST_FILE} lines", sum(length > LONGEST_FILE for length in lengths))
    # The word wherever it stands, imports and comments too, as `grep -ow Any` finds it.
    yield Figure(
        "files", "`Any`, as grep -ow counts", sum(len(re.findall(r"\bAny\b", text)) for text in sources.values())
    )


def line_figures(topic: str, paths: list[Path]) -> Iterator[Figure]:
    lengths = [len(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    yield Figure(topic, "lines", len(lengths))
    yield Figure(topic, f"lines over {LONGEST_LINE} characters", sum(length > LONGEST_LINE for length in lengths))
    yield Figure(topic, "longest line", max(lengths))


def path_figures() -> Iterator[Figure]:
    """Four things done for real: how many modules, and in how many folders, had a function called on the way."""
    with tempfile.TemporaryDirectory() as folder:
        walked = Path(folder) / "paths.json"
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", str(WALKS)],
            env=os.environ | {"MEASURED_PATHS": str(walked)},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            sys.exit(f"A path could not be walked.\n{run.stdout}{run.stderr}")
        modules = {name: set(found) for name, found in json.loads(walked.read_text(encoding="utf-8")).items()}
    everywhere = modules.pop("every page")
    yield Figure("paths", "every page: modules", len(everywhere))
    for name, found in modules.items():
        own = found - everywhere
        yield Figure("paths", f"{name}: modules in all", len(found))
        yield Figure("paths", f"{name}: modules of its own", len(own))
        yield Figure("paths", f"{name}: folders of these", len({str(Path(path).parent) for path in own}))


def second_figures() -> Iterator[Figure]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in TIMED_TARGETS:
        there = re.search(rf"^{target}:", makefile, re.MULTILINE)
        yield Figure("seconds", f"make {target}", seconds_of(target) if there else None)


def seconds_of(target: str) -> int:
    began = time.monotonic()
    if subprocess.run(["make", target], cwd=ROOT, stdout=sys.stderr).returncode:
        print(f"make {target} did not pass; its time counts all the same.", file=sys.stderr)
    return round(time.monotonic() - began)


def table(figures: list[Figure]) -> str:
    topics, names, values = (max(map(len, column)) for column in zip(*map(cells, figures), strict=True))
    return "\n".join(
        f"{topic:<{topics}}  {name:<{names}}  {value:>{values}}" for topic, name, value in map(cells, figures)
    )


def cells(figure: Figure) -> tuple[str, str, str]:
    return figure.topic, figure.name, "none" if figure.value is None else f"{figure.value:g}"


if __name__ == "__main__":
    main()
