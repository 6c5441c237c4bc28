"""How a state is shown: a shape, words and a tone. The shapes are those of icons.svg."""

from typing import NamedTuple

from django_stubs_ext import StrPromise


class StateMark(NamedTuple):
    """`tone`: empty (normal), good, warn or bad."""

    icon: str
    words: str | StrPromise
    tone: str = ""
