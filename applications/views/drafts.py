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
from office.flow import Flow
from office.history import record
from office.pages import Link
from office.paper.engine import PdfUnavailable
from office.requests import Request


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
