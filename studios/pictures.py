"""Pictures of an annual summary (Art. 16): chosen among the photos of the year's activities, in an order, with captions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.utils import timezone

from office.models import Attachment
from studios.figures import activities_of
from studios.models import Activity, ActivityState, AnnualSummary, StudioYear
from studios.rules.activities import PHOTO

KEY = "pictures"  # of the section and of its table


@dataclass(frozen=True)
class Picture:
    """One photo with what stands under it."""

    photo: Attachment
    caption: str


@dataclass(frozen=True)
class Album:
    """A held activity with the number of its photos."""

    activity: Activity
    photos: int


def photos_of(year: StudioYear) -> QuerySet[Attachment]:
    """The photos of the activities held in ``year``."""
    held = activities_of(year).filter(state=ActivityState.HELD)
    kind = ContentType.objects.get_for_model(Activity)
    rows = Attachment.objects.filter(content_type=kind, object_id__in=held.values("pk"), slot=PHOTO)
    return rows.filter(removed_at=None).order_by("object_id", "pk")


def albums_of(year: StudioYear) -> list[Album]:
    """The activities that have photos, by their day; two queries."""
    rows = photos_of(year).order_by().values_list("object_id").annotate(number=Count("pk"))
    counted = dict(rows)
    activities = (
        Activity.objects.filter(pk__in=counted).defer("report", "purpose").order_by("starts_at", "pk")
    )
    return [Album(activity, counted[activity.pk]) for activity in activities]


def caption_of(activity: Activity) -> str:
    """What a photo says as long as nobody wrote anything else: 集中研修（3月5日）."""
    day = timezone.localdate(activity.starts_at)
    return f"{activity.title[:40]}（{day:%-m月%-d日}）"


def kept_rows(summary: AnnualSummary) -> list[dict[str, str]]:
    """The rows as the form keeps them: {photo, caption}."""
    rows: list[dict[str, str]] = summary.content.get(KEY, {}).get(KEY, [])
    return rows


def pictures(rows: Iterable[Mapping[str, str]], year: StudioYear) -> list[Picture]:
    """The pictures that ``rows`` name, in their order; what is no photo of the year is left out. One query."""
    named = {row["photo"]: row.get("caption", "") for row in rows if row.get("photo", "").isdecimal()}
    found = {str(photo.pk): photo for photo in photos_of(year).filter(pk__in=named)} if named else {}
    return [Picture(found[key], caption) for key, caption in named.items() if key in found]


def chosen_in(sent: Any, year: StudioYear) -> list[dict[str, str]]:
    """The rows that a sent page means: the ticked photos of the year by their place, new ones after them.

    ``sent``: ``photo`` (keys, several), ``place-KEY``, ``caption-KEY``.
    """
    ticked = [key for key in sent.getlist("photo") if key.isdecimal() and len(key) < 19]
    known = {str(key) for key in photos_of(year).filter(pk__in=ticked).values_list("pk", flat=True)}

    def place(key: str) -> int:
        word = sent.get(f"place-{key}", "").strip()
        return int(word) if word.isdecimal() and len(word) < 4 else 1000

    rows = [key for key in dict.fromkeys(ticked) if key in known]
    return [
        {"photo": key, "caption": " ".join(sent.get(f"caption-{key}", "").split())}
        for key in sorted(rows, key=place)
    ]


def as_table(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """``rows`` as the form's own table is sent."""
    sent = {f"{KEY}-INITIAL_FORMS": "0"}
    number = 0
    for number, row in enumerate(rows, 1):
        sent |= {f"{KEY}-{number - 1}-{name}": row[name] for name in ("photo", "caption")}
    return sent | {f"{KEY}-TOTAL_FORMS": str(number)}


def rows_sent(sent: Mapping[str, Any]) -> list[dict[str, str]]:
    """What ``as_table`` made, read back: the choice that could not be kept."""
    number = sent.get(f"{KEY}-TOTAL_FORMS", "")
    places = range(min(int(number), 100) if number.isdecimal() else 0)
    return [
        {name: sent.get(f"{KEY}-{place}-{name}", "") for name in ("photo", "caption")} for place in places
    ]
