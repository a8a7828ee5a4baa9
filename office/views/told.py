"""Whether the notices about a case arrived (送达情况): for the owner's staff of all, for others of their own acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Appointment, Role
from office.flow import FLOWS, Flow
from office.models import Entry, Notice, Way
from office.pages import CasePage, page_of
from office.requests import Request

PER_PAGE = 50


def of_owner(page: CasePage, case: Any, me: Capacity) -> bool:
    """Whether ``me`` is an officer or leader of the organisation that owns what the case belongs to."""
    owner = page.owner(case)
    return owner is not None and owner == me.organisation_id and me.holds(Role.OFFICER, Role.LEADER)


def told_to(page: CasePage, case: Any, me: Capacity, entries: Iterable[Entry]) -> bool:
    """Whether there is something of the kind for ``me``: the owner's, or an entry of one's own."""
    return of_owner(page, case, me) or any(entry.user_id == me.user_id for entry in entries)


def notices_of(page: CasePage, case: Any, me: Capacity, at: datetime) -> QuerySet[Notice]:
    """The notices about ``case`` whose delivery is ``me``'s business, oldest first."""
    kind = ContentType.objects.get_for_model(case)
    rows = Notice.objects.filter(content_type=kind, object_id=case.pk)
    if not of_owner(page, case, me):
        rows = rows.filter(entry__user=me.user_id)
    held = Appointment.objects.valid(timezone.localdate(at)).select_related("organisation")
    appointments = Prefetch("user__appointments", held.order_by("-starts", "pk"), to_attr="held")
    return rows.select_related("user", "entry", "mail").prefetch_related(appointments).order_by("at", "pk")


def mail_words(notice: Notice) -> str:
    """How the e-mail of a notice stands, in words."""
    if notice.mail:
        return notice.mail.get_state_display()
    if notice.way == Way.NONE:
        return "不发邮件"
    if notice.read_at:
        return "已读，未另发"
    return "待发送" if notice.way == Way.AT_ONCE else "待每日汇总"


class ToldView(LoginRequiredMixin, View):
    """GET: the page, or (htmx) its table alone; 404 where the case or its deliveries are not for the reader."""

    request: Request

    def get(self, request: Request, flow_name: str, key: str) -> HttpResponse:
        flow = FLOWS.get(flow_name)
        if flow is None:
            raise Http404("没有这种事项。")
        page = page_of(flow.name)
        case = self._case(flow, page, key)
        me = request.me
        mine = Entry.objects.of(case).filter(user=me.user_id)
        if not page.history(case, me) or not (of_owner(page, case, me) or mine.exists()):
            raise Http404("没有可供您查看的送达情况。")
        found = Paginator(notices_of(page, case, me, request.at), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "case": case,
            "case_title": page.title(case),
            "page_obj": found,
            "rows": [(notice, mail_words(notice)) for notice in found],
            "told_path": request.path,
        }
        part = request.headers.get("HX-Request") == "true"
        return render(request, "office/told_rows.html" if part else "office/told.html", context)

    def _case(self, flow: Flow, page: CasePage, key: str) -> Any:
        try:
            return flow.seen(self.request.me).select_related(*page.related).get(**{flow.key: key})
        except (ObjectDoesNotExist, ValueError) as error:
            raise Http404(f"没有这项{flow.label}，或者不在您的查看范围内。") from error
