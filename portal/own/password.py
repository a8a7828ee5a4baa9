"""Changing one's own password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts.entering import onward
from accounts.forms import ChangePasswordForm
from accounts.middleware import password_due
from accounts.sign_ins import address
from office import history
from office.requests import Request
from office.words import moment

from .telling import tell
from .views import own_account


@sensitive_post_parameters()
@login_required
def password(request: Request) -> HttpResponse:
    """Change one's password: ends every other session of the account (they carry the old one's hash)."""
    user = own_account(request)
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _save(request, form)
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        return redirect(onward(request))
    due = password_due(user, request.at)
    expired = f"密码已使用超过 {settings.PASSWORD_DAYS} 天，请先修改。"
    context = {
        "form": form,
        "due": due,
        "heading": "修改密码",
        "button": "修改密码",
        "hint": ("这是初始密码，请先修改，再开始使用。" if user.must_change_password else expired)
        if due
        else "",
    }
    return render(request, "accounts/password.html", context)


@transaction.atomic
def _save(request: Request, form: ChangePasswordForm) -> None:
    user = form.user
    user.must_change_password = False
    user.password_changed_at = request.at
    form.save()
    update_session_auth_hash(request, user)
    entry = history.record(user, "password", "修改密码", request.me, request.at)
    where = address(request) or "未知地址"
    tell(
        user,
        entry,
        f"密码已于{moment(request.at)}修改（来源地址 {where}）。不是您本人修改的，请立即联系账号管理人员。",
    )
