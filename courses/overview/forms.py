from datetime import date, datetime

from django import forms

from courses.dates.fields import DAY_FORMATS

# Nothing was or will be held outside of these; far beyond, there is no time.
FIRST_YEAR, LAST_YEAR = 2000, 2100


class FindForm(forms.Form):
    """What is typed beside the menu."""

    q = forms.CharField(required=False, max_length=200)

    @property
    def text(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""

    def day(self, today: date) -> date | None:
        """The day that was typed, if it is one; without a year it is this year's."""
        text = self.text.strip()
        for typed in (text, f"{text}{today.year}"):
            for pattern in DAY_FORMATS:
                try:
                    found = datetime.strptime(typed, pattern).date()
                except ValueError:
                    continue
                return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
        return None
