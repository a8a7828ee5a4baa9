"""The security auditor's pages: who signed in, what was done by whom (headers only), is the history whole."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.capacity import Capacity
from accounts.models import SignIn
from office.filters import RowFilter
from office.jobs import enqueue, mine
from office.lists import Column, RowList
from office.models import Entry, Job
from office.requests import Request
from office.views.jobs import OPEN
from portal.registry.views.base import opened_to

from .filters import EntryFilter, SignInFilter
from .scopes import audits, audits_all, visible_entries, visible_sign_ins
from .work import VERIFY


class NewestFirst(RowList):
    """A log: newest first and nothing else, so that millions of rows are read along their key."""

    def open_to(self, me: Capacity) -> bool:
        return audits(me)

    def filtered(self, me: Capacity, at: Any, query: QueryDict) -> tuple[QuerySet[Any], RowFilter | None]:
        rows, chosen = super().filtered(me, at, query)
        return rows.order_by("-pk"), chosen


class SignInList(NewestFirst):
    filterset_class = SignInFilter
    template_name = "audit/sign_ins.html"
    title = "登录记录"
    columns = (
        Column("at", "时间", lambda row: row.at),
        Column("username", "用户名", lambda row: row.username),
        Column("name", "姓名", lambda row: row.user.name if row.user else "无此账号"),
        Column("address", "来源地址", lambda row: row.address or ""),
        Column("outcome", "结果", lambda row: row.get_outcome_display()),
    )

    def rows(self, me: Capacity, at: Any) -> QuerySet[SignIn]:
        return SignIn.objects.filter(visible_sign_ins(me)).select_related("user")


class EntryList(NewestFirst):
    """Headers of entries: neither opinions nor facts are read."""

    filterset_class = EntryFilter
    template_name = "audit/entries.html"
    title = "办理日志"
    columns = (
        Column("at", "时间", lambda row: row.at),
        Column("who", "办理人", lambda row: row.who if row.user else "系统或公众"),
        Column("role", "身份", lambda row: row.appointment.get_role_display() if row.appointment else ""),
        Column("organisation", "机构", lambda row: row.organisation),
        Column("kind", "对象", lambda row: row.content_type.name),
        Column("object", "对象编号", lambda row: row.object_id, css="figure"),
        Column("sequence", "序号", lambda row: row.sequence, css="figure"),
        Column("label", "步骤", lambda row: row.label),
        Column("sealed", "已封存", lambda row: row.seal_id is not None),
        Column("pk", "条目", lambda row: row.pk, page=False),
    )

    def rows(self, me: Capacity, at: Any) -> QuerySet[Entry]:
        rows = Entry.objects.filter(visible_entries(me)).defer("opinion", "facts")
        return rows.named().select_related("content_type")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may_verify = audits_all(self.request.me)
        last = mine(self.request.me, self.request.at).filter(kind=VERIFY).first() if may_verify else None
        return context | {"may_verify": may_verify, "last": last}


@require_POST
@opened_to(audits_all)
def verify(request: Request) -> HttpResponse:
    """Have the whole history verified; its page shows how far it is, then the sentence. One at a time."""
    running = mine(request.me, request.at).filter(kind=VERIFY, state__in=OPEN).first()
    row: Job = running or enqueue(VERIFY, "核对办理记录的完整性", request.me, request.at)
    return redirect(reverse("job", args=[row.pk]))
