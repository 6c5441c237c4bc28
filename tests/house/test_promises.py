"""Each sentence of the pages on privacy and ethics that promises something stands here with what keeps it.

A new sentence fails until it has its keeper: a test (a path and its name) where one can be written, else the code that does it.
How long what is kept is no sentence of the page: it is read from the rules that the nightly run reads.
"""

import re

import pytest

from tests.house.programs import ROOT

BY_A_PERSON = "courses/teaching/services/completions.py::decide_completions"
PROMISES = {
    # privacy: who sees it
    "Our coordinators. Each look at your page is written down.": "courses/registry/selectors/people.py::LOOK",
    "The trainer of your group sees the names of the group and who attended.": (
        "tests/house/test_access.py::test_page_answers_as_the_table_says"
    ),
    "The city and those who pay for the courses get figures only. A figure under five is hidden.": (
        "tests/courses/reporting/rules/test_disclosure.py::test_counts_of_one_to_four_are_hidden"
    ),
    "Whoever checks your certificate sees that it is valid. Your name is shown only to one who knows it and writes it.": (
        "tests/courses/certifying/views/test_public.py::test_name_that_does_not_match_tells_nothing"
    ),
    # privacy: what one can ask
    "To know what we have on you. We go through it with you.": "courses/registry/views/coordinator/people.py::people_detail",
    "To mend what is wrong.": "courses/registry/views/coordinator/people.py::people_edit",
    "To get no more reminders. If your group is cancelled, we tell you all the same.": (
        "tests/courses/messaging/services/test_stops.py::test_stopping_takes_back_reminders_and_nothing_else"
    ),
    "Phone or write to us. We answer within a month.": "mentors_site/templates/components/_phone.html",
    "Only those the service needs: your sign-in, the safety of forms, your language and how you want to read. Nobody "
    "follows you.": "tests/mentors_site/test_headers.py::test_every_answer_bears_the_security_headers",
    # ethics
    "People decide who gets a place, who has completed a course and who gets a certificate. The name of the one who "
    "decided is written down.": BY_A_PERSON,
    "The service gives no points to people and does not rank them. When it shows a reminder to our staff, it says in "
    "words why.": "tests/courses/overview/wording/test_notices.py::test_task_says_what_it_is_and_what_to_do",
    # Nothing leaves the site but mail: no page, no task and no dependency sends records elsewhere.
    "Your data is not used to teach any AI.": "pyproject.toml",
    "The service never withdraws you from a course or cancels a group by itself. A person does it, and tells you.": (
        "tests/courses/enrolling/services/test_offers.py::test_without_an_answer_the_offer_lapses_to_the_end_of_the_queue"
    ),
    "You need no phone, no e-mail and no computer. A letter and a phone call are enough.": (
        "tests/courses/messaging/rules/test_windows.py::test_reach_order"
    ),
    "Your name, year of birth and language, and how to reach you, if you want to tell.": (
        "tests/house/test_field_register.py::test_every_field_is_registered_once"
    ),
    "Which courses you attended, what you completed, and your certificate.": (
        "tests/house/test_field_register.py::test_every_field_is_registered_once"
    ),
    "The messages we sent you, and what you agreed to.": (
        "tests/house/test_field_register.py::test_every_field_is_registered_once"
    ),
    "Never your personal identity code. If someone writes it, the service refuses it.": (
        "tests/house/test_field_register.py::test_typed_text_refuses_an_identity_code"
    ),
    "No information on your health.": "tests/house/test_field_register.py::test_every_field_is_registered_once",
    "We keep the day, the place, the topic and how many people were helped. Who was helped is not kept.": (
        "tests/house/test_field_register.py::test_every_field_is_registered_once"
    ),
}
SENTENCES = re.compile(
    r'<(?:p|dd|span)\b[^>]*>\s*\{% (?:translate "([^"]+)"|blocktranslate trimmed %\}(.*?)\{% endblocktranslate)',
    re.DOTALL,
)


def sentences(page: str) -> list[str]:
    """The texts of a page that are no headings and no links."""
    content = (ROOT / "mentors_site" / "templates" / "pages" / f"{page}.html").read_text()
    content = content.partition("{% block content %}")[2].partition("{% endblock content %}")[0]
    return [" ".join((short or long).split()) for short, long in SENTENCES.findall(content)]


@pytest.mark.parametrize("page", ["privacy", "ethics"])
def test_every_promise_has_its_keeper(page):
    found = sentences(page)

    assert len(found) > 8
    assert [sentence for sentence in found if sentence not in PROMISES] == []


def test_no_keeper_keeps_what_is_not_promised_any_more():
    assert set(PROMISES) - {sentence for page in ("privacy", "ethics") for sentence in sentences(page)} == set()


@pytest.mark.parametrize("keeper", sorted(set(PROMISES.values())))
def test_every_keeper_is_there(keeper):
    path, _colons, name = keeper.partition("::")

    assert (ROOT / path).is_file()
    assert not name or re.search(
        rf"^(def |class |{name} = ).*" if name.isupper() else rf"^def {name}\b", (ROOT / path).read_text(), re.M
    )
