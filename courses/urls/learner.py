from django.urls import path

from courses.views.learner import home

app_name = "learner"

urlpatterns = [
    path("", home.home, name="home"),
    path("certificates/<str:number>/", home.certificates_pdf, name="certificates-pdf"),
    path("messages/<int:pk>/", home.messages_detail, name="messages-detail"),
]
