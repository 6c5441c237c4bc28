from django.urls import path

from courses.teaching.views.trainer import attendance, cohorts, completions

app_name = "trainer"

urlpatterns = [
    path("", cohorts.today, name="today"),
    path("cohorts/<str:code>/", cohorts.cohorts_detail, name="cohorts-detail"),
    path("sessions/<int:pk>/register/", attendance.attendance_register, name="attendance-register"),
    path("sessions/<int:pk>/register/print/", attendance.attendance_print, name="attendance-print"),
    path("sessions/<int:pk>/register/guest/", attendance.attendance_guest, name="attendance-guest"),
    path("sessions/<int:pk>/register/undo/<int:version>/", attendance.attendance_undo, name="attendance-undo"),
    path("cohorts/<str:code>/completions/", completions.completions_grid, name="completions-grid"),
    path("cohorts/<str:code>/completions/propose/", completions.completions_propose, name="completions-propose"),
    path(
        "cohorts/<str:code>/completions/unpropose/<str:proposed_at>/",
        completions.completions_unpropose,
        name="completions-unpropose",
    ),
    path("cohorts/<str:code>/practice/<int:pk>/", completions.completions_practice, name="completions-practice"),
    path("cohorts/<str:code>/practice/visits/<int:pk>/", completions.visits_take_back, name="visits-take-back"),
    path(
        "cohorts/<str:code>/completions/undo/<str:kind>/<str:saved_at>/",
        completions.completions_undo,
        name="completions-undo",
    ),
    path("cohorts/<str:code>/record/<str:kind>/<str:key>/", completions.completions_record, name="completions-record"),
]
