"""The desk (工作台) and the number beside it in the menu."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from office import calendar, desk, panels
from office.desk import DeskRow
from office.models import Notice
from office.requests import Request

NEWS = 6


class DeskView(LoginRequiredMixin, TemplateView):
    """What waits for me, what I have handed on, what is coming up, what has changed. ``?all`` shows every row."""

    request: Request
    template_name = "patterns/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        me, at = self.request.me, self.request.at
        limit = None if "all" in self.request.GET else desk.LIMIT
        rows = desk.waiting(me, self.request.at, limit)
        cut = limit is not None and len(rows) == limit
        total = desk.count(me, self.request.at) if cut else len(rows)
        return super().get_context_data(**kwargs) | {
            "at": at,
            "greeting": f"{greeting(timezone.localtime(at).hour)}，{me.name}",
            "summary": summary(total, overdue(rows, at)),
            "waiting": rows,
            "waiting_more_url": "?all=1" if total > len(rows) else "",
            "started": desk.started(me, at),
            "calendar": calendar.upcoming(me, at),
            "panels": panels.panels(me, at),
            "news": Notice.objects.filter(user=me.user)[:NEWS],
        }


def greeting(hour: int) -> str:
    """The greeting at this hour of the day (0-23)."""
    for begins, words in ((18, "晚上好"), (13, "下午好"), (11, "中午好"), (5, "上午好")):
        if hour >= begins:
            return words
    return "夜深了"


def overdue(rows: list[DeskRow], at: Any) -> int:
    """How many of the rows are past their date."""
    return sum(row.due is not None and row.due < at for row in rows)


def summary(total: int, late: int) -> str:
    """The sentence below the greeting."""
    if not total:
        return "现在没有等您办理的事"
    return f"有 {total} 件事等您办理，其中 {late} 件已超期" if late else f"有 {total} 件事等您办理"


def bare_number(number: int) -> HttpResponse:
    """A badge: the bare number, or nothing at 0."""
    return HttpResponse(str(number) if number else "", content_type="text/plain; charset=utf-8")


class WaitingBadge(View):
    """The number of rows on the desk, as text; no content for whoever is not logged in."""

    def get(self, request: Request) -> HttpResponse:
        if request.me.user is None:
            return HttpResponse(status=204)
        return bare_number(desk.count(request.me, request.at))
