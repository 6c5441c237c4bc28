"""Courses in the words of the page's language."""

from django import template

from courses.catalogue.wording import price_words

register = template.Library()
register.filter("price_words", price_words)
