"""The public check page (查验): open to everybody, without login, script or cookie."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from office import checks
from office.requests import Request


class CheckForm(View):
    """The form for a code; ``?code=`` leads to its page."""

    def get(self, request: Request) -> HttpResponse:
        if code := checks.normal(request.GET.get("code", "")):
            return redirect("check", code[:40])
        return render(request, "office/check.html")


class Check(View):
    """What a code belongs to, and whether it is genuine; 404 where nothing carries it."""

    def get(self, request: Request, code: str) -> HttpResponse:
        found = checks.find(code)
        context = {
            "code": code,
            "asked": True,
            "found": found,
            "valid": bool(found and found.get("valid", True)),
        }
        return render(request, "office/check.html", context, status=200 if found else 404)
