from django.urls import path

from courses.catalogue.views import administrator as catalogue
from courses.registry.views import administrator as registry

app_name = "administrator"

urlpatterns = [
    path("", catalogue.centre_edit, name="centre-edit"),
    path("staff/", registry.staff_list, name="staff-list"),
    path("staff/new/", registry.staff_create, name="staff-create"),
    path("staff/<code:code>/", registry.staff_edit, name="staff-edit"),
]
