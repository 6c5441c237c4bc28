from django.apps import AppConfig


class MentorsSiteConfig(AppConfig):
    name = "mentors_site"
