from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.search_words import LONGEST_WORD


class WordField(models.CharField):
    """Compared byte by byte on every database, so that an index answers "begins with" as a range."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}


class SearchWord(models.Model):
    """One word under which a person is found (accounts.rules.search_words). Written by accounts.services.search."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="search_words", db_index=False
    )
    word = WordField(max_length=LONGEST_WORD)

    class Meta:
        verbose_name = _("search word")
        indexes = [models.Index(fields=["word", "person"], name="search_word")]
        constraints = [models.UniqueConstraint(fields=["person", "word"], name="search_word_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.word}"


class UncomparedPerson(models.Model):
    """A new or changed person who is still to be compared with everybody else (accounts.services.candidates)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="uncompared"
    )

    class Meta:
        verbose_name = _("person to compare")

    def __str__(self) -> str:
        return f"{self.person_id}"


class SuspectedPair(models.Model):
    """Two records that may be one person. `signs`: values of DuplicateSign, the strongest first, separated by spaces.

    `rank` orders the page of pairs, the likeliest first (accounts.rules.likeness.candidate_rank).
    """

    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    signs = models.CharField(max_length=60)

    class Meta:
        ordering = ["rank", "id"]
        verbose_name = _("suspected pair")
        indexes = [models.Index(fields=["rank", "id"], name="suspected_pair_rank")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="suspected_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suspected_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
