"""The pages of one's own data. Whoever asks sees the own account alone: no address names another."""

from __future__ import annotations

import json
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.capacity import Capacity
from accounts.models import Deputy, Principal, User, mask_phone
from office import history
from office.requests import Request
from office.sheets import download
from portal.registry.views.base import opened_to, saving

from . import data
from . import deputies as away
from .forms import ContactForm, mask_email


def has_account(me: Capacity) -> bool:
    """Whoever has logged in."""
    return me.user is not None


def own_account(request: Request, *, lock: bool = False) -> User:
    """The account of whoever asks; locked (in a transaction) when it is to be changed."""
    rows = User.objects.select_for_update() if lock else User.objects.all()
    return rows.get(pk=request.me.user_id or 0)


@require_safe
@opened_to(has_account)
def own(request: Request) -> HttpResponse:
    """What is kept of me, in full, and who corrects what I may not."""
    user = own_account(request)
    row = data.own_record(user)
    context = {
        "account": _details(data.account(user)),
        "record": _details(data.record(row)) if row else None,
        "appointments": data.appointments(user),
        "sign_ins": data.sign_ins(user, data.RECENT),
        "consents": data.consents(user),
        "traces": _details(data.traces(user)),
        "corrector": data.corrector(request.me, row),
    }
    response = render(request, "own/own.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _details(pairs: data.Pairs) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]


@opened_to(has_account)
@saving
def edit(request: Request) -> HttpResponse:
    """Correct e-mail and phone; the history says so, both masked."""
    user = own_account(request, lock=request.method == "POST")
    row = data.own_record(user)
    form = ContactForm(request.POST or None, user=user, record=row)
    if request.method == "POST" and form.is_valid():
        _save(request, user, row, form)
        messages.success(request, "联系方式已更正。" if form.has_changed() else "没有改动。")
        return redirect("own")
    context = {
        "form": form,
        "form_title": "更正联系方式",
        "form_crumbs": [{"label": "我的资料", "url": reverse("own")}],
        "formsets": [],
    }
    response = render(request, "patterns/form.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _save(request: Request, user: User, row: Principal | None, form: ContactForm) -> None:
    email, phone = form.cleaned_data["email"], form.cleaned_data.get("phone", "")
    if email != user.email:
        facts = {"电子邮箱": [mask_email(user.email), mask_email(email)]}
        user.email = email
        user.save(update_fields=["email"])
        history.record(user, "own", "本人更正电子邮箱", request.me, request.at, facts)
    if row and phone != row.phone:
        facts = {"手机号": [mask_phone(row.phone), mask_phone(phone)]}
        row.phone = phone
        row.set_keys()
        row.save(update_fields=["phone", "phone_mac"])
        history.record(row, "own", "本人更正手机号", request.me, request.at, facts)


@opened_to(has_account)
@saving
def deputies(request: Request) -> HttpResponse:
    """外出代理: the periods that concern me; POST names a deputy for one of the appointments that are mine to give."""
    me, today = request.me, timezone.localdate(request.at)
    form = away.DeputyForm(request.POST or None, me=me, today=today)
    if request.method == "POST" and form.is_valid():
        row = away.name_deputy(form, me, request.at)
        messages.success(request, f"已委托{row.deputy}代办。")
        return redirect("own-deputies")
    rows = list(away.named(me, today)[: away.SHOWN])
    context = {"form": form, "rows": rows, "today": today, "may_give": away.may_be_given(me, today).exists()}
    return render(request, "own/deputies.html", context, status=422 if form.errors else 200)


@require_POST
@opened_to(has_account)
def deputy_end(request: Request, pk: int) -> HttpResponse:
    """End a period at once: whoever is away, the deputy, or the leader of the organisation."""
    try:
        row = away.end_deputy(pk, request.me, request.at)
    except Deputy.DoesNotExist as error:
        raise Http404("没有这项外出代理，或者已经结束。") from error
    messages.success(request, f"{row.deputy}的代办已结束。")
    return redirect("own-deputies")


@require_POST
@opened_to(has_account)
def export(request: Request) -> FileResponse:
    """All of it as ``format`` json or xlsx."""
    user = own_account(request)
    content = data.everything(user, request.at)
    name = f"我的资料{timezone.localdate(request.at):%Y%m%d}"
    history.record(user, "own", "导出本人资料", request.me, request.at)
    if request.POST.get("format") == "json":
        text = json.dumps(content, ensure_ascii=False, indent=2).encode()
        kind = "application/json; charset=utf-8"
        response = FileResponse(BytesIO(text), as_attachment=True, filename=f"{name}.json", content_type=kind)
    else:
        response = download(name, "我的资料", ["类别", "项目", "内容"], data.lines(content))
    response["Cache-Control"] = "no-store"
    return response
