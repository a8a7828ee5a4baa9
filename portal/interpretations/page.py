"""The case page of a question: what was asked on which article, what is answered; who asked, for the issuer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.models import Entry
from office.pages import CasePage, Link, Tab, register
from portal.interpretations.scopes import handles
from programmes.models import Interpretation, InterpretationState

S = InterpretationState
SHOWN_TO_ASKER = (S.PUBLISHED, S.TOLD, S.SUPERSEDED)


def _handled(case: Interpretation, me: Capacity) -> bool:
    """Whether ``me`` reads drafts and opinions; whoever asked reads the answer once it is given."""
    return handles(case.article.measures.issuer_id, me) and case.asker_id != me.user_id


def _content(case: Interpretation, me: Capacity, at: datetime) -> dict[str, Any]:
    inside = _handled(case, me)
    declined = Entry.objects.of(case).filter(step="decline").last() if case.state == S.DECLINED else None
    asked = Entry.objects.of(case).filter(step="begin").select_related("appointment__organisation").first()
    return {
        "interpretation": case,
        "answer": case.answer if inside or case.state in SHOWN_TO_ASKER else "",
        "reason": declined.opinion if declined else "",
        "asked": asked if inside and case.asker_id else None,
        "inside": inside,
        "public": case.state in S.public,
    }


def _holder(case: Interpretation) -> str:
    return case.article.measures.issuer.name if case.state in (S.ASKED, S.ANSWERED) else ""


def _title(case: Interpretation) -> str:
    return f"{case.article}：{case.wording[:40]}{'…' if len(case.wording) > 40 else ''}"


register(
    CasePage(
        "interpretation",
        title=_title,
        subtitle=lambda case: str(case.article.measures),
        tabs=(Tab("content", "提问与解读", "interpretations/content.html", context=_content),),
        history=_handled,
        related=("article__measures__issuer", "asker", "replaces__article"),
        holder=_holder,
        standing=lambda case: "已公布，列在办法的这一条之下。" if case.state == S.PUBLISHED else "",
        crumbs=lambda case, me: [Link("提问与解读", reverse("interpretation-list"))],
    )
)
