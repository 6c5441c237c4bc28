"""One table of contents for each actor."""

from django.urls import register_converter

from courses.urls.converters import CodeConverter, IdConverter, MomentConverter

register_converter(CodeConverter, "code")
register_converter(IdConverter, "id")
register_converter(MomentConverter, "moment")
