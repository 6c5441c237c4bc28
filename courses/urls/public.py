from django.urls import path

from courses.certifying.views import public as certifying
from courses.enrolling.views.public import applications, cohorts, offers, opened_applications
from courses.messaging.views import public as messaging
from courses.registry.views import public as registry

app_name = "public"

urlpatterns = [
    path("", cohorts.catalogue, name="catalogue"),
    path("cohorts/<code:code>/", cohorts.cohorts_detail, name="cohorts-detail"),
    path("cohorts/<code:code>/calendar.ics", cohorts.cohorts_calendar, name="cohorts-calendar"),
    path("apply/<code:code>/", applications.applications_start, name="applications-start"),
    path("apply/<code:code>/review/", applications.applications_review, name="applications-review"),
    path("apply/<code:code>/stop/", applications.applications_stop, name="applications-stop"),
    path("apply/<code:code>/<str:step>/", applications.applications_step, name="applications-step"),
    path("application/", opened_applications.applications_lookup, name="applications-lookup"),
    path("application/sent/", opened_applications.applications_done, name="applications-done"),
    path("application/open/", opened_applications.applications_show, name="applications-show"),
    path("application/correct/", opened_applications.applications_correct, name="applications-correct"),
    path("application/withdraw/", opened_applications.applications_withdraw, name="applications-withdraw"),
    path("application/close/", opened_applications.applications_close, name="applications-close"),
    path("application/print/", opened_applications.applications_print, name="applications-print"),
    path("offer/<str:token>/", offers.offers_answer, name="offers-answer"),
    path("check/", certifying.certificates_check, name="certificates-check"),
    path("check/<code:number>/", certifying.certificates_show, name="certificates-show"),
    path("stop/contact/<str:token>/", registry.contacts_stop, name="contacts-stop"),
    path("stop/<str:token>/", messaging.reminders_stop, name="reminders-stop"),
]
