"""使用帮助: the manual of one's own capacity, and all others."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from office.requests import Request
from portal.help.manuals import MANUALS, manual_of, text


@require_safe
@login_required
def own(request: Request) -> HttpResponse:
    """To the manual of the capacity one acts in."""
    return redirect("manual", manual_of(request.me).slug)


@require_safe
@login_required
def manual(request: Request, slug: str) -> HttpResponse:
    """One manual, with its sections and the others beside it."""
    if slug not in MANUALS:
        raise Http404
    chosen = MANUALS[slug]
    context = {"manual": chosen, "text": text(chosen), "manuals": MANUALS.values()}
    return render(request, "portal/manual.html", context)
