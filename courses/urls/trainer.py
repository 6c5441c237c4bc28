from django.urls import path

from courses.teaching.views.trainer import attendance, cohorts, completions

app_name = "trainer"

urlpatterns = [
    path("", cohorts.today, name="today"),
    path("cohorts/<code:code>/", cohorts.cohorts_detail, name="cohorts-detail"),
    path("sessions/<id:pk>/register/", attendance.attendance_register, name="attendance-register"),
    path("sessions/<id:pk>/register/print/", attendance.attendance_print, name="attendance-print"),
    path("sessions/<id:pk>/register/guest/", attendance.attendance_guest, name="attendance-guest"),
    path("sessions/<id:pk>/register/undo/<id:version>/", attendance.attendance_undo, name="attendance-undo"),
    path("cohorts/<code:code>/completions/", completions.completions_grid, name="completions-grid"),
    path("cohorts/<code:code>/completions/propose/", completions.completions_propose, name="completions-propose"),
    path(
        "cohorts/<code:code>/completions/unpropose/<moment:proposed_at>/",
        completions.completions_unpropose,
        name="completions-unpropose",
    ),
    path("cohorts/<code:code>/practice/<id:pk>/", completions.completions_practice, name="completions-practice"),
    path("cohorts/<code:code>/practice/visits/<id:pk>/", completions.visits_take_back, name="visits-take-back"),
    path(
        "cohorts/<code:code>/completions/undo/<str:kind>/<moment:saved_at>/",
        completions.completions_undo,
        name="completions-undo",
    ),
    path(
        "cohorts/<code:code>/record/<str:kind>/<code:key>/", completions.completions_record, name="completions-record"
    ),
]
