"""Files on their way in and out: sent one or several at once, handed out only to whoever may open them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views import View

from accounts.capacity import Capacity
from office.attachments import receive, take_away, visible_attachment
from office.flow import FLOWS, Flow
from office.models import Attachment
from office.requests import Request, safe_address
from office.uploads import KINDS, BadFile
from office.uploads.images import FORMATS, preview

PREVIEW = 480  # pixels
GONE = "文件暂时无法读取，请稍后再试；如仍不行，请联系系统管理员。"


def handed_out(file: FieldFile, name: str, media_type: str, *, inline: bool = False) -> HttpResponseBase:
    """A private file as a response: never sniffed, never cached; saved under ``name`` unless ``inline``.

    With ``settings.ACCEL`` the proxy is told where the file lies and sends it in our place.
    """
    try:
        response = _sent_by_the_proxy(file) if settings.ACCEL else FileResponse(file.open("rb"))
    except OSError:
        return HttpResponse(GONE, status=503, content_type="text/plain; charset=utf-8")
    response["Content-Type"] = media_type
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _sent_by_the_proxy(file: FieldFile) -> HttpResponse:
    if not file.name or not file.storage.exists(file.name):
        raise FileNotFoundError(file.name)
    return HttpResponse(headers={"X-Accel-Redirect": f"/protected/{quote(file.name)}"})


def _seen_case(flow: Flow, pk: int, me: Capacity) -> Any:
    try:
        return flow.seen(me).get(pk=pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error


class Upload(LoginRequiredMixin, View):
    """POST files for a slot of a case; several at once are judged one by one.

    With X-Upload each answer is JSON: {name, url, delete_url}, or {message} with 403 or 422. Without, the
    browser goes back to ``next`` with a message per file. 404 where the case is not visible.
    """

    http_method_names = ["post"]

    def post(self, request: Request, flow: str, pk: int) -> HttpResponse:
        if flow not in FLOWS:
            raise Http404
        case = _seen_case(FLOWS[flow], pk, request.me)
        sent = [file for name in request.FILES for file in request.FILES.getlist(name)]
        if "X-Upload" in request.headers:
            return self._answer(request, FLOWS[flow], pk, sent)
        self._tell(request, FLOWS[flow], pk, sent)
        return redirect(safe_address(request, request.POST.get("next", "")) or case.get_absolute_url())

    def _answer(self, request: Request, flow: Flow, pk: int, sent: Sequence[File[Any]]) -> HttpResponse:
        if not sent:
            return JsonResponse({"message": "没有收到文件，请重新选择。"}, status=422)
        slot = request.POST.get("slot", "")
        try:
            attachment = receive(flow, pk, sent[0], slot=slot, me=request.me, at=request.at)
        except BadFile as problem:
            return JsonResponse({"message": str(problem)}, status=422)
        except PermissionDenied as refusal:
            return JsonResponse({"message": str(refusal)}, status=403)
        return JsonResponse(
            {
                "name": attachment.name,
                "url": reverse("attachment", args=[attachment.pk]),
                "delete_url": reverse("attachment-remove", args=[attachment.pk]),
            }
        )

    def _tell(self, request: Request, flow: Flow, pk: int, sent: Sequence[File[Any]]) -> None:
        if not sent:
            messages.error(request, "没有选择文件。")
        for file in sent:
            try:
                attachment = receive(
                    flow, pk, file, slot=request.POST.get("slot", ""), me=request.me, at=request.at
                )
            except BadFile as problem:
                messages.error(request, str(problem))
            else:
                messages.success(request, f"已上传“{attachment.name}”。")


class Remove(LoginRequiredMixin, View):
    """POST: take a file off its case; 404 for a stranger, 403 once its slot is closed. The file itself is kept."""

    http_method_names = ["post"]

    def post(self, request: Request, pk: int) -> HttpResponse:
        try:
            attachment = take_away(pk, request.me, request.at)
        except Attachment.DoesNotExist as error:
            raise Http404 from error
        if "X-Upload" in request.headers:
            return JsonResponse({"name": attachment.name})
        messages.success(request, f"已移除“{attachment.name}”。")
        back = request.POST.get("next") or request.headers.get("Referer", "")
        case: Any = attachment.case
        return redirect(safe_address(request, back) or case.get_absolute_url())


class Download(LoginRequiredMixin, View):
    """GET one file, to be saved; 404 for whoever may not open it."""

    http_method_names = ["get"]

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        try:
            attachment = visible_attachment(pk, request.me)
        except Attachment.DoesNotExist as error:
            raise Http404 from error
        return handed_out(attachment.file, attachment.name, KINDS[attachment.kind].media_type)


class Preview(LoginRequiredMixin, View):
    """GET a picture small, to be shown on a page; 404 for whoever may not open it, and for what is no picture."""

    http_method_names = ["get"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        try:
            attachment = visible_attachment(pk, request.me)
        except Attachment.DoesNotExist as error:
            raise Http404 from error
        if attachment.kind not in FORMATS:
            raise Http404
        try:
            with attachment.file.open("rb") as stored:
                content = preview(stored, attachment.kind, PREVIEW)
        except (OSError, BadFile):
            return HttpResponse(GONE, status=503, content_type="text/plain; charset=utf-8")
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type="image/jpeg", headers=headers)
