import pytest
from django import forms
from django.template import Context, Template
from django.urls import resolve

from mentors_site.templatetags.looks import ICONS, form_errors, nav_link, page_link, state, translated_url

pytestmark = pytest.mark.usefixtures("english")


def at(rf, path: str, name: str | None = None):
    request = rf.get(path)
    if name:
        request.resolver_match = resolve(path.partition("?")[0])
    return Context({"request": request})


def test_every_icon_is_hidden_from_screen_readers():
    assert [name for name, svg in ICONS.items() if 'aria-hidden="true"' not in svg] == []


def test_state_escapes_its_words():
    assert state("done", "<b>").endswith("<span>&lt;b&gt;</span></span>")


def test_nav_link_is_empty_for_a_page_that_does_not_exist(rf):
    assert nav_link(at(rf, "/en/"), "nobody:nothing", "Nothing") == ""


def test_nav_link_marks_its_own_page(rf):
    link = nav_link(at(rf, "/en/ethics/", "ethics"), "ethics", "Ethics")

    assert link == '<li><a href="/en/ethics/" aria-current="page"><span>Ethics</span></a></li>'


def test_nav_link_leaves_other_pages_unmarked(rf):
    link = nav_link(at(rf, "/en/privacy/", "privacy"), "ethics", "Ethics", count=3)

    assert link == '<li><a href="/en/ethics/"><span>Ethics</span> <span class="n">3</span></a></li>'


@pytest.mark.parametrize(
    ("path", "translated"),
    [("/en/ethics/?page=2", "/sv/ethics/?page=2"), ("/en/no-such-page/", "/sv/")],
    ids=["same page", "unknown page"],
)
def test_translated_url(rf, path, translated):
    assert translated_url(at(rf, path), "sv") == translated


def test_page_link_keeps_the_filters(rf):
    assert page_link(at(rf, "/en/?state=active&page=2"), 3) == "?state=active&page=3"


class SampleForm(forms.Form):
    name = forms.CharField(label="Name")
    how = forms.ChoiceField(label="How?", choices=[("a", "A")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Together they are wrong.")


def test_form_errors_are_in_the_order_of_the_page_and_lead_to_their_fields():
    assert form_errors(SampleForm({})) == [
        {"field": "", "label": "", "text": "Together they are wrong."},
        {"field": "id_name", "label": "Name:", "text": str(forms.Field.default_error_messages["required"])},
        {"field": "id_how_0", "label": "How?", "text": str(forms.Field.default_error_messages["required"])},
    ]


def test_optional_field_says_so_and_nothing_bears_an_asterisk():
    class TwoFields(forms.Form):
        needed = forms.CharField()
        spare = forms.CharField(required=False)

    template = Template("{% load crispy_forms_filters %}{{ form|crispy }}")

    html = template.render(Context({"form": TwoFields()}))

    assert (html.count("(optional)"), html.count("asteriskField")) == (1, 0)


@pytest.mark.parametrize(("page", "marked"), [("enroll/", "enroll"), ("enrollments/1/state/", "groups")])
def test_nav_link_of_one_page_leaves_the_rest_of_its_topic_to_another(rf, page, marked):
    here = at(rf, f"/en/coordinator/{page}", page)

    links = {
        "enroll": nav_link(here, "coordinator:enrollments-create", "Enroll", alone=True),
        "groups": nav_link(here, "coordinator:cohorts-list", "Groups", also="enrollments", but="enrollments-create"),
    }

    assert [name for name, link in links.items() if "aria-current" in link] == [marked]
