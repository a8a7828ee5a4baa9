"""Lists (列表): filters in the address, free search, sorting, a count, 50 rows a page, batch steps, Excel.

A list names its columns and its filters; its template extends patterns/list.html and draws the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView

from accounts.capacity import Capacity
from accounts.statements import Given
from office.asking import ask, ask_count
from office.exports import EXPORT
from office.filters import RowFilter
from office.flow import NOTHING, Flow
from office.jobs import enqueue
from office.requests import Request
from office.sensitive import handed_out
from office.sheets import download

PER_PAGE = 50
COUNT_TO = 10_000  # beyond this a count says 10,000+ and costs no more
SHEET_AT_ONCE = 2_000  # larger sheets are made by a job
CHUNK = 500


@dataclass(frozen=True)
class Column:
    """One column. ``value`` gives what the Excel sheet says of a row; the page's template draws its own cells.

    ``sort``: the paths its heading sorts by, none where it does not sort. ``css``: class of the heading (figure).
    ``page``: False for what only the sheet has.
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    sort: tuple[str, ...] = ()
    css: str = ""
    page: bool = True

    @property
    def sortable(self) -> bool:
        return bool(self.sort)


def count_words(number: int) -> str:
    """A count as the page says it: 46, 9,300, 10,000+."""
    return f"{COUNT_TO:,}+" if number > COUNT_TO else f"{number:,}"


