"""The settings of login safety and what was done to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.capacity import Capacity
from accounts.models import Role, Safety
from office.history import record
from office.models import Entry
from office.requests import Request
from portal.registry.views.base import opened_to, saving

from .forms import SafetyForm, words

SHOWN = 20


def administers(me: Capacity) -> bool:
    """The system administrator."""
    return me.holds(Role.ADMIN)


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
