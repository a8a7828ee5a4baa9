"""What the registry's pages share: who may open them, forms, records with their history."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.capacity import Capacity
from office.requests import Request
from office.views.entries import history, lines

View = Callable[..., HttpResponseBase]


def opened_to(allowed: Callable[[Capacity], bool]) -> Callable[[View], View]:
    """For those ``allowed`` only; the public is asked to log in, others are refused (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.me.user is None:
                return redirect_to_login(request.get_full_path())
            if not allowed(request.me):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def saving(view: View) -> View:
    """A form sent is checked and saved in one transaction, a form shown is in none."""

    @wraps(view)
    def whole(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic() if request.method == "POST" else nullcontext():
            return view(request, *args, **kwargs)

    return whole


def found(rows: type[Model] | QuerySet[Any], scope: Q, pk: int, *, lock: bool = False) -> Any:
    """The row within ``scope``, or 404; with ``lock`` (in a transaction) savers come one after the other."""
    queryset = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    if lock:
        queryset = queryset.select_for_update(of=("self",))
    return get_object_or_404(queryset.filter(scope), pk=pk)


def form_page(
    request: Request,
    form: BaseForm,
    *,
    title: str,
    back: tuple[str, str],
    save: Callable[[], HttpResponse | str],
    version: str | None = None,
) -> HttpResponse:
    """Show ``form``, or save it (in the transaction of ``saving``) and go where ``save`` says (address or answer).

    ``back``: label and address of the page it belongs to. ``version``: of the row when the form was opened;
    whoever saves over a newer one is told, and nothing is overwritten.
    """
    if request.method == "POST" and form.is_valid():
        if version is not None and request.POST.get("version") != version:
            form.add_error(None, "此记录刚被他人修改，没有覆盖。请核对下面的内容后再保存一次。")
        else:
            target = save()
            return redirect(target) if isinstance(target, str) else target
    context = {
        "form": form,
        "form_title": title,
        "form_crumbs": [
            {"label": "机构与人员", "url": reverse("registry:index")},
            {"label": back[0], "url": back[1]},
        ],
        "version": version,
        "formsets": [],
    }
    return render(request, "registry/form.html", context, status=422 if form.errors else 200)


def detail_page(request: Request, template: str, row: Model, context: dict[str, Any]) -> HttpResponse:
    """A record with its history; never kept by a browser or a proxy, since it may show personal data."""
    entries = lines(row, history(row))
    response = render(request, template, {"row": row, "entries": entries, "at": request.at} | context)
    response["Cache-Control"] = "no-store"
    return response
