"""How a question comes in, and how the issuer begins an interpretation of its own accord (Art. 20)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.capacity import Capacity
from office.door import begin
from office.models import Entry, NoticeKind
from office.notices import tell
from portal.interpretations.flow import leaders, officers
from programmes.models import Article, Interpretation, InterpretationState


@transaction.atomic
def ask(case: Interpretation, further: Iterable[Article], me: Capacity, at: datetime) -> Interpretation:
    """Bring the question ``case`` of ``me`` into being; the issuer's officers are told."""
    case.asker = me.user
    case.wording = case.question
    entry = begin(case, me, at, "提问", facts={"问题": ["", case.question]})
    case.further.set(further)
    _tell(case, entry, officers(case))
    return case


@transaction.atomic
def volunteer(case: Interpretation, further: Iterable[Article], me: Capacity, at: datetime) -> Interpretation:
    """Bring an interpretation nobody asked for before the issuer's leader."""
    case.question = case.wording
    case.state = InterpretationState.ANSWERED
    entry = begin(case, me, at, "拟写解读")
    case.further.set(further)
    _tell(case, entry, leaders(case))
    return case


def _tell(case: Interpretation, entry: Entry, people: Iterable[int]) -> None:
    others = {*people} - {entry.user_id}
    url = case.get_absolute_url()
    tell(others, f"{case}：{entry.label}", entry.at, kind=NoticeKind.ACTION, url=url, entry=entry)
