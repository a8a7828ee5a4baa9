"""The pages of one's own second factor: set it up, replace it, new recovery codes, give it up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import second_factor
from accounts.entering import OWED, allowed, failed, onward, prove, settle
from accounts.forms import CodeForm
from accounts.models import Authenticator, Outcome, User
from accounts.views import locked
from office import history
from office.requests import Request
from portal.registry.views.base import opened_to

from .views import has_account, own_account

STEP = "second_factor"
SETUP = "second-factor-new"


@never_cache
@require_safe
@opened_to(has_account)
def state(request: Request) -> HttpResponse:
    """Whether a second factor is in use, and what may be done with it."""
    return _state(request, own_account(request))


def _state(request: Request, user: User, problem: str = "", act: str = "") -> HttpResponse:
    context = {
        "device": second_factor.device_of(user.pk),
        "left": second_factor.codes_left(user),
        "needed": second_factor.needed(user, request.at),
        "problem": problem,
        "act": act,
    }
    return render(request, "own/second_factor.html", context, status=422 if problem else 200)


@never_cache
@sensitive_post_parameters()
@opened_to(has_account)
def new(request: Request) -> HttpResponse:
    """GET: the QR code of the authenticator that waits for its first code. POST ``act=begin``: a new one; else ``code``.

    Whoever has one in use gives the password and its code before another begins.
    """
    user = own_account(request)
    if request.method == "POST" and request.POST.get("act") == "begin":
        if second_factor.device_of(user.pk) and (problem := prove(request, user)):
            return _state(request, user, problem, "replace")
        second_factor.begin(user, request.at)
        return redirect(SETUP)
    waiting = Authenticator.objects.filter(user=user, confirmed=False).select_related("user").first()
    form = CodeForm(request.POST if request.method == "POST" and waiting else None)
    if form.is_bound and form.is_valid():
        if not allowed(request, user):
            return locked(request, {"username": user.username})
        if codes := second_factor.confirm(user, form.cleaned_data["code"], request.at):
            return _taken(request, user, codes)
        failed(request, user, Outcome.CODE)
        form.add_error("code", "验证码不正确。请核对手机时间是否准确，等身份验证器换出下一个验证码再输入。")
    context = {
        "form": form,
        "waiting": waiting,
        "picture": second_factor.picture(waiting) if waiting else "",
        "address": second_factor.address(waiting) if waiting else "",
        "secret": second_factor.secret_words(waiting) if waiting else "",
        "owed": SETUP in request.session.get(OWED, []),
    }
    return render(request, "own/second_factor_new.html", context, status=422 if form.errors else 200)


def _taken(request: Request, user: User, codes: list[str]) -> HttpResponse:
    further = onward(request) if SETUP in request.session.get(OWED, []) else reverse("second-factor")
    settle(request, SETUP)
    history.record(user, STEP, "启用双重验证", request.me, request.at)
    return _codes(request, codes, "双重验证已启用", further)


def _codes(request: Request, codes: list[str], heading: str, further: str) -> HttpResponse:
    """The recovery codes, shown this once; ``further``: the address that comes after them."""
    lines = ["名校长工作室 恢复码", f"用户名：{request.me.user.username}", "", *codes]  # type: ignore[union-attr]
    context = {"codes": codes, "heading": heading, "file": "\r\n".join(lines), "further": further}
    return render(request, "own/recovery_codes.html", context)


@never_cache
@sensitive_post_parameters()
@require_POST
@opened_to(has_account)
def codes(request: Request) -> HttpResponse:
    """New recovery codes for password and code."""
    user = own_account(request)
    if second_factor.device_of(user.pk) is None:
        return redirect("second-factor")
    if problem := prove(request, user):
        return _state(request, user, problem, "codes")
    fresh = second_factor.new_codes(user)
    history.record(user, STEP, "重新生成恢复码", request.me, request.at)
    return _codes(request, fresh, "恢复码已重新生成", reverse("second-factor"))


@never_cache
@sensitive_post_parameters()
@require_POST
@opened_to(has_account)
def off(request: Request) -> HttpResponse:
    """Give the second factor up, for password and code; not where it is required."""
    user = own_account(request)
    if second_factor.needed(user, request.at):
        return _state(request, user, "您的身份必须使用双重验证，只能更换，不能停用", "off")
    if second_factor.device_of(user.pk) is None:
        return redirect("second-factor")
    if problem := prove(request, user):
        return _state(request, user, problem, "off")
    second_factor.remove(user)
    history.record(user, STEP, "停用双重验证", request.me, request.at)
    messages.success(request, "双重验证已停用，以后登录只需密码。")
    return redirect("second-factor")
