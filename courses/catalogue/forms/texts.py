from crispy_forms.layout import Div


def three_languages(*names: str) -> list[Div]:
    """Each text in Finnish, Swedish and English, side by side."""
    return [Div(*(f"{name}_{language}" for language in ("fi", "sv", "en")), css_class="trio") for name in names]
