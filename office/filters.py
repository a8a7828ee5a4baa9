"""What a list may be narrowed to (UI pattern 3): free search, the counties of one's own city, what waits for me."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from accounts.capacity import Capacity
from accounts.models import Organisation
from office.asking import Question, ask
from office.flow import Flow


class RowFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of a list; ``search_in`` names the columns that the free search reads.

    ``me`` and ``at`` let a filter's choices be those the person may see. Every word has to be found somewhere.
    """

    search = django_filters.CharFilter(method="find", label="搜索", max_length=60)
    search_in: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, queryset: Any = None, *, me: Capacity, at: Any) -> None:
        self.me, self.at = me, at
        super().__init__(data, queryset)
        self.filters["search"] = self.filters.pop("search")  # shown last

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The rows in which each word of ``value`` occurs in one of ``search_in``."""
        for word in value.split():
            rows = rows.filter(reduce(or_, (Q(**{f"{path}__icontains": word}) for path in self.search_in)))
        return rows


class OfferedFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """One of the rows that ``question(me, at)`` offers, as pairs of key and words; asked where the page is drawn."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(choices=(), **kwargs)
        self.question = question

    @property
    def field(self) -> Any:
        """The form's field, made once for each request."""
        if not hasattr(self, "_field"):
            question, me, at = self.question, self.parent.me, self.parent.at
            self.extra["choices"] = cache(lambda: [(str(key), words) for key, words in ask(question, me, at)])
        return super().field


def authorities_offered(me: Capacity, at: Any) -> QuerySet[Organisation, Any]:
    """The bureau and the counties of the person's own city, key and name."""
    return Organisation.objects.authorities_of(me.organisation).values_list("pk", "name")


class AuthorityFilter(OfferedFilter):
    """旗县区: the counties of the person's own city, and the bureau for the schools directly under it (市直)."""

    def __init__(self, label: str = "旗县区", **kwargs: Any) -> None:
        super().__init__(authorities_offered, label=label, empty_label="全部", **kwargs)


class CaseFilter(RowFilter):
    """The filters of a list of cases: what waits for me first of all; ``flow`` names the flow."""

    flow: ClassVar[Flow]
    waiting = django_filters.ChoiceFilter(
        method="mine", label="办理", choices=[("1", "待我办理")], empty_label="全部"
    )

    def mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The rows that stand on my desk."""
        return rows.filter(pk__in=self.flow.waiting(self.me, self.at).order_by().values("pk"))
