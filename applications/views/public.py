"""What the public sees and does: publicity lists, objections, their answers. Without login or script."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.decorators.http import require_safe

from accounts.capacity import PUBLIC
from applications import objecting, papers
from applications.forms_publicity import ObjectionForm
from applications.models import Application, Objection, ObjectionState, Publicity
from config.clients import client_ip
from office.anonymous import briefly
from office.attachments import BadFile
from office.door import Refused
from office.models import Entry
from office.requests import Request

SENT_AT_MOST = 5  # objections an address may send within HOUR
HOUR = 60 * 60
TOO_MANY = "您所在网络地址一小时内提交的次数较多，请稍后再试，或按公示页所列方式书面反映。"
ANSWERS = ("not_admit", "uphold", "dismiss", "moot")
UPRIGHT = Q(applications__state__in=papers.SHOWN_IN_PUBLICITY)


def _stamp(request: Request, pk: int) -> str:
    """What a publicity page depends on: the list itself, each application's state, whether it still runs."""
    row = (
        Publicity.objects.filter(objecting.public_at(request.at), pk=pk)
        .values("state", "since", "ends_at", "note")
        .annotate(moved=Max("applications__since"), upright=Count("applications", filter=UPRIGHT))
        .order_by("pk")
        .first()
    )
    return f"{row} {objecting.runs(row['ends_at'], request.at)}" if row else "down"


@require_safe
@briefly(_stamp)
def publicity(request: Request, pk: int) -> HttpResponse:
    """The list by stage, how to object, where, until when; 404 with a sentence once it has come down."""
    rows = Publicity.objects.select_related("call__programme__owner", "call__programme__measures")
    shown = rows.filter(objecting.public_at(request.at), pk=pk).first()
    if shown is None:
        return _down(request)
    context = {
        "publicity": shown,
        "title": papers.publicity_title(shown.call),
        "rows": papers.publicity_rows(shown),
        "running": objecting.runs(shown.ends_at, request.at),
    }
    return render(request, "public/publicity.html", context)


def _down(request: Request) -> HttpResponse:
    return render(request, "public/down.html", status=404)


class Object(View):
    """GET: the form for an objection to one application; POST: it is received until the last second."""

    request: Request

    def _application(self, pk: int, number: str) -> Application | None:
        """The application, while its list is shown and it is upright in it."""
        listed = Application.objects.filter(
            publicity=pk, number=number, state__in=papers.SHOWN_IN_PUBLICITY
        ).select_related("publicity__call__programme__owner", "lead", "school", "authority")
        return listed.filter(
            publicity__in=Publicity.objects.filter(objecting.public_at(self.request.at))
        ).first()

    def get(self, request: Request, pk: int, number: str) -> HttpResponse:
        application = self._application(pk, number)
        return self._page(application, ObjectionForm()) if application else _down(request)

    def post(self, request: Request, pk: int, number: str) -> HttpResponse:
        application = self._application(pk, number)
        if application is None:
            return _down(request)
        form = ObjectionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(application, form, 422)
        if _too_many(request):
            form.add_error(None, TOO_MANY)
            return self._page(application, form, 429)
        try:
            objection = objecting.receive(
                pk, number, form.grievance, form.cleaned_data["evidence"], me=PUBLIC, at=request.at
            )
        except (Refused, BadFile) as refusal:
            form.add_error(None, f"{refusal}。")
            return self._page(application, form, 422)
        return redirect(f"{reverse('public-objection', args=[objection.number])}?received")

    def _page(self, application: Application, form: ObjectionForm, status: int = 200) -> HttpResponse:
        shown = application.publicity
        context = {
            "application": application,
            "publicity": shown,
            "running": objecting.runs(shown.ends_at if shown else None, self.request.at),
            "county": papers.county_of(application.authority),
            "form": form,
        }
        return render(self.request, "public/object.html", context, status=status)


def _too_many(request: Request) -> bool:
    """Whether the address has sent its share of this hour; without a cache nobody is turned away."""
    key = f"objections:{sha256(client_ip(request).encode()).hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        return bool(cache.incr(key) > SENT_AT_MOST)
    except ValueError:
        return False


@require_safe
def follow(request: Request) -> HttpResponse:
    """The form for a receipt number; ``?number=`` leads to its page."""
    number = "".join(request.GET.get("number", "").split()).upper()
    if number:
        return redirect("public-objection", number[:30])
    return render(request, "public/follow.html")


@require_safe
def objection(request: Request, number: str) -> HttpResponse:
    """Where an objection stands and how it was answered; nobody is named on this page."""
    rows = Objection.objects.defer("name", "contact", "text").select_related("application", "publicity__call")
    found = rows.filter(number=number).first()
    context: dict[str, Any] = {"number": number, "found": found, "received": "received" in request.GET}
    if found:
        answers = Entry.objects.of(found).filter(step__in=ANSWERS)
        context |= {
            "answer": answers.last(),
            "pending": found.state in ObjectionState.pending,
        }
    response = render(request, "public/follow.html", context, status=200 if found else 404)
    response["Cache-Control"] = "no-store"
    return response
