from django.urls import path

from courses.views.public import certificates, cohorts, reminders

app_name = "public"

urlpatterns = [
    path("", cohorts.catalogue, name="catalogue"),
    path("cohorts/<str:code>/", cohorts.cohorts_detail, name="cohorts-detail"),
    path("cohorts/<str:code>/calendar.ics", cohorts.cohorts_calendar, name="cohorts-calendar"),
    path("check/", certificates.certificates_check, name="certificates-check"),
    path("check/<str:number>/", certificates.certificates_show, name="certificates-show"),
    path("stop/<str:token>/", reminders.reminders_stop, name="reminders-stop"),
]
