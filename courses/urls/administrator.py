from django.urls import path

from courses.views.administrator import centre, staff

app_name = "administrator"

urlpatterns = [
    path("", centre.centre_edit, name="centre-edit"),
    path("staff/", staff.staff_list, name="staff-list"),
    path("staff/<code:code>/", staff.staff_edit, name="staff-edit"),
]