def bounded_count(rows: QuerySet[Any], limit: int = COUNT_TO) -> int:
    """How many rows there are, ``limit`` + 1 where there are more."""
    return rows.order_by().values("pk")[: limit + 1].count()


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of what can be counted; further rows are found by filtering. What fits on one page is not counted."""

    opening: Sequence[Any] = ()

    def page(self, number: Any) -> Page[Any]:
        if str(number) != "1":
            return super().page(number)
        self.opening = self.first()
        return Page(self.opening[: self.per_page], 1, self)

    @cached_property
    def found(self) -> int:
        """As ``bounded_count``."""
        return len(self.opening) if 0 < len(self.opening) <= self.per_page else self.counted()

    def first(self) -> Sequence[Any]:
        """The rows of the first page and one more, if there is one."""
        return list(self.object_list[: self.per_page + 1])

    def counted(self) -> int:
        """As ``bounded_count``."""
        return bounded_count(self.object_list)  # type: ignore[arg-type]

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return min(self.found, COUNT_TO)


class RowList(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """A list of rows. A subclass gives ``rows``, ``columns``, ``filterset_class``, ``template_name`` and ``title``.

    GET: the page; ``?export=xlsx``: the sheet of exactly what is filtered, by a job when it is long. 403 where
    ``open_to`` says that the capacity has no business here. An export of a ``sensitive`` list is told to the
    security auditors.
    """

    request: Request
    columns: ClassVar[tuple[Column, ...]] = ()
    filterset_class: type[RowFilter] | None = None
    title = ""
    unit = "条"
    default_sort = ""
    exportable = True
    sensitive = False  # its sheet says who people are: whoever takes it is written down
    paginate_by = PER_PAGE
    paginator_class = BoundedPaginator

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        """Every row ``me`` may see, with what the columns read of it."""
        raise NotImplementedError

    def open_to(self, me: Capacity) -> bool:
        """Whether this capacity finds the list in its menu."""
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if not self.open_to(self.request.me):
            raise PermissionDenied
        if self.exportable and request.GET.get("export") == "xlsx":
            return self._export()
        return super().get(request, *args, **kwargs)

    def filtered(self, me: Capacity, at: Any, query: QueryDict) -> tuple[QuerySet[Any], RowFilter | None]:
        """The rows of the address ``query``, sorted, and the filters; no rows where a filter is not understood."""
        rows = self.rows(me, at)
        if self.filterset_class is None:
            return self.sorted_by(rows, self._sort(query)), None
        chosen = self.filterset_class(query, rows, me=me, at=at)
        return self.sorted_by(chosen.qs if chosen.is_valid() else rows.none(), self._sort(query)), chosen

    @classmethod
    def _sort(cls, query: QueryDict) -> str:
        """The sorting asked for, if a column offers it, else the list's own."""
        wanted = query.get("sort", "")
        offered = {column.key for column in cls.columns if column.sort}
        return wanted if wanted.removeprefix("-") in offered else cls.default_sort

    @classmethod
    def sorted_by(cls, rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
        """Sorted by that column, empty values last, and by key where that leaves it open."""
        paths = next((column.sort for column in cls.columns if column.key == sort.removeprefix("-")), ())
        ways = [
            F(path).desc(nulls_last=True) if sort[:1] == "-" else F(path).asc(nulls_last=True)
            for path in paths
        ]
        return rows.order_by(*ways, "pk")

    def get_queryset(self) -> QuerySet[Any]:
        rows, self.filter = self.filtered(self.request.me, self.request.at, self.request.GET)
        return rows

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for less than everything."""
        return self.filter is not None and self.filter.form.has_changed()

    def total(self) -> int:
        """How many rows there are without any filter."""
        return bounded_count(self.rows(self.request.me, self.request.at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = context["paginator"].found
        total = self.total() if self.narrowed else found
        return context | {
            "title": self.title,
            "filter": self.filter,
            "columns": [column for column in self.columns if column.page],
            "sort": self._sort(self.request.GET),
            "total": count_words(total),
            "filtered": count_words(found),
            "unit": self.unit,
            "exportable": self.exportable,
            "at": self.request.at,
        }

    def sheet(self, me: Capacity, at: Any, query: QueryDict) -> Iterator[list[Any]]:
        """The cells of the Excel sheet, row by row, in constant memory."""
        rows, _ = self.filtered(me, at, query)
        for row in rows.iterator(chunk_size=CHUNK):
            yield [column.value(row) for column in self.columns]

    @property
    def headers(self) -> list[str]:
        """The heading of the Excel sheet."""
        return [column.label for column in self.columns]

    def _export(self) -> HttpResponse | FileResponse:
        me, at, query = self.request.me, self.request.at, self.request.GET
        name = f"{self.title}{timezone.localdate(at):%Y%m%d}"
        rows, _ = self.filtered(me, at, query)
        if self.sensitive:
            handed_out(self.title, me, at, {"行数": rows.count()})
        if bounded_count(rows, SHEET_AT_ONCE) <= SHEET_AT_ONCE:
            return download(name, self.title, self.headers, self.sheet(me, at, query))
        view = f"{type(self).__module__}.{type(self).__qualname__}"
        row = enqueue(EXPORT, f"导出{self.title}", me, at, view=view, query=query.urlencode(), name=name)
        messages.info(self.request, "行数较多，正在后台生成 Excel，完成后会收到消息。")
        return redirect(reverse("job", args=[row.pk]))


class CaseList(RowList):
    """A list of one flow's cases; ``batch`` names the steps that may be taken on several at once.

    ``related`` are the paths its columns read, ``deferred`` the columns they don't: long texts, encrypted ones.

    Each row of the page has ``state_label`` and ``state_tone`` for its badge, and ``choosable``: whether one of the
    batch steps may be taken on it now.
    """

    flow: ClassVar[Flow]
    batch: ClassVar[tuple[str, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    deferred: ClassVar[tuple[str, ...]] = ()
    unit = "份"

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        return self.told(self.flow.seen(me), me, at)

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        """``rows`` with what the columns read of them."""
        return rows.select_related(*cls.related).defer(*cls.deferred)

    def total(self) -> int:
        return ask_count(_all, self.request.me, self.request.at, type(self))

    def get_paginator(self, queryset: Any, per_page: int, **kwargs: Any) -> BoundedPaginator:  # type: ignore[override]
        """What nobody has narrowed is asked with statements that are kept."""
        if self.narrowed:
            return super().get_paginator(queryset, per_page, **kwargs)  # type: ignore[return-value]
        return KeptPaginator(self, queryset, per_page, **kwargs)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """Finds which rows are on the page, and asks about those alone what the page says of them."""
        paginator, page, _, several = super().paginate_queryset(
            queryset.values_list("pk", flat=True), page_size
        )
        page.object_list = self._of_keys(list(page.object_list))
        return paginator, page, page.object_list, several

    def _of_keys(self, keys: list[int]) -> list[Any]:
        if not keys:
            return []
        filled = {_place(n): keys[min(n, len(keys) - 1)] for n in range(PER_PAGE)}
        found = ask(_of_page, self.request.me, self.request.at, type(self), **filled)
        return sorted(found, key=lambda row: keys.index(row.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        labels = dict(self.flow.model._meta.get_field("state").flatchoices)  # type: ignore[union-attr]
        for row in context["page_obj"].object_list:
            row.state_label = labels.get(row.state, row.state)
            row.state_tone = self.flow.tones.get(row.state, "grey")
            row.choosable = any(getattr(row, f"may_{name}") for name in self.batch)
        return context | {"batch_steps": self._batch_steps()}

    def _batch_steps(self) -> list[dict[str, str]]:
        """The batch steps that belong to the capacity, whatever the rows; 代办 is done one by one."""
        steps = [self.flow.step(name) for name in self.batch]
        return [
            {
                "name": step.name,
                "label": step.label,
                "url": reverse(f"batch-{self.flow.name}", args=[step.name]),
                "tone": step.tone,
            }
            for step in steps
            if step.who(self.request.me) != NOTHING
        ]


class KeptPaginator(BoundedPaginator):
    """The pages of all the cases that somebody may see."""

    def __init__(self, view: CaseList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view

    def first(self) -> Sequence[Any]:
        view = self.view
        return ask(_first, view.request.me, view.request.at, type(view), view._sort(view.request.GET))

    def counted(self) -> int:
        return self.view.total()


def _first(me: Capacity, at: Any, view: type[CaseList], sort: str) -> QuerySet[Any]:
    """The keys of the first page and of one more case."""
    rows = view.told(view.flow.seen(me), me, at)
    return view.sorted_by(rows, sort).values_list("pk", flat=True)[: PER_PAGE + 1]


def _all(me: Capacity, at: Any, view: type[CaseList]) -> QuerySet[Any]:
    """All the cases, as far as they are counted."""
    return view.flow.seen(me).order_by().values("pk")[: COUNT_TO + 1]


def _place(n: int) -> str:
    return f"row_{n}"


def _of_page(me: Capacity, at: Any, view: type[CaseList]) -> QuerySet[Any]:
    """The cases of a page, whose keys are given, with the batch steps that may be taken on each."""
    rows = view.flow.model._default_manager.filter(pk__in=[Given(_place(n)) for n in range(PER_PAGE)])
    told = view.told(rows, me, at)
    return view.flow.with_steps(told, me, *view.batch) if view.batch else told
