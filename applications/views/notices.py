"""The notice that opens a call, as it would be issued."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from applications import papers
from applications.views.drafts import IN_FRAME, pdf_shown
from applications.views.panels import owned_call
from office.requests import Request


@method_decorator(csp_replace(IN_FRAME), "dispatch")
class NoticePreview(LoginRequiredMixin, View):
    """The notice of a draft, without its number; for the owner's officer and leader."""

    def get(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number)
        return pdf_shown(lambda: papers.preview_call_notice(call, timezone.localdate(request.at)))
