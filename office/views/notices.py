"""Notices (消息): what has happened to what concerns me, read and unread."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import ListView

from office.models import Notice, NoticeKind
from office.requests import Request, safe_address
from office.views.desk import bare_number


def mine(request: Request, asked: QueryDict) -> QuerySet[Notice]:
    """My notices, of the ``kind`` and (``unread``) in the state that ``asked`` names."""
    rows = Notice.objects.filter(user=request.me.user)
    if (kind := asked.get("kind", "")) in NoticeKind.values:
        rows = rows.filter(kind=kind)
    return rows.filter(read_at__isnull=True) if "unread" in asked else rows


class NoticeList(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """My notices, newest first; ``?kind=`` of one kind, ``?unread`` only the unread."""

    request: Request
    template_name = "office/notices.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Notice]:
        return mine(self.request, self.request.GET)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = Notice.objects.filter(user=self.request.me.user).order_by().values_list("kind")
        numbers = counted.annotate(unread=Count("pk", filter=Q(read_at__isnull=True)))
        unread: dict[str, int] = dict(numbers)
        chosen = self.request.GET.get("kind", "")
        kinds = [(kind.value, kind.label, unread[kind]) for kind in NoticeKind if kind in unread]
        return super().get_context_data(**kwargs) | {
            "unread": sum(unread.values()),
            "kinds": kinds,
            "kind": chosen if chosen in NoticeKind.values else "",
            "unread_here": unread.get(chosen, 0) if chosen in NoticeKind.values else sum(unread.values()),
            "only_unread": "unread" in self.request.GET,
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
    """POST: mark all my notices as read, or those of one ``kind``."""

    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponse:
        read = mine(request, request.POST).filter(read_at__isnull=True).update(read_at=request.at)
        messages.success(request, f"已将 {read} 条消息标为已读。")
        return redirect("notices")


class UnreadBadge(View):
    """The number of my unread notices, as text; no content for whoever is not logged in."""

    def get(self, request: Request) -> HttpResponse:
        if request.me.user is None:
            return HttpResponse(status=204)
        return bare_number(Notice.objects.filter(user=request.me.user, read_at__isnull=True).count())
