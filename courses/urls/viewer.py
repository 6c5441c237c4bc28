from django.urls import path

from courses.views.viewer import reports

app_name = "viewer"

urlpatterns = [
    path("", reports.reports_program, name="reports-program"),
    path("reports/<code:code>/", reports.reports_cohort, name="reports-cohort"),
]
