from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from mentors_site import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security, name="security"),
    path("reading/", views.reading_edit, name="reading-edit"),
    path("language/", login_not_required(set_language), name="set_language"),
    *i18n_patterns(
        path("accounts/", include("accounts.urls")),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("ethics/", views.ethics, name="ethics"),
        path("privacy/", views.privacy, name="privacy"),
        path("gallery/", views.gallery, name="gallery"),
        path("gallery/calm/", views.gallery, {"density": "calm"}, name="gallery-calm"),
        path("", include("courses.urls.public")),
        path("coordinator/", include("courses.urls.coordinator")),
        path("trainer/", include("courses.urls.trainer")),
        path("learner/", include("courses.urls.learner")),
        path("viewer/", include("courses.urls.viewer")),
        path("administrator/", include("courses.urls.administrator")),
        *([path("demo/", include("courses.urls.demo"))] if settings.DEMO else []),
    ),
]

handler400 = "mentors_site.views.bad_request"
handler403 = "mentors_site.views.permission_denied"
handler404 = "mentors_site.views.page_not_found"
handler500 = "mentors_site.views.server_error"
