"""The application form: one section at a time, saved by itself or by the button (Art. 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views import View

from accounts.models import Role
from applications import scopes
from applications.completeness import lacks, marks, sending, sentences
from applications.content import SECTIONS, Field, Section, value_of
from applications.files import PHOTO, material_context
from applications.filling import EDITABLE, Closed, Overtaken, save_section, stamp, start
from applications.flows import APPLICATION, CALL
from applications.forms import Filled
from applications.members import listed, search
from applications.models import Application, MemberState
from applications.reading import asked, lead_facts, said
from applications.rules import form_address
from office.door import Refused
from office.materials import materials
from office.requests import Request
from office.views.offers import lack_line

RELATED = ("call__programme", "lead", "school__parent", "authority")
CLOSED = "申报已不在填报或修改中，不能再改；您刚才写的内容没有保存，请先复制出来。"
OVERTAKEN = (
    "这一部分在您打开之后已在别处改过（另一个窗口或另一台设备），您的内容没有保存，也没有丢失。请对照后选择。"
)
REFUSED = "没有保存，请按提示修改；您写的内容还在本页。"


class ApplyView(LoginRequiredMixin, View):
    """POST: open the principal's draft in a call, a new one or the one there is."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str) -> HttpResponse:
        call = CALL.seen(request.me).select_related("programme__owner").filter(number=number).first()
        if call is None:
            raise Http404("没有这个申报批次。")
        if not request.me.holds(Role.PRINCIPAL):
            raise PermissionDenied("只有校长可以申报。")
        try:
            application = start(call, request.me, request.at)
        except Refused as refusal:
            messages.error(request, f"没有开始申报：{refusal}。")
            return redirect(call.get_absolute_url())
        first = "basics" if application.state in EDITABLE else ""
        return redirect(form_address(application, first) if first else application.get_absolute_url())


def own_application(request: Request, number: str) -> Application:
    """The application, for its applicant; Http404 where it is not visible, PermissionDenied for others who see it."""
    found = APPLICATION.seen(request.me).select_related(*RELATED).filter(number=number).first()
    if found is None:
        raise Http404("没有这份申报，或者不在您的查看范围内。")
    if not Application.objects.filter(scopes.applicant(request.me), pk=found.pk).exists():
        raise PermissionDenied("申报表由申报人本人填写。")
    return found


