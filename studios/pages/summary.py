"""Annual summaries on screen: the case page with the year's figures, and the form they are filled in by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.filing import pages as forms
from office.filing.fields import Section
from office.filing.pages import FilingPage, form_address
from office.filing.reading import asked, parts
from office.pages import CasePage, Link, Tab, register
from office.requests import Request
from studios.flows import SUMMARY
from studios.layouts.summary import PICTURES
from studios.models import AnnualSummary, FiledState
from studios.pages import filed
from studios.pictures import KEY, albums_of, caption_of, kept_rows, photos_of, pictures, rows_sent
from studios.scopes import people
from studios.summaries import all_figures, figures_beside, figures_shown, lists_beside

RELATED = tuple(
    f"year__term__studio__{path}" for path in ("programme__owner", "lead", "acting_lead", "school")
)
drafter = people.drafter("year__term__studio__")


def as_filed(case: AnnualSummary, me: Capacity) -> AnnualSummary:
    """The summary as ``me`` reads it."""
    shown: AnnualSummary = filed.as_filed(case, me, drafter)
    return shown


def _details(pairs: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]


def _content(case: AnnualSummary, me: Capacity, at: datetime) -> dict[str, Any]:
    shown = as_filed(case, me)
    return {
        "asked": asked(case, FiledState.RETURNED),
        "figures": _details(all_figures(figures_shown(case))),
        "parts": [part for part in parts(shown) if part.key != KEY],
        "pictures": pictures(kept_rows(shown), case.year),
    }


def _versions(case: AnnualSummary, me: Capacity, at: datetime) -> dict[str, Any]:
    return filed.last_changes(case)


def _crumbs(case: AnnualSummary) -> list[Link]:
    return [
        Link("年度总结", reverse("annualsummary-list")),
        Link(case.studio.name, case.studio.get_absolute_url()),
    ]


def _actions(case: AnnualSummary, me: Capacity, at: datetime) -> Sequence[Link]:
    links = [Link("打印", reverse("summary-print", args=[case.pk]))] if case.filed_at else []
    if case.state in case.mendable and filed.writes(case, me, drafter):
        links.append(Link("填写年度总结", form_address(case, "overview"), "primary"))
    return links


def _title(case: AnnualSummary) -> str:
    return f"{case.studio.name}第{case.year.number}年度总结"


def _subtitle(case: AnnualSummary) -> str:
    late = " · 逾期备案" if case.late else ""
    return f"{case.studio.school.name} · 领衔人 {case.studio.lead.name}{late}"


register(
    CasePage(
        "annualsummary",
        title=_title,
        subtitle=_subtitle,
        tabs=(
            Tab("content", "内容", "studios/summary.html", context=_content),
            Tab(
                "changes",
                "与上一版的差异",
                "studios/plan_changes.html",
                context=_versions,
                visible=filed.amended,
            ),
        ),
        owner=lambda case: case.studio.programme.owner_id,
        related=RELATED,
        holder=lambda case: "" if case.state == FiledState.FILED else case.studio.lead.name,
        standing=lambda case: "已备案，现在没有需要您办理的步骤。",
        crumbs=lambda case, me: _crumbs(case),
        actions=_actions,
    )
)


def _extras(case: AnnualSummary, section: Section, request: Request) -> dict[str, Any]:
    """Beside the fields of a section: what the records of the year say about it."""
    if section.key == KEY:
        return _album(case, request)
    return {
        "figures": _details(figures_beside(case.year, section.key)),
        "lists": lists_beside(case.year, section.key),
    }


def _album(case: AnnualSummary, request: Request) -> dict[str, Any]:
    """The pictures that are chosen, the activities of the year, and the photos of the one that is looked at."""
    rows = rows_sent(request.POST) if request.method == "POST" else kept_rows(case)
    chosen = pictures(rows, case.year)
    albums = albums_of(case.year)
    asked_for = request.GET.get("activity", "")
    album = next(
        (each for each in albums if str(each.activity.pk) == asked_for), albums[0] if albums else None
    )
    taken = {each.photo.pk for each in chosen}
    photos = photos_of(case.year).filter(object_id=album.activity.pk).exclude(pk__in=taken) if album else []
    return {
        "chosen": chosen,
        "most": PICTURES,
        "albums": albums,
        "album": album,
        "caption": caption_of(album.activity) if album else "",
        "photos": photos,
    }


FORM = forms.register(
    FilingPage(
        SUMMARY,
        fillers=drafter,
        send=("file",),
        words="年度总结",
        crumbs=lambda case: [_crumbs(case)[0], Link(case.studio.name, case.get_absolute_url())],
        title=_title,
        related=RELATED,
        asked=lambda case: asked(case, FiledState.RETURNED),
        extras=_extras,
        template=lambda section: f"studios/summary_{'pictures' if section.key == KEY else 'form'}.html",
        refused="年度总结由领衔人或受托的助理填写。",
    )
)
