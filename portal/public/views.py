"""Home, public documents, the directory of studios (Art. 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Max, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from applications.models import Call, CallState, Extension, Publicity, PublicityState
from office.anonymous import briefly
from office.models import OfficialDocument
from office.requests import Request
from portal.public.works import works_of
from studios.models import Membership, MembershipState, Plaque, Stage, Studio, StudioState, StudioYear

LATEST = 8
PER_PAGE = 24
ROBOTS = "User-agent: *\nAllow: /$\nAllow: /directory/\nAllow: /articles/\nAllow: /static/\nDisallow: /\n"


@require_safe
def home(request: Request) -> HttpResponse:
    """The desk for whoever is logged in, the public home page for everybody else."""
    if request.me.user:
        return redirect("desk")
    running = Publicity.objects.filter(state=PublicityState.PUBLISHED, ends_at__gte=request.at)
    return _home(request, list(running.select_related("call")))


def _stamp(request: Request, publicity: list[Publicity]) -> str:
    """A list that has ended leaves the home page with its last second."""
    return str([(row.pk, row.since) for row in publicity])


@require_safe
@briefly(_stamp)
def _home(request: Request, publicity: list[Publicity]) -> HttpResponse:
    running = Q(submit_by__gte=request.at) | Q(extensions__submit_by__gte=request.at)
    calls = Call.objects.filter(running, state=CallState.OPEN).distinct()
    longer = Extension.objects.filter(submit_by__gt=F("call__submit_by"), authority__isnull=False)
    context = {
        "publicity": publicity,
        "calls": calls.prefetch_related(
            Prefetch("extensions", longer.select_related("authority"), to_attr="longer")
        ).order_by("submit_by"),
        "documents": OfficialDocument.objects.filter(public=True)[:LATEST],
        "stages": Stage.choices,
    }
    return render(request, "public/home.html", context)


def _newest(request: Request) -> str:
    """A notice or announcement appears with the step that issues it."""
    return str(OfficialDocument.objects.filter(public=True).aggregate(last=Max("pk")))


@require_safe
@briefly(_newest)
def documents(request: Request) -> HttpResponse:
    """Notices and announcements, newest first, found by words of title or number."""
    words = request.GET.get("q", "").strip()[:60]
    rows = OfficialDocument.objects.filter(public=True).select_related("issuer")
    rows = rows.prefetch_related("supplemented_by")
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "public/documents.html", {"page_obj": page, "words": words})


@require_safe
@briefly()
def directory(request: Request) -> HttpResponse:
    """Studios by stage and county, found by words of name, lead or school."""
    rows = _found(request).select_related("lead", "school", "authority")
    page = Paginator(rows.order_by("stage", "number"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "stages": Stage.choices,
        "counties": Organisation.objects.filter(pk__in=Studio.objects.listed().values("authority")).order_by(
            "code", "pk"
        ),
        "stage": request.GET.get("stage", ""),
        "county": request.GET.get("county", ""),
        "words": request.GET.get("q", "")[:60],
    }
    return render(request, "public/directory.html", context)


def _found(request: Request) -> QuerySet[Studio]:
    rows = Studio.objects.listed()
    if (stage := request.GET.get("stage", "")) in Stage.values:
        rows = rows.filter(stage=stage)
    if (county := request.GET.get("county", "")).isdecimal():
        rows = rows.filter(authority=int(county[:9]))
    for word in request.GET.get("q", "")[:60].split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(lead__name__icontains=word) | Q(school__name__icontains=word)
        )
    return rows


@require_safe
@briefly()
def studio(request: Request, number: str) -> HttpResponse:
    """One studio as the public sees it: who, where, since when, its members, its work; no way to reach a person."""
    years = _years(number)
    if not years:
        raise Http404("没有这个工作室，或者已经不在名录中。")
    found = years[0].term.studio
    today = timezone.localdate(request.at)
    context: dict[str, Any] = {
        "studio": found,
        "years": [_year(row, today) for row in years],
        "members": Membership.objects.filter(studio=found, state=MembershipState.ACTIVE)
        .select_related("principal__school")
        .order_by("principal__sort_key", "pk"),
        "plaque": _plaque(found),
        "works": works_of(found),
    }
    return render(request, "public/studio.html", context)


def _years(number: str) -> list[StudioYear]:
    """The years of a listed studio, the studio with what its page reads of it joined to each."""
    of = "term__studio__"
    rows = StudioYear.objects.filter(**{f"{of}number": number, f"{of}state__in": StudioState.listed})
    joined = (f"{of}{name}" for name in ("lead", "school", "authority", "programme", "plaque"))
    return list(rows.select_related(*joined).order_by("starts"))


def _year(row: StudioYear, today: date) -> dict[str, Any]:
    return {"label": f"第{row.number}年", "starts": row.starts, "ends": row.ends, "place": row.place(today)}


def _plaque(found: Studio) -> Plaque | None:
    """The plaque, as long as it stands."""
    plaque = getattr(found, "plaque", None)
    return plaque if plaque and plaque.withdrawn_on is None else None


@require_safe
def robots(request: Request) -> HttpResponse:
    """Search engines find the directory and the measures, not lists of names that come down again."""
    return HttpResponse(
        ROBOTS, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "max-age=3600"}
    )


@require_safe
def icon(request: Request) -> HttpResponse:
    """The icon where browsers look for it when a page names none (a PDF, a download)."""
    response = redirect(static("icon.ico"))
    response["Cache-Control"] = "max-age=86400"
    return response
