"""A principal's identity number was typed wrongly, and the county has the scan to compare."""

from __future__ import annotations

from datetime import datetime, timedelta

from stdnum.cn import ric

from accounts.models import Principal
from portal.demo.cast import Cast
from portal.demo.stage import paper
from portal.identity.asking import ask

SCHOOL = "红山区松林实验小学"


def another(identity: str) -> str:
    """Another number of the same region, birth and sex, nobody's."""
    numbers = (f"{identity[:14]}{serial:03d}" for serial in range(int(identity[16]) % 2 + 900, 999, 2))
    whole = (body + ric.calc_check_digit(body) for body in numbers)
    return next(number for number in whole if not Principal.objects.by_identity(number).exists())


def ask_for_a_correction(cast: Cast, now: datetime) -> None:
    """The principal of ``SCHOOL`` asks, five hours ago."""
    record = Principal.objects.get(school__name=SCHOOL, head=True)
    me = cast.of(record.user_id or 0)
    number, at = another(record.identity), now - timedelta(hours=5)
    ask(record, number, paper("身份证"), "名册录入时末四位有误。", me, at)
