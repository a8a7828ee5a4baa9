"""Notices (消息): what has happened to what concerns me, read and unread."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import ListView

from office.models import Notice
from office.requests import Request, safe_address
from office.views.desk import bare_number


class NoticeList(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """My notices, newest first; ``?unread`` shows only the unread."""

    request: Request
    template_name = "office/notices.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Notice]:
        mine = Notice.objects.filter(user=self.request.me.user)
        return mine.filter(read_at__isnull=True) if "unread" in self.request.GET else mine

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unread = Notice.objects.filter(user=self.request.me.user, read_at__isnull=True).count()
        only = "unread" in self.request.GET
        return super().get_context_data(**kwargs) | {
            "unread": unread,
            "only_unread": only,
            "at": self.request.at,
        }


class OpenNotice(LoginRequiredMixin, View):
    """POST: mark one notice of mine as read and go where it points; another's is 404."""

    http_method_names = ["post"]

    def post(self, request: Request, pk: int) -> HttpResponse:
        notice = get_object_or_404(Notice, pk=pk, user=request.me.user)
        if notice.read_at is None:
            notice.read_at = request.at
            notice.save(update_fields=["read_at"])
        return redirect(safe_address(request, notice.url) or "notices")


class ReadAll(LoginRequiredMixin, View):
    """POST: mark all my notices as read."""

    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponse:
        read = Notice.objects.filter(user=request.me.user, read_at__isnull=True).update(read_at=request.at)
        messages.success(request, f"已将 {read} 条消息标为已读。")
        return redirect("notices")


class UnreadBadge(View):
    """The number of my unread notices, as text; no content for whoever is not logged in."""

    def get(self, request: Request) -> HttpResponse:
        if request.me.user is None:
            return HttpResponse(status=204)
        return bare_number(Notice.objects.filter(user=request.me.user, read_at__isnull=True).count())
