"""What time tells of summaries and pledges (Art. 12, 16): before they are due, and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from office.flow import Flow, Tell
from office.reminders import Reminder, register
from office.words import moment
from studios.flows import tells
from studios.flows.summary import SUMMARY
from studios.flows.support import PLEDGE, the_school
from studios.models import FiledState, PledgeState

BEFORE = (14, 3, 1)
AFTER = (-1, -14)


def _until(what: str) -> Callable[[Any, datetime], str]:
    return lambda case, until: f"{case}：{what}，{moment(until)}截止"


def _several(what: str) -> Callable[[int, datetime], str]:
    return lambda number, until: f"{number} 份{what}，{moment(until)}截止"


def _overdue(what: str) -> Callable[[Any, datetime], str]:
    return lambda case, until: f"{case}：{what}，已于{moment(until)}到期"


def _several_overdue(what: str) -> Callable[[int, datetime], str]:
    return lambda number, until: f"{number} 份{what}，已于{moment(until)}到期"


def remind(flow: Flow, state: str, who: Tell, lacks: str, several: str) -> None:
    """Tell ``who`` of the cases still in ``state``: before their date and after it."""
    register(
        Reminder(
            f"{flow.name}-due",
            flow,
            (state,),
            who,
            _until(lacks),
            _several(several),
            days=BEFORE,
        )
    )
    register(
        Reminder(
            f"{flow.name}-overdue",
            flow,
            (state,),
            who,
            _overdue(lacks),
            _several_overdue(several),
            days=AFTER,
        )
    )


remind(SUMMARY, FiledState.DRAFT, tells.the_lead, "尚未备案", "年度总结尚未备案")
remind(PLEDGE, PledgeState.OPEN, the_school, "尚未确认", "对工作室的支持保障尚未确认")
