from django.urls import path

from courses.views.learner import consents, home

app_name = "learner"

urlpatterns = [
    path("", home.home, name="home"),
    path("certificates/<code:number>/", home.certificates_pdf, name="certificates-pdf"),
    path("messages/<id:pk>/", home.messages_detail, name="messages-detail"),
    path("contacts/<id:pk>/end/", consents.contacts_end, name="contacts-end"),
    path("consents/", consents.consents_list, name="consents-list"),
    path("consents/<id:pk>/withdraw/", consents.consents_withdraw, name="consents-withdraw"),
]
