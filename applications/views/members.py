"""Asking principals to be members, on the form's section of members."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views import View

from accounts.models import Principal
from applications.members import propose
from applications.pages.form import FORM
from office.door import Refused
from office.filing.pages import form_address
from office.filing.saving import Closed
from office.filing.views import own_filing
from office.requests import Request


class ProposeView(LoginRequiredMixin, View):
    """POST ``principal`` and, for an exception, ``reason``: ask them. Goes back to the search it came from."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str) -> HttpResponse:
        application = own_filing(FORM, number, request)
        reason = request.POST.get("reason", "")
        sent = request.POST.get("principal", "")
        try:
            member = propose(
                application.pk, int(sent) if sent.isdecimal() else 0, reason, request.me, request.at
            )
        except Principal.DoesNotExist as error:
            raise Http404("没有这份校长档案。") from error
        except Closed:
            messages.error(request, "申报已提交，不能再邀请成员。")
            return redirect(application)
        except Refused as refusal:
            messages.error(request, f"没有邀请：{refusal}。{f'您写的理由：{reason}' if reason else ''}")
        else:
            principal = member.principal
            waits = (
                "已通知本人确认"
                if principal.user_id
                else "该校长尚无账号，须由旗县区教育局开通账号后本人才能同意"
            )
            messages.success(request, f"已邀请{principal.name}（{principal.school.name}），{waits}。")
        words = request.POST.get("find", "")
        query = f"?{urlencode({'find': words})}" if words else ""
        return redirect(f"{form_address(application, 'members')}{query}")
