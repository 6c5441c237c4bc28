from django.urls import path

from courses.reporting.views import viewer as reporting

app_name = "viewer"

urlpatterns = [
    path("", reporting.reports_program, name="reports-program"),
    path("reports/<code:code>/", reporting.reports_cohort, name="reports-cohort"),
]
