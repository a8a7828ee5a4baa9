"""Every list goes out as Excel, exactly as it is filtered: for each list page, each role that opens it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.generic import ListView
from openpyxl import load_workbook

from office.lists import SHEET_AT_ONCE, RowList
from tests.access import cast
from tests.access.expected import MATRIX

# Lists that are no records of anything: one's own messages, one's own jobs.
NO_EXPORT = {"notices", "jobs"}
SEARCH = {"search": "一"}


def list_views(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, type[Any]]]:
    """Every list page: its name and its class."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from list_views(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if view is not None and issubclass(view, ListView):
                yield f"{space}{pattern.name}", view


LISTS = dict(list_views(get_resolver()))


def test_every_list_can_be_exported() -> None:
    """A list that is no RowList, or that leaves its export out, has to be named here."""
    without = {name for name, view in LISTS.items() if not (issubclass(view, RowList) and view.exportable)}
    assert without <= NO_EXPORT
    assert len(LISTS) > 12


def _readers(name: str) -> list[str]:
    rule = MATRIX[name].get
    return [role for role in cast.ROLES if rule.answer(role) == "ok"]  # type: ignore[union-attr]


def _shown(response: Any) -> int:
    return int(response.context["paginator"].count)


def _rows(response: Any) -> list[tuple]:
    assert response.streaming, response
    content = b"".join(response.streaming_content)
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("name", sorted(set(LISTS) - NO_EXPORT))
def test_the_sheet_has_the_rows_of_the_page(untouched: None, name: str) -> None:
    """Without filter and searched: as many rows as the page counts, under the headings of the columns."""
    address, view, wrong = reverse(name), LISTS[name], []
    for role in _readers(name):
        browser = cast.browser(role)
        for query in ({}, SEARCH):
            page = browser.get(address, query)
            if "export=xlsx" not in page.content.decode():
                wrong.append(f"{role}: the page offers no export")
            sent = browser.get(address, query | {"export": "xlsx"})
            if _shown(page) > SHEET_AT_ONCE:
                assert sent.url.startswith("/jobs/"), "what is long is made by a job, from the same rows"
                continue
            heading, *rows = _rows(sent)
            if list(heading) != [column.label for column in view.columns]:
                wrong.append(f"{role}: {heading}")
            if len(rows) != _shown(page):
                wrong.append(f"{role} {query}: {len(rows)} rows, the page shows {_shown(page)}")
    assert wrong == []
    assert _readers(name)
