"""Taking a sheet in: template, file, preview row by row, confirmation (pattern Import, for sheets of a few hundred rows)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views import View

from office.requests import Request
from office.sheets import BadSheet, Column, download, read_table
from studios.sheet_rows import Given


class SheetIn(LoginRequiredMixin, View):
    """GET: where to drop the sheet, or the template (``?export=xlsx``). POST ``file``: what each row would become.
    POST ``rows``: take them over; they come back with the confirmation and are read once more: nothing is believed.

    ``open`` finds what the rows belong to, and raises for those who may not; the other hooks speak of it.
    """

    request: Request
    http_method_names = ["get", "post"]
    title = ""
    understood: tuple[str, ...] = ()
    unit = "项"

    def open(self, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Find what the rows belong to; an answer that is given instead, or None."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column]:
        """The columns of the sheet."""
        raise NotImplementedError

    def filled(self) -> list[Sequence[Any]]:
        """The rows the template begins with."""
        return []

    def read(self, rows: Sequence[Mapping[str, str]]) -> list[Given]:
        """What each row would become; nothing is written."""
        raise NotImplementedError

    def keep(self, given: list[Given]) -> HttpResponse:
        """Write the good rows."""
        raise NotImplementedError

    def along(self) -> dict[str, str]:
        """What else is sent with the confirmation."""
        return {}

    def frame(self) -> dict[str, Any]:
        """Crumbs and remarks of the page."""
        raise NotImplementedError

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        answer = self.open(**kwargs)
        if answer is not None:
            return answer
        if "export" in request.GET:
            names = [column.name for column in self.columns()]
            return cast(HttpResponse, download(f"{self.title}模板", "模板", names, self.filled()))
        return self.page({"stage": "upload"})

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        answer = self.open(**kwargs)
        if answer is not None:
            return answer
        if "rows" in request.POST:
            return self.keep(self.read(self._sent_back()))
        file = request.FILES.get("file")
        try:
            if file is None:
                raise BadSheet("没有收到文件，请重新选择。")
            table = read_table(cast(BinaryIO, file), self.columns())
            if not table.rows:
                raise BadSheet("表中没有可以导入的行。")
        except BadSheet as problem:
            return self.page({"stage": "upload", "error": str(problem)}, 422)
        return self.preview(self.read(table.rows), file_name=(file.name or "")[:100])

    def preview(self, given: list[Given], status: int = 200, **more: Any) -> HttpResponse:
        """Row by row; confirming sends the good ones back."""
        marks = Counter(row.mark for row in given)
        good = [row.as_read for row in given if not row.reasons]
        context = {
            "stage": "preview",
            "file_name": "预览",
            "counts": {mark: marks[mark] for mark in ("new", "changed", "same", "refused")},
            "columns": [column.name for column in self.columns()],
            "rows": given,
            "confirm_url": self.request.path if marks["new"] or marks["changed"] else "",
            "confirm_text": f"将新增 {marks['new']} {self.unit}、更新 {marks['changed']} {self.unit}；被拒绝的行不写入。",
            "held": {"rows": json.dumps(good, ensure_ascii=False), **self.along()},
            "cancel_url": self.request.path,
        }
        return self.page(context | more, status)

    def page(self, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
        """The pattern with this page's frame."""
        upload = {
            "url": self.request.path,
            "accept": ".xlsx",
            "kinds": "Excel（.xlsx）",
            "max_words": "20 MB",
        }
        whole = {
            "import_title": self.title,
            "template_url": f"{self.request.path}?export=xlsx",
            "upload": upload,
            "understood": self.understood,
            **self.frame(),
            **context,
        }
        return render(self.request, "patterns/import.html", whole, status=status)

    def _sent_back(self) -> list[dict[str, str]]:
        try:
            sent = json.loads(self.request.POST["rows"])
            return [{str(key): str(value) for key, value in row.items()} for row in sent]
        except (ValueError, AttributeError, TypeError):
            raise Http404("没有可以导入的行。") from None
