from django.urls import path

from courses.certifying.views import learner as certifying
from courses.messaging.views import learner as messaging
from courses.overview.views import learner as overview
from courses.registry.views import learner as registry

app_name = "learner"

urlpatterns = [
    path("", overview.home, name="home"),
    path("certificates/<code:number>/", certifying.certificates_pdf, name="certificates-pdf"),
    path("messages/<id:pk>/", messaging.messages_detail, name="messages-detail"),
    path("contacts/<id:pk>/end/", registry.contacts_end, name="contacts-end"),
    path("consents/", registry.consents_list, name="consents-list"),
    path("consents/<id:pk>/withdraw/", registry.consents_withdraw, name="consents-withdraw"),
]
