"""Sign-in by code and sign-out, and nothing else of allauth: no passwords, no sign-up."""

from allauth.account import views as allauth_views
from django.urls import path

from accounts import views

urlpatterns = [
    path("login/", views.request_code, name="account_login"),
    path("login/code/", views.request_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_code, name="account_confirm_login_code"),
    path("once/<str:token>/", views.sign_in_once, name="account_sign_in_once"),
    path("kept/", views.kept_form_send, name="account_kept_form"),
    path("stay/", views.stay, name="account_stay"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
]
