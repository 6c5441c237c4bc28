"""PDF by typst: tagged, with our fonts, from data that is never read as Typst."""

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import typst

HERE = Path(__file__).parent
PAPER = HERE / "layouts"
FONTS = HERE / "fonts"
STANDARDS = ["ua-1", "a-2a"]
# Control characters, private ones and half ones: no font shows them, and PDF/A forbids them.
_UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs"}
_SPACES = {"\n": " ", "\t": " "}
_KEPT = {"\u2060", "\u200b"}
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')


def compile_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """`template` is a file of paper/layouts that reads `data` as JSON. PDF/UA-1 and PDF/A-2a: typst refuses what is not.

    A character that no font has, such as a picture in a name, comes out as a question mark rather than as an error.
    """
    text = json.dumps(_printable(data), ensure_ascii=False)
    while True:
        try:
            return _compile(template, text)
        except typst.TypstError as error:
            missing = _NOT_SHOWN.search(str(error))
            without = text.translate({ord(c): "?" for c in missing[1] if not c.isascii()}) if missing else text
            if without == text:
                raise
            text = without


def _compile(template: str, text: str) -> bytes:
    return typst.compile(  # type: ignore[call-overload]  # its types know strings, not paths
        PAPER / template,
        root=PAPER,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARDS,
        sys_inputs={"data": text},
    )


def _printable(value: object) -> object:
    if isinstance(value, str):
        return "".join(
            _SPACES.get(c, c) for c in value if c in _SPACES or c in _KEPT or unicodedata.category(c) not in _UNSEEN
        )
    if isinstance(value, Mapping):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return value
