"""Agreeing to the notice of data processing before anything else (个人信息保护法 Art. 14)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import consent as consents
from accounts.entering import OWED, onward, settle
from accounts.models import DataNotice, Outcome
from accounts.sign_ins import record
from office import history
from office.requests import Request
from portal.public.privacy import parts
from portal.registry.views.base import opened_to

from .views import has_account, own_account

PAGE = "consent"


@opened_to(has_account)
def consent(request: Request) -> HttpResponse:
    """GET: the text. POST ``act=agree`` (with the tick ``read``) of the version shown, or ``act=refuse``: out again."""
    notice = consents.current()
    if notice is None or PAGE not in request.session.get(OWED, []):
        return redirect("privacy")
    problem = ""
    if request.POST.get("act") == "refuse":
        return _refused(request)
    if request.method == "POST":
        if request.POST.get("version") != str(notice.version):
            problem = "说明刚更新，请阅读新的版本。"
        elif "read" not in request.POST:
            problem = "请先阅读，并勾选“我已阅读并同意”。"
        else:
            _agreed(request, notice)
            return redirect(onward(request))
    context = {"notice": notice, "parts": parts(notice.text), "problem": problem, "again": notice.version > 1}
    return render(request, "own/consent.html", context, status=422 if problem else 200)


@transaction.atomic
def _agreed(request: Request, notice: DataNotice) -> None:
    user = own_account(request)
    consents.agree(user, notice, request.at)
    history.record(user, "consent", f"同意{notice}", request.me, request.at)
    settle(request, PAGE)


def _refused(request: Request) -> HttpResponse:
    user = own_account(request)
    history.record(user, "consent", "不同意个人信息处理说明，退出登录", request.me, request.at)
    record(request, Outcome.OUT, user)
    logout(request)
    messages.info(
        request,
        "您没有同意个人信息处理说明，已退出登录。不使用本系统的，申报和办理请以书面方式向所在旗县区教育行政部门或市教育局提出；也可以随时再次登录。",
    )
    return redirect("login")
