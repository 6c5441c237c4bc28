from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

# As far as anybody turns pages; who looks for somebody further on types a name.
MOST_COUNTED = 2_000


class CappedPaginator(Paginator):
    """Pages of a query that may find a million rows: they are counted, and shown, up to MOST_COUNTED."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        assert isinstance(self.object_list, QuerySet)
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()
