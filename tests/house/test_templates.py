import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.house.programs import ROOT

TEMPLATES = sorted(
    path.relative_to(ROOT)
    for app in ("accounts", "courses", "mentors_site")
    for path in ROOT.glob(f"{app}/templates/**/*.html")
)
STYLE_SHEETS = sorted(
    path.relative_to(ROOT)
    for app in ("accounts", "courses", "mentors_site")
    for path in ROOT.glob(f"{app}/**/*.css")
    if "vendor" not in path.parts
)
# Parts of pages: templates that are included or extended, never answered with.
PARTIALS = [path for path in TEMPLATES if path.name.startswith("_")]
LONGEST_LINE = 160
# Mail programs know no style sheets: there the styles are written into the elements on the way out.
PAGES = [path for path in TEMPLATES if not {"mail", "email"} & set(path.parts)]
FORBIDDEN = {
    "script without a file": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx event handler": re.compile(r"\shx-on[:\-]", re.IGNORECASE),
}


def without_template_tags(source: str) -> str:
    """Comments and tags may hold `>` and examples; the markup alone is judged."""
    source = re.sub(r"{% comment.*?%}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    return re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL)


def faults_in(source: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(without_template_tags(source))]


def test_templates_have_nothing_inline():
    faults = {str(path): found for path in PAGES if (found := faults_in((ROOT / path).read_text()))}

    assert faults == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<script>go()</script>", "script without a file"),
        ("<style>p{}</style>", "style element"),
        ('<p {% if a > b %}class="x"{% endif %} style="color:red">', "style attribute"),
        ('<button onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "javascript address"),
        ('<p hx-on:click="go()">', "htmx event handler"),
    ],
)
def test_each_fault_is_found(source, fault):
    assert faults_in(source) == [fault]


def test_lines_can_be_read():
    too_long = [
        f"{path}:{number} {len(line)}"
        for path in [*TEMPLATES, *STYLE_SHEETS]
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]

    assert too_long == []


@pytest.mark.parametrize("path", STYLE_SHEETS, ids=str)
def test_style_sheet_has_one_declaration_a_line(path):
    source = re.sub(r"/\*.*?\*/", "", (ROOT / path).read_text(), flags=re.DOTALL)

    assert [line for line in source.splitlines() if re.search(r";.*\S|\{.*\S", line)] == []


def test_partials_say_what_they_are_and_what_they_take():
    sources = {str(path): re.sub(r"\A{% extends [^%]*%}\s*", "", (ROOT / path).read_text()) for path in PARTIALS}

    assert [path for path, source in sources.items() if not source.startswith("{% comment %}\n")] == []


def test_templates_compile():
    """Also where no test walks: a filter whose library is not loaded is found here."""
    names = [str(path).partition("/templates/")[2] for path in TEMPLATES]

    assert [get_template(name).template.name for name in names] == names


@pytest.mark.processes
@pytest.mark.parametrize(
    "command", [["djade", "--check", "--target-version", "5.2"], ["djangofmt", "--check", "--line-length", "120"]]
)
def test_templates_are_formatted(command):
    tool, *options = command

    result = subprocess.run(
        [Path(sys.executable).with_name(tool), *options, *TEMPLATES], cwd=ROOT, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stdout + result.stderr
