"""The case page of an output."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.materials import materials
from office.pages import CasePage, Link, Tab, register
from studios.files import writes_output
from studios.models import Output, OutputState


def _details(case: Output, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"output": case}


def _files(case: Output, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"materials": materials(case, me, f"{case.get_absolute_url()}?tab=files")}


def _actions(case: Output, me: Capacity, at: datetime) -> Sequence[Link]:
    if case.state != OutputState.RECORDED or not writes_output(case, me):
        return []
    return [
        Link("上传佐证材料", f"{case.get_absolute_url()}?tab=files"),
        Link("修改", reverse("output-edit", args=[case.pk])),
    ]


register(
    CasePage(
        "output",
        subtitle=lambda case: f"{case.studio.name} · {case.get_kind_display()}",
        tabs=(
            Tab("details", "概况", "studios/output.html", context=_details),
            Tab("files", "佐证材料", "office/materials.html", context=_files, scripts=("js/upload.js",)),
        ),
        owner=lambda case: case.studio.programme.owner_id,
        related=("studio__programme__owner", "studio__lead", "year__term", "item__plan__year"),
        standing=lambda case: f"成果{case.get_state_display()}，现在没有需要办理的步骤。",
        crumbs=lambda case, me: [Link("成果", reverse("output-list"))],
        actions=_actions,
    )
)
