"""Invented figures and a form for the gallery of components. Names and numbers mean nothing."""

from datetime import date, datetime, time

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone


class SampleForm(forms.Form):
    first_name = forms.CharField(label="First name")
    last_name = forms.CharField(label="Last name")
    birth_year = forms.IntegerField(
        label="Year of birth",
        help_text="The year is enough.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Write the year in four figures, for example 1948."},
    )
    language = forms.ChoiceField(label="Language", choices=[("fi", "Finnish"), ("sv", "Swedish"), ("en", "English")])
    channel = forms.ChoiceField(
        label="How shall we reach you?",
        choices=[("email", "E-mail"), ("sms", "Text message"), ("letter", "Letter"), ("call", "Phone call")],
        widget=forms.RadioSelect,
        help_text="You can change this later.",
    )
    topics = forms.MultipleChoiceField(
        label="What would you like help with?",
        choices=[("phone", "Phone"), ("bank", "Bank"), ("ai", "AI")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    email = forms.EmailField(label="E-mail", required=False, help_text="For example aino@example.fi")
    starts_on = forms.DateField(label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    roster = forms.FileField(label="File", required=False)
    protected = forms.BooleanField(label="Protected person", required=False, help_text="The name is left out of lists.")


class SampleFilters(forms.Form):
    q = forms.CharField(label="Find", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    language = forms.ChoiceField(label="Language", required=False, choices=[("", "All languages"), ("fi", "Finnish")])
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All states"), ("active", "Active")])


def samples() -> dict[str, object]:
    bound = SampleForm({"first_name": "Eila", "birth_year": "48x", "email": "eila.example.fi", "language": "fi"})
    bound.is_valid()
    moment = timezone.make_aware(datetime(2027, 1, 12, 10, 0))
    return {
        "sample_form": SampleForm(auto_id="plain_%s"),
        "form": bound,
        "sample_filters": SampleFilters(),
        "sample_page": Paginator(range(412), 50).page(3),
        "day": date(2027, 1, 12),
        "last_day": date(2027, 3, 9),
        "starts_at": moment,
        "ends_at": timezone.make_aware(datetime(2027, 1, 12, 13, 0)),
        "noon": time(12, 0),
        "states": [
            ("done", "marked", ""),
            ("done", "arrived", "good"),
            ("half", "going on", ""),
            ("ring", "coming", ""),
            ("ring", "missing", "warn"),
            ("queue", "waiting, 2nd", ""),
            ("clock", "offered until Fri 19 Mar", ""),
            ("end", "withdrew: transport", ""),
            ("warn", "absent twice", "warn"),
            ("bad", "came back", "bad"),
            ("hold", "held", ""),
            ("twin", "duplicate", ""),
            ("made", "made up", ""),
            ("lock", "frozen", ""),
            ("cert", "certificate", ""),
            ("mail", "e-mail", ""),
            ("sms", "text message", ""),
            ("letter", "letter", ""),
            ("call", "phone call", ""),
            ("help", "contact person", ""),
        ],
        "points": [
            ("calendar", "8 Tuesdays, 10:00–13:00"),
            ("place", "Tapiola library, 2nd floor"),
            ("speech", "In Finnish"),
            ("euro", "The course costs nothing."),
            ("cup", "Bring your phone and reading glasses."),
        ],
        "facts": [
            ("Number", "ESP-AIM-2027-0042"),
            ("Course", "AI mentor, 32 lessons"),
            ("District", ""),
            ("Visits", 0),
        ],
        "figures": [("19/24", "completed, 79 %"), (30, "lessons"), (591, "participant lessons")],
        "tabs": [("#tabs", "Overview", None, True), ("#tabs", "Learners", 16, False), ("#tabs", "Sessions", 10, False)],
        "steps": ["You", "Contacts", "Wishes", "Check"],
        "funnel": {
            "kind": "horizontal",
            "title": "From application to mentor",
            "says": "Once the course began, four of five completed it, and 14 are now mentors.",
            "bars": [
                ("Applied", 41),
                ("Admitted", 32, 41),
                ("Started", 24, 32),
                ("Completed", 19, 24),
                ("Certified", 19, 19),
                ("Active as a mentor", 14, 19),
            ],
            "head": ["Step", "People", "Of the step before"],
            "rows": [
                ["Applied", 41, "–"],
                ["Admitted", 32, "78 %"],
                ["Started", 24, "75 %"],
                ["Completed", 19, "79 %"],
            ],
        },
        "sessions": {
            "kind": "vertical",
            "title": "Attendance by session",
            "says": "At each session 78–100 % of the group was present.",
            "bars": [
                (f"{7 + 7 * place}.9.", present, 24) for place, present in enumerate((24, 23, 23, 18, 19, 19, 18, 19))
            ],
            "head": ["Session", "Present", "In the group"],
            "rows": [[1, 24, 24], [2, 23, 24], [3, 23, 24]],
            "foot": ["Together", 163, 192],
        },
        "reasons": {
            "kind": "horizontal",
            "size": "half",
            "title": "Why people withdrew",
            "says": "Time is the most usual reason: 6 of 13.",
            "bars": [("Time", 6), ("Health", None), ("Transport to a far-away library", None), ("Not told", 0)],
            "head": ["Reason", "People"],
            "rows": [["Time", 6], ["Health", "<5"], ["Transport", "<5"]],
        },
        "stayed": {
            "kind": "curve",
            "title": "Who stayed",
            "says": "79 % stayed to the end; 74 % in earlier groups.",
            "points": [
                (1, 100, "100 %"),
                (2, 100, "100 %"),
                (3, 96, "96 %"),
                (4, 92, "92 %"),
                (5, 83, "83 %"),
                (6, 79, "79 %"),
            ],
            "reference": [(1, 100), (2, 97), (3, 92), (4, 85), (5, 78), (6, 74, "74 %")],
            "names": ("this group", "earlier"),
            "head": ["Session", "Share", "Earlier"],
            "rows": [[1, "100 %", "100 %"], [6, "79 %", "74 %"]],
        },
        "map": {
            "kind": "map",
            "title": "Learners and modules",
            "says": "Each absence was made up; two modules are missing.",
            "columns": ["1", "2", "3", "4", "5"],
            "marks": [
                ("Aalto, Kerttu", ["passed", "passed", "made_up", "passed", ""]),
                ("Backman, Gunilla", ["passed", "missing", "passed", "failed", ""]),
                ("Hirvonen, Pentti", ["passed", "missing", "left", "left", "left"]),
            ],
            "head": ["Module", "Passed", "Made up", "Missing"],
            "rows": [["1 What AI is", 3, 0, 0], ["2 Phone and tablet", 1, 0, 2]],
        },
        "minis": [
            ("Spring 2026 A", [("applied", 29), ("admitted", 19), ("started", 16), ("completed", 13), ("mentor", 12)]),
            ("Autumn 2026 B", [("applied", 41), ("admitted", 32), ("started", 24), ("completed", 19), ("mentor", 14)]),
        ],
        "learners": ["Kerttu Aalto", "Gunilla Backman", "Raimo Eskelinen"],
    }
