from django.apps import apps

from courses.importing.records.rules.packages import FILES
from courses.importing.records.rules.travels import CARRIED, LEFT_BEHIND, MADE_ANEW

TABLES = {model._meta.label for app in ("accounts", "courses") for model in apps.get_app_config(app).get_models()}


def test_of_each_table_it_is_decided_whether_it_travels():
    assert sorted([*CARRIED, *LEFT_BEHIND]) == sorted(TABLES)


def test_what_travels_stands_in_a_file_of_the_package():
    files = {file.name for file in FILES}

    assert {name for names in CARRIED.values() for name in names.split()} == files


def test_what_is_made_anew_is_left_behind():
    assert set(LEFT_BEHIND) >= MADE_ANEW
