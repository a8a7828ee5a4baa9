"""The case page of a correction: what is asked, the scan of the card, the numbers on demand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.capacity import Capacity
from office.attachments import FilePolicy, visible_attachments
from office.attachments import register as register_files
from office.flow import EVERYTHING
from office.materials import file_row
from office.pages import CasePage, Link, Tab, register
from portal.models import CorrectionState, IdentityCorrection

CARD = "card"
CARD_LABEL = "身份证扫描件"


def _no_slots(case: Any, me: Capacity) -> Sequence[Any]:
    """The scan comes with the request; another scan is another request."""
    return ()


def _whoever_sees(me: Capacity) -> Q:
    return EVERYTHING


register_files(
    FilePolicy("identitycorrection", _no_slots, _whoever_sees, labels=lambda case: {CARD: CARD_LABEL})
)


def _asked(case: IdentityCorrection, me: Capacity, at: datetime) -> dict[str, Any]:
    record = case.principal
    return {
        "facts": [
            {"label": "姓名", "value": record.name},
            {"label": "所在学校", "value": record.school.name},
            {"label": "原身份证号", "value": case.masked_former},
            {"label": "改为", "value": case.masked_identity},
            {"label": "说明", "value": case.reason, "wide": True},
        ],
        "compare": bool(case.identity),
        "files": [file_row(row, removable=False) for row in visible_attachments(case, me)],
    }


def _crumbs(case: IdentityCorrection, me: Capacity) -> Sequence[Link]:
    if case.principal.user_id == me.user_id:
        return [Link("我的资料", reverse("own"))]
    return [Link("校长档案", reverse("registry:principal", args=[case.principal_id]))]


def _holder(case: IdentityCorrection) -> str:
    return str(case.principal.school.parent or "") if case.state == CorrectionState.ASKED else ""


register(
    CasePage(
        "identitycorrection",
        subtitle=lambda case: case.principal.school.name,
        tabs=(Tab("asked", "更正内容", "own/correction.html", context=_asked),),
        related=("principal__school__parent", "principal__user"),
        holder=_holder,
        crumbs=_crumbs,
    )
)
