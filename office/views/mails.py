"""The letters that went out, for the system's administrator: whether they went, never what they say."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office import mailing
from office.filters import RowFilter
from office.history import record
from office.lists import Column, RowList
from office.models import Mail
from office.requests import Request, safe_address

MAY_GO_AGAIN = (Mail.State.FAILED, Mail.State.UNCONFIRMED)


def keeps_mail(me: Capacity) -> bool:
    """The owner's system administrator."""
    return me.holds(Role.ADMIN) and me.kind == Kind.BUREAU


class MailFilter(RowFilter):
    state = django_filters.ChoiceFilter(label="状态", choices=Mail.State.choices, empty_label="全部")
    search_in = ("user__name", "user__username")

    class Meta:
        model = Mail
        fields: list[str] = []


class MailList(RowList):
    """Newest first."""

    filterset_class = MailFilter
    template_name = "office/mails.html"
    title = "邮件"
    unit = "封"
    default_sort = "-made"
    columns = (
        Column("made", "生成时间", lambda row: row.made_at, sort=("made_at",)),
        Column("user", "收件人", lambda row: row.user.name),
        Column("username", "用户名", lambda row: row.user.username),
        Column("kind", "种类", lambda row: "每日汇总" if row.digest_on else "即时"),
        Column("state", "状态", lambda row: row.get_state_display()),
        Column("attempts", "次数", lambda row: row.attempts, css="figure"),
        Column("ended", "办结时间", lambda row: row.ended_at, sort=("ended_at",)),
        Column("problem", "原因", lambda row: row.problem),
    )

    def open_to(self, me: Capacity) -> bool:
        return keeps_mail(me)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Mail]:
        return Mail.objects.select_related("user") if keeps_mail(me) else Mail.objects.none()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "mail_ready": settings.MAIL,
            "may_go_again": MAY_GO_AGAIN,
        }


class SendAgain(LoginRequiredMixin, View):
    """POST: send once more a letter that failed or is unconfirmed; the history of its recipient says who did."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request: Request, pk: int) -> HttpResponse:
        if not keeps_mail(request.me):
            raise PermissionDenied
        letter = get_object_or_404(Mail.objects.select_related("user"), pk=pk)
        if mailing.again(letter, request.at):
            facts = {"邮件": str(letter), "原状态": letter.get_state_display()}
            record(letter.user, "mail", "再次发送邮件", request.me, request.at, facts)
            messages.success(request, f"给{letter.user}的邮件将再次发送。")
        else:
            messages.error(request, f"没有再次发送：这封邮件{letter.get_state_display()}。")
        return redirect(safe_address(request, request.POST.get("next", "")) or "mails")
