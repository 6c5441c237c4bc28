# A cell that a spreadsheet would take for a formula; full-width forms count.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
QUOTE = "'"


def quote_formula(text: str) -> str:
    """Text that a spreadsheet does not reckon with. Plain numbers and phones stay; `unquote_formula` gives the rest back."""
    plain_number = text[:1] in ("+", "-") and text[1:].isdecimal()
    reckoned = text.startswith(FORMULA_STARTS) and not plain_number
    return QUOTE + text if reckoned or unquote_formula(text) != text else text


def unquote_formula(text: str) -> str:
    return text[1:] if text.startswith(QUOTE) and text[1:].startswith((*FORMULA_STARTS, QUOTE)) else text
