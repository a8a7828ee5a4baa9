"""The notice that opens a call and those that put its dates off, as they would be issued."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from applications import papers, supplementing
from applications.supplement_form import SupplementForm
from applications.views.drafts import IN_FRAME, pdf_shown
from applications.views.panels import owned_call
from office.requests import Request


@method_decorator(csp_replace(IN_FRAME), "dispatch")
class NoticePreview(LoginRequiredMixin, View):
    """The notice of a draft, without its number; for the owner's officer and leader."""

    def get(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number)
        return pdf_shown(lambda: papers.preview_call_notice(call, timezone.localdate(request.at)))


class SupplementPage(LoginRequiredMixin, View):
    """The notice of an extension beside its form, which the step 印发延期通知 takes; for the owner's officer."""

    def get(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number, to_write=True)
        waiting = supplementing.untold(call)
        if not waiting:
            messages.info(request, "没有尚未印发通知的延期。")
            return redirect(call)
        context = {
            "document_title": "印发延期通知",
            "document_crumbs": [
                {"label": "申报批次", "url": reverse("call-list")},
                {"label": call.name, "url": call.get_absolute_url()},
            ],
            "form": SupplementForm(call, auto_id="id_%s"),
            "form_hint": "右侧是公文的样子，签发时编发文字号；原申报通知从此注明已由本通知补充。",
            "preview_url": reverse("call-supplement-preview", args=[number]),
            "form_action": reverse("step-call", args=[number, "supplement"]),
            "form_button": "印发",
        }
        return render(request, "patterns/document.html", context)


@method_decorator(csp_replace(IN_FRAME), "dispatch")
class SupplementPreview(LoginRequiredMixin, View):
    """GET: the notice of the first extension that none has told of; POST: of the one chosen, with its date."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number, to_write=True)
        waiting = supplementing.untold(call)
        if not waiting:
            raise Http404("没有尚未印发通知的延期。")
        waiting[0].call = call
        return pdf_shown(lambda: supplementing.preview(waiting[0], timezone.localdate(request.at)))

    def post(self, request: Request, number: str) -> HttpResponse:
        form = SupplementForm(owned_call(request, number, to_write=True), request.POST)
        if not form.is_valid():
            words = "；".join(str(message) for found in form.errors.values() for message in found)
            return HttpResponse(f"请先更正：{words}", content_type="text/plain; charset=utf-8")
        planned = form.cleaned_data["supplement"]
        planned.extension.call = form.case
        return pdf_shown(lambda: supplementing.preview(planned.extension, planned.issued_on))
