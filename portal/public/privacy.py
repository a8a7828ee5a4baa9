"""个人信息处理说明, for everybody to read: the version in force and the earlier ones (个人信息保护法 Art. 17)."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import consent
from accounts.models import DataNotice
from office.requests import Request

_HEADING = re.compile(r"[一二三四五六七八九十]+、.{1,40}")


def parts(text: str) -> list[tuple[str, bool]]:
    """The paragraphs of a notice, each with whether it is a heading (一、…)."""
    lines = [line.strip() for line in text.splitlines()]
    return [(line, bool(_HEADING.fullmatch(line))) for line in lines if line]


@require_safe
def privacy(request: Request, version: int | None = None) -> HttpResponse:
    """The version in force, or the one named; 404 where there is none."""
    present = consent.current()
    shown = DataNotice.objects.filter(version=version).first() if version else present
    if shown is None or present is None:
        raise Http404("个人信息处理说明还没有发布。")
    earlier = DataNotice.objects.exclude(pk=shown.pk).defer("text")
    context = {"notice": shown, "parts": parts(shown.text), "present": present, "others": earlier}
    return render(request, "public/privacy.html", context)
