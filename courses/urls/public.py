from django.urls import path

from courses.views.public import cohorts, reminders

app_name = "public"

urlpatterns = [
    path("", cohorts.catalogue, name="catalogue"),
    path("cohorts/<str:code>/", cohorts.cohorts_detail, name="cohorts-detail"),
    path("cohorts/<str:code>/calendar.ics", cohorts.cohorts_calendar, name="cohorts-calendar"),
    path("stop/<str:token>/", reminders.reminders_stop, name="reminders-stop"),
]
