"""What drafts of documents have in common: fill in beside a preview, while nobody has issued them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from accounts.capacity import Capacity
from applications import scopes
from applications.models import Call
from office.door import begin
from office.flow import Flow
from office.history import record
from office.pages import Link
from office.paper.engine import PdfUnavailable
from office.requests import Request


class NewDraft(LoginRequiredMixin, View):
    """GET: the form of a new draft of a call, filled as usual; POST: begin it.

    A call has one draft at a time: where there is one already, it is gone on with. 404 where the call is not one's
    own to draft for, 422 what is wrong.
    """

    request: Request
    form_class: ClassVar[type[ModelForm[Any]]]
    first_state: ClassVar[str]
    edit_name: ClassVar[str]
    begun: ClassVar[str]
    title: ClassVar[str]
    section_title: ClassVar[str]
    section_hint: ClassVar[str]

    def usual(self, call: Call) -> dict[str, Any]:
        """What the form is filled with at first."""
        raise NotImplementedError

    def too_early(self, call: Call) -> str:
        """Why nothing can be drafted yet; "" where it can."""
        raise NotImplementedError

    def _call(self, number: str) -> Call:
        mine = Call.objects.filter(scopes.call_officer(self.request.me), number=number)
        call = mine.select_related("programme__owner").first()
        if call is None:
            raise Http404(f"没有这个批次，或者不由您{self.title}。")
        return call

    def _earlier(self, call: Call) -> Any:
        drafts = self.form_class._meta.model._default_manager
        return drafts.filter(call=call, state=self.first_state).first()

    def _form(self, call: Call, data: Any = None) -> ModelForm[Any]:
        draft = self.form_class._meta.model(call=call)
        return self.form_class(data, instance=draft, initial=None if data else self.usual(call))

    def get(self, request: Request, number: str) -> HttpResponse:
        call = self._call(number)
        if draft := self._earlier(call):
            return redirect(self.edit_name, draft.pk)
        return self._page(call, self._form(call))

    @transaction.atomic
    def post(self, request: Request, number: str) -> HttpResponse:
        call = self._call(number)
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        if draft := self._earlier(call):
            return redirect(self.edit_name, draft.pk)
        form = self._form(call, request.POST)
        if not form.is_valid():
            return self._page(call, form, 422)
        if why := self.too_early(call):
            messages.error(request, why)
            return self._page(call, form, 422)
        draft = form.save(commit=False)
        begin(draft, request.me, request.at, self.begun)
        return redirect(draft.get_absolute_url())

    def _page(self, call: Call, form: ModelForm[Any], status: int = 200) -> HttpResponse:
        context = {
            "form_title": self.title,
            "form_crumbs": [
                Link("申报批次", reverse("call-list")),
                Link(call.name, call.get_absolute_url()),
            ],
            "subtitle": call.name,
            "section_title": self.section_title,
            "section_hint": self.section_hint,
            "form": form,
        }
        return render(self.request, "patterns/form.html", context, status=status)


class Draft(LoginRequiredMixin, View):
    """GET: the form beside its preview; POST: keep it. 404 not visible, 403 not mine, gone on once issued."""

    request: Request
    flow: ClassVar[Flow]
    form_class: ClassVar[type[ModelForm[Any]]]
    first_state: ClassVar[str]
    preview_name: ClassVar[str]
    hint: ClassVar[str] = ""

    def may_edit(self, me: Capacity) -> Any:
        """The rows whose draft ``me`` writes, as a Q."""
        raise NotImplementedError

    def find(self, pk: int) -> Any:
        """The draft, locked when inside a transaction by its caller."""
        case = self.flow.seen(self.request.me).select_related("call__programme__owner").filter(pk=pk).first()
        if case is None:
            raise Http404(f"没有这份{self.flow.label}，或者不在您的查看范围内。")
        if not self.flow.model._default_manager.filter(self.may_edit(self.request.me), pk=pk).exists():
            raise PermissionDenied("草稿由经办人填写。")
        return case

    def get(self, request: Request, pk: int) -> HttpResponse:
        case = self.find(pk)
        if case.state != self.first_state:
            return redirect(case.get_absolute_url())
        return self._page(case, self.form_class(instance=case))

    @transaction.atomic
    def post(self, request: Request, pk: int) -> HttpResponse:
        list(self.flow.model._default_manager.filter(pk=pk).select_for_update(no_key=True))
        case = self.find(pk)
        if case.state != self.first_state:
            messages.error(request, "没有保存：本件已经发布，不能再改草稿。")
            return redirect(case.get_absolute_url())
        before = {name: getattr(case, name) for name in self.form_class._meta.fields or ()}
        form = self.form_class(request.POST, instance=case)
        if not form.is_valid():
            return self._page(case, form, 422)
        if form.has_changed():
            form.save()
            record(case, "edit", "修改草稿", request.me, request.at, _changes(form, before))
        messages.success(request, "已保存。")
        return redirect(request.path)

    def _page(self, case: Any, form: ModelForm[Any], status: int = 200) -> HttpResponse:
        context = {
            "document_title": str(case),
            "document_crumbs": [
                Link(case.call.name, case.call.get_absolute_url()),
                Link(self.flow.label, case.get_absolute_url()),
            ],
            "state_label": self.flow.state_label(case.state),
            "state_tone": self.flow.tones.get(case.state, "grey"),
            "form": form,
            "form_hint": self.hint,
            "preview_url": reverse(self.preview_name, args=[case.pk]),
            "back_url": case.get_absolute_url(),
        }
        return render(self.request, "applications/draft.html", context, status=status)


def _changes(form: ModelForm[Any], before: dict[str, Any]) -> dict[str, Any]:
    """{label: [old, new]} of what the form changed."""
    return {
        str(form.fields[name].label): [str(before[name] or ""), str(form.cleaned_data[name] or "")]
        for name in form.changed_data
    }


def pdf_shown(make: Callable[[], bytes]) -> HttpResponse:
    """A preview in its frame, or the sentence that says why there is none."""
    try:
        content = make()
    except PdfUnavailable as reason:
        return HttpResponse(f"本机暂不能生成 PDF 预览：{reason}", content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    return response


# A browser shows a PDF with styles of its own, which our pages' policy would forbid.
IN_FRAME = {"default-src": ["'self'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]}


@method_decorator(csp_replace(IN_FRAME), "dispatch")
class Preview(LoginRequiredMixin, View):
    """GET: the document as it is saved; POST: as the form stands, kept nowhere."""

    request: Request
    flow: ClassVar[Flow]
    form_class: ClassVar[type[ModelForm[Any]]]

    def make(self, case: Any) -> bytes:
        """The PDF of the draft."""
        raise NotImplementedError

    def _case(self, pk: int) -> Any:
        rows = self.flow.seen(self.request.me).select_related(
            "call__programme__owner", "call__programme__measures"
        )
        case = rows.filter(pk=pk).first()
        if case is None:
            raise Http404(f"没有这份{self.flow.label}，或者不在您的查看范围内。")
        return case

    def get(self, request: Request, pk: int) -> HttpResponse:
        case = self._case(pk)
        return pdf_shown(lambda: self.make(case))

    def post(self, request: Request, pk: int) -> HttpResponse:
        form = self.form_class(request.POST, instance=self._case(pk))
        if not form.is_valid():
            words = "；".join(str(message) for found in form.errors.values() for message in found)
            return HttpResponse(f"请先更正：{words}", content_type="text/plain; charset=utf-8")
        return pdf_shown(lambda: self.make(form.save(commit=False)))
