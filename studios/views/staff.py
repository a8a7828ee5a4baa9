"""Advisors, assistants and trainees: added, changed, ended, let draft (Art. 7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from office.requests import Request
from studios import staffing
from studios.flows import STUDIO
from studios.models import Staff, StaffKind, Studio


def _studio(request: Request, number: str, *, led: bool = False) -> Studio:
    """The studio for whoever keeps its people; Http404 where it is not seen, PermissionDenied for others."""
    studio: Studio | None = STUDIO.seen(request.me).select_related("lead").filter(number=number).first()
    if studio is None:
        raise Http404("没有这个工作室，或者不在您的查看范围内。")
    if not (staffing.leads if led else staffing.writes)(studio, request.me):
        raise PermissionDenied("由工作室领衔人或受托的助理办理。")
    return studio


def _to_tab(studio: Studio) -> HttpResponse:
    return redirect(f"{studio.get_absolute_url()}?tab=staff")


def _page(request: Request, studio: Studio, form: Any, title: str) -> HttpResponse:
    context = {
        "form": form,
        "form_title": title,
        "subtitle": studio.name,
        "form_crumbs": [{"label": studio.name, "url": f"{studio.get_absolute_url()}?tab=staff"}],
        "formsets": [],
    }
    return render(request, "patterns/form.html", context, status=422 if form.is_bound else 200)


class StaffView(LoginRequiredMixin, View):
    """Add a person of ``kind`` (``pk`` None) or change one."""

    request: Request
    http_method_names = ["get", "post"]

    def _asked(self, number: str, kind: str, pk: int | None) -> tuple[Studio, Staff]:
        studio = _studio(self.request, number)
        if pk is not None:
            return studio, get_object_or_404(Staff.objects.select_related("user"), pk=pk, studio=studio)
        if kind not in StaffKind.values:
            raise Http404("没有这一类人员。")
        return studio, Staff(studio=studio, kind=kind)

    def get(self, request: Request, number: str, kind: str = "", pk: int | None = None) -> HttpResponse:
        studio, person = self._asked(number, kind, pk)
        return _page(request, studio, staffing.StaffForm(instance=person), _title(person))

    def post(self, request: Request, number: str, kind: str = "", pk: int | None = None) -> HttpResponse:
        studio, person = self._asked(number, kind, pk)
        title = _title(person)
        form = staffing.StaffForm(request.POST, instance=person)
        if not form.is_valid():
            return _page(request, studio, form, title)
        staffing.keep(form.save(commit=False), request.me, request.at)
        messages.success(request, f"已保存{person.get_kind_display()}{person.name}。")
        return _to_tab(studio)


def _title(person: Staff) -> str:
    return f"{'更改' if person.pk else '增加'}{person.get_kind_display()}"


class StaffEnd(LoginRequiredMixin, View):
    """End a person's time, a placement with its closing note."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str, pk: int) -> HttpResponse:
        studio = _studio(request, number)
        person = get_object_or_404(Staff, pk=pk, studio=studio)
        form = staffing.EndForm(instance=person, today=timezone.localdate(request.at))
        return _page(request, studio, form, f"结束：{person}")

    def post(self, request: Request, number: str, pk: int) -> HttpResponse:
        studio = _studio(request, number)
        person = get_object_or_404(Staff.objects.select_related("user", "studio"), pk=pk, studio=studio)
        form = staffing.EndForm(request.POST, instance=person, today=timezone.localdate(request.at))
        if not form.is_valid():
            return _page(request, studio, form, f"结束：{person}")
        given = form.cleaned_data
        staffing.end(person, given["ends"], given.get("closing_note", ""), request.me, request.at)
        messages.success(request, f"{person}已登记结束。")
        return _to_tab(studio)


class StaffDraft(LoginRequiredMixin, View):
    """POST ``give`` 1 or 0: let an assistant draft for the studio, or no longer; the lead alone."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str, pk: int) -> HttpResponse:
        studio = _studio(request, number, led=True)
        person = get_object_or_404(Staff.objects.select_related("user", "studio"), pk=pk, studio=studio)
        given = request.POST.get("give") == "1"
        staffing.let_draft(person, given, request.me, request.at)
        messages.success(request, f"{person.name}{'可以' if given else '不再'}代为起草。")
        return _to_tab(studio)
