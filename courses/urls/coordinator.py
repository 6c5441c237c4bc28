from django.urls import path

from courses.views.coordinator import cohorts, courses, sessions, venues

app_name = "coordinator"

urlpatterns = [
    path("courses/", courses.courses_list, name="courses-list"),
    path("courses/new/", courses.courses_create, name="courses-create"),
    path("courses/<str:code>/", courses.courses_detail, name="courses-detail"),
    path("courses/<str:code>/edit/", courses.courses_edit, name="courses-edit"),
    path("courses/<str:code>/rule/", courses.courses_rule, name="courses-rule"),
    path("courses/<str:code>/modules/new/", courses.modules_create, name="modules-create"),
    path("courses/<str:code>/modules/<int:pk>/", courses.modules_edit, name="modules-edit"),
    path("courses/<str:code>/modules/<int:pk>/move/", courses.modules_move, name="modules-move"),
    path("courses/<str:code>/modules/<int:pk>/remove/", courses.modules_remove, name="modules-remove"),
    path("venues/", venues.venues_list, name="venues-list"),
    path("venues/new/", venues.venues_create, name="venues-create"),
    path("venues/<int:pk>/", venues.venues_edit, name="venues-edit"),
    path("cohorts/", cohorts.cohorts_list, name="cohorts-list"),
    path("cohorts/new/", cohorts.cohorts_create, name="cohorts-create"),
    path("cohorts/<str:code>/", cohorts.cohorts_detail, name="cohorts-detail"),
    path("cohorts/<str:code>/edit/", cohorts.cohorts_edit, name="cohorts-edit"),
    path("cohorts/<str:code>/state/<str:step>/", cohorts.cohorts_state, name="cohorts-state"),
    path("cohorts/<str:code>/undo/", cohorts.cohorts_undo, name="cohorts-undo"),
    path("cohorts/<str:code>/sessions/", sessions.sessions_list, name="sessions-list"),
    path("cohorts/<str:code>/sessions/new/", sessions.sessions_create, name="sessions-create"),
    path("cohorts/<str:code>/sessions/add/", sessions.sessions_add, name="sessions-add"),
    path("sessions/<int:pk>/move/", sessions.sessions_move, name="sessions-move"),
    path("sessions/<int:pk>/cancel/", sessions.sessions_cancel, name="sessions-cancel"),
    path("sessions/<int:pk>/restore/", sessions.sessions_restore, name="sessions-restore"),
]
