"""What a page shows of a topic that stands above its own is handed to it here, as a value."""

from django.urls import path

from courses.catalogue.views import coordinator as catalogue
from courses.certifying.views import coordinator as certifying
from courses.enrolling.selectors.enrollments import expected_in
from courses.enrolling.selectors.reminders import cohorts_notified
from courses.enrolling.views.coordinator import cohorts, enrollments, queue, support, transitions
from courses.importing.rosters.views.coordinator import applying as rosters_applying
from courses.importing.rosters.views.coordinator import previews as rosters
from courses.messaging.views import coordinator as messaging
from courses.overview.views.coordinator import cohorts as cohort_pages
from courses.overview.views.coordinator import find, today
from courses.registry.enums import NoteKind
from courses.registry.views.coordinator import contacts, duplicates, lists, notes, people, retention
from courses.reporting.views import coordinator as reporting
from courses.scheduling.views.coordinator import cohorts as cohort_copies
from courses.scheduling.views.coordinator import courses as course_list
from courses.scheduling.views.coordinator import districts, sessions, venues
from courses.teaching.selectors.transfers import kept_in_transfer
from courses.teaching.views.coordinator import attendance, completions

app_name = "coordinator"

urlpatterns = [
    path("", today.today, name="today"),
    path("find/", find.find, name="find"),
    path("people/", people.people_list, name="people-list"),
    path("people/file/", lists.people_file, name="people-file"),
    path("people/new/", people.people_create, name="people-create"),
    path("people/pairs/", duplicates.people_pairs, name="people-pairs"),
    path("people/pairs/apart/", duplicates.people_apart, name="people-apart"),
    path("people/pairs/apart/<id:pk>/undo/", duplicates.people_apart_undo, name="people-apart-undo"),
    path("people/pairs/<code:first>/<code:second>/", duplicates.people_compare, name="people-compare"),
    path("people/pairs/<code:first>/<code:second>/apart/", duplicates.people_apart_create, name="people-apart-create"),
    path("people/<code:code>/", people.people_detail, name="people-detail"),
    path("people/<code:code>/edit/", people.people_edit, name="people-edit"),
    path("people/<code:code>/state/<str:state>/", people.people_state, name="people-state"),
    path("people/<code:code>/merge/", duplicates.people_merge, name="people-merge"),
    path("people/<code:code>/undo/", people.people_undo, name="people-undo"),
    path("people/<code:code>/contacts/new/", contacts.contacts_create, name="contacts-create"),
    path("people/<code:code>/contacts/<id:pk>/", contacts.contacts_edit, name="contacts-edit"),
    path("people/<code:code>/contacts/<id:pk>/end/", contacts.contacts_end, name="contacts-end"),
    path("people/<code:code>/calls/new/", notes.notes_create, {"kind": NoteKind.CALL}, name="calls-create"),
    path("people/<code:code>/notes/new/", notes.notes_create, {"kind": NoteKind.NOTE}, name="notes-create"),
    path("people/<code:code>/notes/<id:pk>/", notes.notes_edit, name="notes-edit"),
    path("people/<code:code>/notes/<id:pk>/delete/", notes.notes_delete, name="notes-delete"),
    path("people/<code:code>/consents/<id:pk>/withdraw/", contacts.consents_withdraw, name="consents-withdraw"),
    path("retention/", retention.retention_list, name="retention-list"),
    path("courses/", course_list.courses_list, name="courses-list"),
    path("courses/new/", catalogue.courses_create, name="courses-create"),
    path("courses/sample/", catalogue.courses_sample, name="courses-sample"),
    path("courses/<code:code>/", catalogue.courses_detail, name="courses-detail"),
    path("courses/<code:code>/edit/", catalogue.courses_edit, name="courses-edit"),
    path("courses/<code:code>/copy/", catalogue.courses_copy, name="courses-copy"),
    path("courses/<code:code>/rule/", catalogue.courses_rule, name="courses-rule"),
    path("courses/<code:code>/modules/new/", catalogue.modules_create, name="modules-create"),
    path("courses/<code:code>/modules/<id:pk>/", catalogue.modules_edit, name="modules-edit"),
    path("courses/<code:code>/modules/<id:pk>/move/", catalogue.modules_move, name="modules-move"),
    path("courses/<code:code>/modules/<id:pk>/remove/", catalogue.modules_remove, name="modules-remove"),
    path("enroll/", enrollments.enrollments_create, name="enrollments-create"),
    path("enrollments/<id:pk>/confirmation/", enrollments.enrollments_print, name="enrollments-print"),
    path("enrollments/<id:pk>/state/", transitions.enrollments_state, name="enrollments-state"),
    path("enrollments/<id:pk>/place/", queue.enrollments_place, name="enrollments-move-in-queue"),
    path("enrollments/<id:pk>/offer/", queue.enrollments_offer, name="enrollments-offer"),
    path("enrollments/<id:pk>/accept/", queue.enrollments_accept, name="enrollments-accept"),
    path("enrollments/<id:pk>/decline/", queue.enrollments_decline, name="enrollments-decline"),
    path("enrollments/<id:pk>/admit/", queue.enrollments_admit, name="enrollments-admit"),
    path(
        "enrollments/<id:pk>/transfer/",
        queue.enrollments_transfer,
        {"kept_in_transfer": kept_in_transfer},
        name="enrollments-transfer",
    ),
    path("enrollments/<id:pk>/together/", queue.enrollments_party, name="enrollments-party"),
    path("enrollments/<id:pk>/support/", support.support_edit, name="support-edit"),
    path("enrollments/<id:pk>/undo/", transitions.enrollments_undo, name="enrollments-undo"),
    path("cohorts/<code:code>/learners/", cohort_pages.cohorts_learners, name="cohorts-learners"),
    path("cohorts/<code:code>/learners/file/", lists.learners_file, name="learners-file"),
    path("rosters/", rosters.rosters_create, name="rosters-create"),
    path("rosters/sample/", rosters.rosters_sample, name="rosters-sample"),
    path("rosters/<id:pk>/", rosters.rosters_detail, name="rosters-detail"),
    path("rosters/<id:pk>/columns/", rosters.rosters_columns, name="rosters-columns"),
    path("rosters/<id:pk>/rows/<id:number>/", rosters.rosters_row, name="rosters-row"),
    path("rosters/<id:pk>/apply/", rosters_applying.rosters_apply, name="rosters-apply"),
    path("rosters/<id:pk>/cancel/", rosters_applying.rosters_cancel, name="rosters-cancel"),
    path("rosters/<id:pk>/release/", rosters_applying.rosters_release, name="rosters-release"),
    path("rosters/<id:pk>/undo/", rosters_applying.rosters_undo, name="rosters-undo"),
    path("rosters/<id:pk>/drop/", rosters_applying.rosters_drop, name="rosters-drop"),
    path("venues/", venues.venues_list, name="venues-list"),
    path("venues/new/", venues.venues_create, name="venues-create"),
    path("venues/<id:pk>/", venues.venues_edit, name="venues-edit"),
    path("districts/", districts.districts_list, name="districts-list"),
    path("districts/new/", districts.districts_create, name="districts-create"),
    path("districts/espoo/", districts.districts_espoo, name="districts-espoo"),
    path("districts/<id:pk>/", districts.districts_edit, name="districts-edit"),
    path("districts/<id:pk>/remove/", districts.districts_remove, name="districts-remove"),
    path("cohorts/", cohort_pages.cohorts_list, name="cohorts-list"),
    path("cohorts/new/", cohorts.cohorts_create, name="cohorts-create"),
    path("cohorts/<code:code>/", cohort_pages.cohorts_detail, name="cohorts-detail"),
    path("cohorts/<code:code>/copy/", cohort_copies.cohorts_copy, name="cohorts-copy"),
    path("cohorts/<code:code>/edit/", cohorts.cohorts_edit, name="cohorts-edit"),
    path("cohorts/<code:code>/state/<str:step>/", cohorts.cohorts_state, name="cohorts-state"),
    path("cohorts/<code:code>/minimum/", cohort_pages.cohorts_minimum, name="cohorts-minimum"),
    path("cohorts/<code:code>/undo/", cohorts.cohorts_undo, name="cohorts-undo"),
    path("cohorts/<code:code>/sessions/", cohort_pages.sessions_list, name="sessions-list"),
    path("cohorts/<code:code>/sessions/new/", sessions.sessions_create, name="sessions-create"),
    path("cohorts/<code:code>/sessions/add/", sessions.sessions_add, name="sessions-add"),
    path("sessions/<id:pk>/move/", sessions.sessions_move, {"expected_in": expected_in}, name="sessions-move"),
    path("sessions/<id:pk>/cancel/", sessions.sessions_cancel, {"expected_in": expected_in}, name="sessions-cancel"),
    path("sessions/<id:pk>/restore/", sessions.sessions_restore, name="sessions-restore"),
    path("sessions/<id:pk>/register/", attendance.attendance_register, name="attendance-register"),
    path("sessions/<id:pk>/register/print/", attendance.attendance_print, name="attendance-print"),
    path("sessions/<id:pk>/register/guest/", attendance.attendance_guest, name="attendance-guest"),
    path("sessions/<id:pk>/register/undo/<id:version>/", attendance.attendance_undo, name="attendance-undo"),
    path("cohorts/<code:code>/completions/", cohort_pages.completions_grid, name="completions-grid"),
    path("cohorts/<code:code>/completions/decide/", completions.completions_decide, name="completions-decide"),
    path(
        "cohorts/<code:code>/completions/undecide/<moment:decided_at>/",
        completions.completions_undecide,
        name="completions-undecide",
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
    path("completions/<id:pk>/revoke/", completions.completions_revoke, name="completions-revoke"),
    path("certificates/", certifying.certificates_list, name="certificates-list"),
    path("certificates/file/", lists.certificates_file, name="certificates-file"),
    path("certificates/issue/", certifying.certificates_issue, name="certificates-issue"),
    path("certificates/print/", certifying.certificates_print, name="certificates-print"),
    path("certificates/<code:number>/", certifying.certificates_detail, name="certificates-detail"),
    path("certificates/<code:number>/pdf/", certifying.certificates_pdf_file, name="certificates-pdf"),
    path("certificates/<code:number>/revoke/", certifying.certificates_revoke, name="certificates-revoke"),
    path("mentors/", certifying.mentoring_list, name="mentoring-list"),
    path("mentors/file/", lists.mentors_file, name="mentors-file"),
    path("messages/", messaging.messages_list, {"cohorts_notified": cohorts_notified}, name="messages-list"),
    path("messages/calls/", messaging.messages_calls, name="messages-calls"),
    path("messages/letters/", messaging.messages_letters, name="messages-letters"),
    path("messages/letters/sheets/", messaging.messages_sheets, name="messages-sheets"),
    path("messages/letters/posted/", messaging.messages_posted, name="messages-posted"),
    path("messages/<id:pk>/", messaging.messages_detail, name="messages-detail"),
    path("messages/<id:pk>/mail/", messaging.messages_mail, name="messages-mail"),
    path("messages/<id:pk>/letter/", messaging.messages_letter, name="messages-letter"),
    path("messages/<id:pk>/hold/", messaging.messages_hold, name="messages-hold"),
    path("messages/<id:pk>/cancel/", messaging.messages_cancel, name="messages-cancel"),
    path("messages/<id:pk>/again/", messaging.messages_again, name="messages-again"),
    path("messages/<id:pk>/test/", messaging.messages_test, name="messages-test"),
    path("messages/<id:pk>/answer/", messaging.messages_answer, name="messages-answer"),
    path("reports/", reporting.reports_program, name="reports-program"),
    path("reports/<code:code>/", reporting.reports_cohort, name="reports-cohort"),
]
