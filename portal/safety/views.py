"""The settings of login safety and what was done to them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import consent
from accounts.models import ConsentKind, DataNotice, Safety
from office.history import record
from office.models import Entry
from office.requests import Request
from portal.registry.views.base import opened_to, saving

from .forms import NoticeForm, SafetyForm, words
from .scopes import administers, publishes

SHOWN = 20


@opened_to(publishes)
@saving
def data_notice(request: Request) -> HttpResponse:
    """GET: the versions of 个人信息处理说明 and a form for the next. POST: publish it; everybody is asked again."""
    present = consent.current()
    form = NoticeForm(request.POST or None, present=present)
    if request.method == "POST" and form.is_valid():
        made = consent.publish(form.cleaned_data["text"], request.at)
        record(made, "publish", f"发布第{made.version}版", request.me, request.at)
        messages.success(request, f"已发布第{made.version}版。各账号下次登录时重新征求同意。")
        return redirect("data-notice")
    versions = DataNotice.objects.annotate(
        agreed=Count("consents", filter=Q(consents__kind=ConsentKind.LOGIN))
    ).defer("text")
    context = {"form": form, "present": present, "versions": versions}
    return render(request, "safety/data_notice.html", context, status=422 if form.errors else 200)


@opened_to(administers)
@saving
def safety(request: Request) -> HttpResponse:
    """GET: the settings and their history. POST: change them."""
    settings = Safety.present()
    before, decided = words(settings), settings.chosen is not None
    form = SafetyForm(request.POST or None, instance=settings)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        after = words(saved)
        facts = {label: [before[label], after[label]] for label in after if before[label] != after[label]}
        if facts or not decided:
            record(saved, "settings", "修改登录安全设置", request.me, request.at, facts)
        messages.success(request, "已保存。须使用双重验证而未启用的人员，下次登录时先启用。")
        return redirect("safety")
    changes = Entry.objects.of(Safety(pk=1)).select_related("user", "appointment__organisation")
    context = {"form": form, "decided": decided, "changes": changes.order_by("-pk")[:SHOWN]}
    return render(request, "safety/safety.html", context, status=422 if form.errors else 200)
