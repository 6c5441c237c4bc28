"""How many examples Hypothesis tries: all in a whole run, one in ten with `--hypothesis-profile=fast`."""

from hypothesis import settings

settings.register_profile("fast", max_examples=settings().max_examples // 10)

_WHOLE = settings.get_profile("default").max_examples


def examples(number: int) -> int:
    """For `settings(max_examples=...)`: `number` in a whole run."""
    return max(number * settings().max_examples // _WHOLE, 1)


def is_whole_run() -> bool:
    return settings().max_examples >= _WHOLE
