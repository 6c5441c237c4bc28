"""What a page shows of a topic that stands above its own is handed to it here, as a value."""

from django.urls import path

from courses.catalogue.views import administrator as catalogue
from courses.overview.selectors.setup import setup_of
from courses.registry.views import administrator as registry

app_name = "administrator"

urlpatterns = [
    path("", catalogue.centre_edit, {"setup_of": setup_of}, name="centre-edit"),
    path("staff/", registry.staff_list, name="staff-list"),
    path("staff/new/", registry.staff_create, name="staff-create"),
    path("staff/<code:code>/", registry.staff_edit, name="staff-edit"),
]
