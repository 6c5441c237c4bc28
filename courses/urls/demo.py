"""Pages of the demo alone: outside it they do not exist."""

from django.urls import path

from courses.demo.views import mailbox, sign_in

app_name = "demo"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/message/<id:pk>/", mailbox.mailbox_message, name="mailbox-message"),
    path("mailbox/<str:name>/", mailbox.mailbox_detail, name="mailbox-detail"),
    path("mailbox/<str:name>/html/", mailbox.mailbox_html, name="mailbox-html"),
]