class FormView(LoginRequiredMixin, View):
    """One section. POST saves it, with X-Autosave answered in JSON (see templates/patterns/form.html).

    404 no such application or section, 403 not the applicant, 409 the section was changed elsewhere or the
    application has been sent, 422 what can't be kept as it is.
    """

    request: Request
    http_method_names = ["get", "post"]

    def setup(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().setup(request, *args, **kwargs)
        self.quiet = "X-Autosave" in request.headers

    def get(self, request: Request, number: str, section: str) -> HttpResponse:
        application, chosen = self._find(number, section)
        if application.state not in EDITABLE:
            messages.info(request, "申报已不在填报或修改中，内容在本页查看。")
            return redirect(application)
        return self._page(application, chosen, Filled(application, chosen), stamp(application, chosen))

    def post(self, request: Request, number: str, section: str) -> HttpResponse:
        application, chosen = self._find(number, section)
        read = request.POST.get("version", "")
        filled = Filled(application, chosen, request.POST)
        if not chosen.fields:
            raise Http404("这一部分没有要保存的内容。")
        if not filled.is_valid():
            return self._refused(application, chosen, filled, read)
        try:
            saved = save_section(application.pk, chosen, filled.values(), read, request.at)
        except Closed:
            return self._closed(application)
        except Overtaken as conflict:
            return self._overtaken(application, chosen, filled, conflict.application)
        _adopt(application, saved)
        return self._saved(application, chosen)

    def _find(self, number: str, section: str) -> tuple[Application, Section]:
        application = own_application(self.request, number)
        if section not in SECTIONS:
            raise Http404("申报表没有这一部分。")
        return application, SECTIONS[section]

    def _saved(self, application: Application, section: Section) -> HttpResponse:
        if self.quiet:
            found = lacks(application, self.request.at)
            index = [
                {"url": mark.url, "complete": mark.complete, "missing": mark.missing}
                for mark in marks(application, section.key, found)
            ]
            answer = {
                "saved_at": f"{localtime(application.saved_at):%H:%M}",
                "version": stamp(application, section),
                "missing": sentences(found),
                "sections": index,
            }
            return JsonResponse(answer)
        messages.success(self.request, f"已保存“{section.label}”。")
        after = _next(section) if self.request.POST.get("then") == "next" else section
        return redirect(form_address(application, (after or section).key))

    def _refused(self, application: Application, section: Section, filled: Filled, read: str) -> HttpResponse:
        if unknown := filled.unknown():
            messages.error(self.request, f"没有保存：收到了申报表中没有的内容（{unknown[0][:40]}）。")
        if self.quiet:
            message = f"没有保存：收到了申报表中没有的内容（{unknown[0][:40]}）。" if unknown else REFUSED
            return JsonResponse({"message": message, "errors": filled.errors()}, status=422)
        return self._page(application, section, filled, read, status=422)

    def _closed(self, application: Application) -> HttpResponse:
        if self.quiet:
            return JsonResponse({"message": CLOSED, "theirs": []}, status=409)
        messages.error(self.request, CLOSED)
        return redirect(application)

    def _overtaken(
        self, application: Application, section: Section, filled: Filled, present: Application
    ) -> HttpResponse:
        theirs = differences(section, filled.values(), present)
        if self.quiet:
            answer = {"message": OVERTAKEN, "version": stamp(present, section), "theirs": theirs}
            return JsonResponse(answer, status=409)
        return self._page(application, section, filled, stamp(present, section), status=409, theirs=theirs)

    def _page(
        self,
        application: Application,
        section: Section,
        filled: Filled,
        version: str,
        status: int = 200,
        theirs: list[dict[str, str]] | None = None,
    ) -> HttpResponse:
        me, at = self.request.me, self.request.at
        found = lacks(application, at)
        context = {
            "application": application,
            "form_title": application.studio_name,
            "form_crumbs": [
                {"label": "我的申报", "url": reverse("application-list")},
                {"label": application.call.name, "url": application.get_absolute_url()},
            ],
            "subtitle": f"编号 {application.number} · 每个部分会自动保存，可随时离开",
            "state_label": application.get_state_display(),
            "state_tone": APPLICATION.tones[application.state],
            "deadline": application.due,
            "at": at,
            "asked": asked(application),
            "sections": marks(application, section.key, found),
            "section_key": section.key,
            "section_title": section.label,
            "section_hint": section.hint,
            "form": filled.form,
            "field_groups": _field_groups(filled, section),
            "formsets": filled.groups,
            "version": version,
            "saved_at": application.saved_at,
            "autosave_url": form_address(application, section.key) if section.fields else None,
            "owner": me.user_id,
            "missing": [lack_line(lack) for lack in found],
            "next_url": _address(application, _next(section)),
            "previous_url": _address(application, _previous(section)),
            "submit_url": f"{application.get_absolute_url()}#step-{sending(application)}",
            "submit_label": "去提交",
            "theirs": theirs,
            **_extras(application, section, self.request),
        }
        return render(self.request, f"applications/form_{_template(section)}.html", context, status=status)


def _adopt(application: Application, saved: Application) -> None:
    """What was saved, on the row that the rules read, whose call, lead and school are already there."""
    for name in ("content", "studio_name", "stage", "exception", "version", "saved_at"):
        setattr(application, name, getattr(saved, name))


def _template(section: Section) -> str:
    return section.key if section.key in ("members", "materials") else "section"


def _extras(application: Application, section: Section, request: Request) -> dict[str, Any]:
    """What some sections show beside their fields."""
    me, back = request.me, form_address(application, section.key)
    if section.key == "lead":
        photo = next((each for each in materials(application, me, back) if each.key == PHOTO), None)
        return {
            "facts": lead_facts(application, me),
            "files": photo.files if photo else [],
            "upload": photo.upload if photo else None,
        }
    if section.key == "members":
        return _member_context(application, request.GET.get("find", ""), request.at)
    if section.key == "materials":
        context = material_context(application, me, back)
        return context | {"materials": [each for each in context["materials"] if each.upload]}
    return {}


def _member_context(application: Application, words: str, at: datetime) -> dict[str, Any]:
    """The members proposed so far, and whom a search finds."""
    rows = listed(application, at)
    return {
        "members": rows,
        "live": sum(row.live for row in rows),
        "accepted": sum(row.member.state == MemberState.ACCEPTED for row in rows),
        "programme": application.call.programme,
        "find": words,
        "candidates": search(application, words),
        "may_withdraw": True,
        "linked": True,
        "back": form_address(application, "members"),
    }


def _field_groups(filled: Filled, section: Section) -> list[dict[str, Any]]:
    """The fields under their headings, in the order of the section."""
    groups: dict[str, list[Any]] = {}
    for field in section.fields:
        if filled.form and field.key in filled.form.fields:
            groups.setdefault(field.group, []).append(filled.form[field.key])
    return [{"title": title, "fields": fields} for title, fields in groups.items()]


def _neighbour(section: Section, step: int) -> Section | None:
    keys = list(SECTIONS)
    place = keys.index(section.key) + step
    return SECTIONS[keys[place]] if 0 <= place < len(keys) else None


def _next(section: Section) -> Section | None:
    return _neighbour(section, 1)


def _previous(section: Section) -> Section | None:
    return _neighbour(section, -1)


def _address(application: Application, section: Section | None) -> str:
    return form_address(application, section.key) if section else ""


def differences(
    section: Section, mine: QueryDict | dict[str, Any], present: Application
) -> list[dict[str, str]]:
    """Field by field, what was sent and what stands there, where they differ."""

    def row(field: Field) -> dict[str, str]:
        return {
            "label": field.label,
            "mine": said(field, mine[field.key]),
            "theirs": said(field, value_of(present, section, field)),
        }

    return [row(field) for field in section.fields if mine[field.key] != value_of(present, section, field)]
