"""The State Council's schedule as bureaus get it, in words: 10月1日（周四）至7日（周三）放假，共7天。10月10日（周六）上班。"""

from __future__ import annotations

import re
from datetime import date, timedelta

from office.sheets import compact, full_date

LONGEST = 15  # days of one holiday
Plan = dict[date, bool]  # day → worked

_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_YEARLY = r"(?P<y{0}>\d{{4}})[年./-](?P<m{0}>\d{{1,2}})[月./-](?P<d{0}>\d{{1,2}})日?"
_MONTHLY = r"(?P<n{0}>\d{{1,2}})[月./](?P<e{0}>\d{{1,2}})日?"
_DAILY = r"(?P<f{0}>\d{{1,2}})日?"
_DAY = f"(?:{_YEARLY}|{_MONTHLY}|{_DAILY})"
_SPAN = re.compile(f"{_DAY.format(1)}(?:(?:至|到|[-—–~～]+){_DAY.format(2)})?")
_COUNT = re.compile(r"(?:共|合计)?\d+天")
_WORKED = re.compile("上班|补班|调班")
_FREE = re.compile("放假|休息|公休")
_WORDS = re.compile("上班|补班|调班|放假|休息|公休|调休|连休|与周末|周末|为|和|及|[、:：]")


def read(text: str, year: int, *, worked: bool) -> Plan:
    """The days that ``text`` names: those of a clause that says 放假 or 上班 are so, others are as ``worked`` says.

    ``year`` is that of the days without one. Raises ValueError with what was not understood.
    """
    try:
        single = full_date(text)
    except ValueError:
        return _Reader(year).sentences(text, worked)
    return {single: worked} if single else {}


class _Reader:
    """Reads on from clause to clause: year and month hold until others are named."""

    def __init__(self, year: int) -> None:
        self.year, self.month = year, 0

    def sentences(self, text: str, worked: bool) -> Plan:
        plan: Plan = {}
        for sentence in re.split("[。；;]", _BRACKETS.sub("", compact(text))):
            clauses = [clause for clause in re.split("[，,]", sentence) if clause]
            for index, clause in enumerate(clauses):
                plan |= dict.fromkeys(self.clause(clause), _kind(clauses[index:], worked))
        return plan

    def clause(self, text: str) -> list[date]:
        rest = _COUNT.sub("", text)
        days = [day for found in _SPAN.finditer(rest) for day in self.span(found)]
        if left := _WORDS.sub("", _SPAN.sub("", rest)):
            raise ValueError(left)
        return days

    def span(self, found: re.Match[str]) -> list[date]:
        first = self.day(found, 1)
        if not (found["d2"] or found["e2"] or found["f2"]):
            return [first]
        last = self.day(found, 2)
        if last < first and not found["y2"]:
            last = last.replace(year=last.year + 1)  # 12月31日至1月2日
            self.year = last.year
        if not first <= last < first + timedelta(days=LONGEST):
            raise ValueError(found[0])
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]

    def day(self, found: re.Match[str], end: int) -> date:
        self.year = int(found[f"y{end}"] or self.year)
        self.month = int(found[f"m{end}"] or found[f"n{end}"] or self.month)
        number = int(found[f"d{end}"] or found[f"e{end}"] or found[f"f{end}"])
        try:
            return date(self.year, self.month, number)
        except ValueError as error:
            raise ValueError(found[0]) from error


def _kind(clauses: list[str], worked: bool) -> bool:
    """What the first clause that says it says of the days before it."""
    for clause in clauses:
        if _WORKED.search(clause):
            return True
        if _FREE.search(clause):
            return False
    return worked


def said(plan: Plan) -> str:
    """A plan in words, days in a row as one span: 2026年10月1日至10月7日放假；2026年10月10日上班."""
    spans: list[tuple[date, date, bool]] = []
    for day, worked in sorted(plan.items()):
        if spans and spans[-1][2] == worked and spans[-1][1] + timedelta(days=1) == day:
            spans[-1] = (spans[-1][0], day, worked)
        else:
            spans.append((day, day, worked))
    return "；".join(
        f"{first:%Y年%-m月%-d日}{f'至{last:%-m月%-d日}' if last > first else ''}{'上班' if worked else '放假'}"
        for first, last, worked in spans
    )
