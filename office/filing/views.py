"""Filling in a form: one section at a time, saved by itself or by the button."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views import View

from accounts.capacity import Capacity
from accounts.statements import Given
from office.asking import ask
from office.filing.fields import Field, Section, value_of
from office.filing.forms import Filled
from office.filing.marks import lacks, marks, sentences
from office.filing.pages import PAGES, FilingPage, form_address
from office.filing.reading import said
from office.filing.saving import Closed, Overtaken, save_section, saved_columns, stamp
from office.flow import as_boolean
from office.models import Filing
from office.requests import Request
from office.views.offers import lack_line

CLOSED = "{words}已不在填报或修改中，不能再改；您刚才写的内容没有保存，请先复制出来。"
OVERTAKEN = (
    "这一部分在您打开之后已在别处改过（另一个窗口或另一台设备），您的内容没有保存，也没有丢失。请对照后选择。"
)
REFUSED = "没有保存，请按提示修改；您写的内容还在本页。"


def own_filing(page: FilingPage, key: str, request: Request) -> Any:
    """The form, for whoever may fill it in; Http404 where it is not visible, PermissionDenied for others who see it."""
    flow = page.flow
    try:
        found = ask(_to_fill, request.me, None, flow.name, key=flow.clean_key(key))
    except (ValueError, ValidationError):
        found = []
    if not found:
        raise Http404(f"没有这份{flow.label}，或者不在您的查看范围内。")
    if not found[0].mine_to_fill:
        raise PermissionDenied(page.refused)
    return found[0]


def _to_fill(me: Capacity, at: datetime, name: str) -> QuerySet[Any]:
    page = PAGES[name]
    rows = page.flow.seen(me).filter(**{page.flow.key: Given("key")}).select_related(*page.related)
    annotated: QuerySet[Any] = rows.annotate(mine_to_fill=as_boolean(page.fillers(me)))
    return annotated


class FormView(LoginRequiredMixin, View):
    """One section. POST saves it, with X-Autosave answered in JSON (see templates/patterns/form.html).

    404 no such form or section, 403 not one's own, 409 the section was changed elsewhere or the form has been sent,
    422 what can't be kept as it is.
    """

    request: Request
    page: FilingPage = None  # type: ignore[assignment]  # given by as_view
    http_method_names = ["get", "post"]

    def setup(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().setup(request, *args, **kwargs)
        self.quiet = "X-Autosave" in request.headers

    def get(self, request: Request, key: str, section: str) -> HttpResponse:
        filing, chosen = self._find(key, section)
        if filing.state not in filing.mendable:
            messages.info(request, f"{self.page.words}已不在填报或修改中，内容在本页查看。")
            return redirect(filing)
        return self._show(filing, chosen, Filled(filing, chosen), stamp(filing, chosen))

    def post(self, request: Request, key: str, section: str) -> HttpResponse:
        filing, chosen = self._find(key, section)
        read = request.POST.get("version", "")
        filled = Filled(filing, chosen, request.POST)
        if not chosen.fields:
            raise Http404("这一部分没有要保存的内容。")
        if not filled.is_valid():
            return self._refused(filing, chosen, filled, read)
        try:
            saved = save_section(filing, chosen, filled.values(), read, request.at)
        except Closed:
            return self._closed(filing)
        except Overtaken as conflict:
            return self._overtaken(filing, chosen, filled, conflict.filing)
        # What was saved, on the row whose relations the rules have already read.
        for name in saved_columns(filing):
            setattr(filing, name, getattr(saved, name))
        return self._saved(filing, chosen, filled)

    def _find(self, key: str, section: str) -> tuple[Any, Section]:
        filing = own_filing(self.page, key, self.request)
        try:
            return filing, filing.layout.section(section)
        except KeyError as error:
            raise Http404(f"{self.page.words}没有这一部分。") from error

    def _saved(self, filing: Any, section: Section, filled: Filled) -> HttpResponse:
        if self.quiet:
            found = lacks(self.page, filing, self.request.at)
            index = [
                {"url": mark.url, "complete": mark.complete, "missing": mark.missing}
                for mark in marks(filing, section.key, found)
            ]
            answer = {
                "saved_at": f"{localtime(filing.saved_at):%H:%M}",
                "version": stamp(filing, section),
                "values": filled.keys(),
                "missing": sentences(found),
                "sections": index,
            }
            return JsonResponse(answer)
        messages.success(self.request, f"已保存“{section.label}”。")
        onward = filing.layout.neighbour(section, 1) if self.request.POST.get("then") == "next" else None
        return redirect(form_address(filing, (onward or section).key))

    def _refused(self, filing: Any, section: Section, filled: Filled, read: str) -> HttpResponse:
        message = REFUSED
        if unknown := filled.unknown():
            message = f"没有保存：收到了{self.page.words}中没有的内容（{unknown[0][:40]}）。"
            messages.error(self.request, message)
        if self.quiet:
            return JsonResponse({"message": message, "errors": filled.errors()}, status=422)
        return self._show(filing, section, filled, read, status=422)

    def _closed(self, filing: Any) -> HttpResponse:
        message = CLOSED.format(words=self.page.words)
        if self.quiet:
            return JsonResponse({"message": message, "theirs": []}, status=409)
        messages.error(self.request, message)
        return redirect(filing)

    def _overtaken(self, filing: Any, section: Section, filled: Filled, present: Filing) -> HttpResponse:
        theirs = differences(section, filled.values(), present)
        if self.quiet:
            answer = {"message": OVERTAKEN, "version": stamp(present, section), "theirs": theirs}
            return JsonResponse(answer, status=409)
        return self._show(filing, section, filled, stamp(present, section), status=409, theirs=theirs)

    def _show(
        self,
        filing: Any,
        section: Section,
        filled: Filled,
        version: str,
        status: int = 200,
        theirs: list[dict[str, str]] | None = None,
    ) -> HttpResponse:
        page, at = self.page, self.request.at
        found = lacks(page, filing, at)
        step = page.sending(filing)
        context = {
            "filing": filing,
            "form_title": page.title(filing),
            "form_crumbs": page.crumbs(filing),
            "subtitle": page.subtitle(filing),
            "state_label": filing.get_state_display(),
            "state_tone": page.flow.tones.get(filing.state, "grey"),
            "deadline": filing.due,
            "at": at,
            "asked": page.asked(filing),
            "sections": marks(filing, section.key, found),
            "section_key": section.key,
            "section_title": section.label,
            "section_hint": section.hint,
            "form": filled.form,
            "field_groups": field_groups(filled, section),
            "formsets": filled.groups,
            "version": version,
            "saved_at": filing.saved_at,
            "autosave_url": form_address(filing, section.key) if section.fields else None,
            "owner": self.request.me.user_id,
            "missing": [lack_line(lack) for lack in found],
            "next_url": _address(filing, filing.layout.neighbour(section, 1)),
            "previous_url": _address(filing, filing.layout.neighbour(section, -1)),
            "submit_url": f"{filing.get_absolute_url()}#step-{step.name}" if step else "",
            "submit_label": f"去{step.label.removeprefix('重新')}" if step else "",
            "theirs": theirs,
            **page.extras(filing, section, self.request),
        }
        return render(self.request, page.template(section), context, status=status)


def field_groups(filled: Filled, section: Section) -> list[dict[str, Any]]:
    """The fields under their headings, in the order of the section."""
    groups: dict[str, list[Any]] = {}
    for field in section.fields:
        if filled.form and field.key in filled.form.fields:
            groups.setdefault(field.group, []).append(filled.form[field.key])
    return [{"title": title, "fields": fields} for title, fields in groups.items()]


def _address(filing: Any, section: Section | None) -> str:
    return form_address(filing, section.key) if section else ""


def differences(section: Section, mine: dict[str, Any], present: Filing) -> list[dict[str, str]]:
    """Field by field, what was sent and what stands there, where they differ."""

    def row(field: Field) -> dict[str, str]:
        return {
            "label": field.label,
            "mine": said(field, mine[field.key]),
            "theirs": said(field, value_of(present, section, field)),
        }

    return [row(field) for field in section.fields if mine[field.key] != value_of(present, section, field)]
