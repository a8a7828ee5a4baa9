"""A year's holidays out of a sheet: one row for each holiday with its make-up days, or one for each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from import_export.widgets import Widget

from accounts.capacity import Capacity
from accounts.models import Kind
from office import history
from office.sheets import Column, compact, full_date, place_name
from programmes.models import Holiday, Programme

from . import holiday_words as words
from .cells import Cell, Given, text
from .roster import SAME, RosterResource

ARRANGED = {
    "": False,
    "放假": False,
    "休息": False,
    "上班": True,
    "调休上班": True,
    "周末调休上班": True,
    "补班": True,
}


def own_programme(me: Capacity) -> Programme | None:
    """The programme whose history keeps the changes; None for who keeps no holidays.

    There is one schedule for all, the bureau's: what the State Council announces is the same in every county.
    """
    owned = Programme.objects.filter(owner=me.organisation_id).order_by("pk")
    return owned.first() if me.officer_of(Kind.BUREAU) else None


class _Plan(Widget):
    """The days of a row, out of three of its cells."""

    year: int

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> words.Plan:
        """Raises ValueError with the reason."""
        kind = place_name(row.get("安排"))
        if kind not in ARRANGED:
            raise ValueError(f"安排“{kind}”无法识别，应为放假或上班")
        given = row.get("年份", "")
        try:
            year = int(compact(given).removesuffix("年") or self.year)
            plan = words.read(_span(row), year, worked=ARRANGED[kind])
            plan |= words.read(row.get("调休上班", ""), year, worked=True)
        except ValueError as error:
            raise ValueError(f"日期“{error}”无法识别，如：10月1日至7日放假，10月10日上班") from error
        if not plan:
            raise ValueError("没有日期")
        return plan


def _span(row: dict[str, str]) -> str:
    """The days off; with a last day in a column of its own, from the one to the other."""
    first, last = row.get("放假时间", ""), row.get("结束日期", "")
    return f"{_iso(first)}至{_iso(last)}" if last else first


def _iso(cell: str) -> str:
    try:
        found = full_date(cell)
    except ValueError:
        return cell
    return found.isoformat() if found else cell


class HolidayResource(RosterResource):
    """节假日安排: a row is a span of days with its name; each day is written for itself."""

    heading = "导入节假日安排"
    crumbs = (("节假日", "holidays"),)
    columns = (
        Column("名称", ("节日", "节假日", "假期", "节日名称", "假期名称"), required=True),
        Column("放假时间", ("日期", "放假日期", "起始日期", "开始日期", "放假安排", "时间"), required=True),
        Column("结束日期", ("截止日期",)),
        Column("安排", ("类型", "类别")),
        Column("调休上班", ("调休上班日期", "上班日期", "补班日期", "调休", "调休安排")),
        Column("年份", ("年度", "年")),
    )
    name_column = "名称"
    examples = [["国庆节", "10月1日至7日", None, "放假", "9月27日、10月10日", None]]
    understood = (
        "按通知原文填写即可：10月1日（周四）至7日（周三）放假调休，共7天。10月10日（周六）上班。",
        "也可以一天一行：日期、安排（放假或上班）、名称。",
    )

    name = Given("name", "名称", Cell(text(40, place_name), "名称{}", "没有名称"))
    plan = Given("plan", "放假时间", _Plan())

    class Meta(RosterResource.Meta):
        model = Holiday
        fields = ("name", "plan")

    @classmethod
    def open_to(cls, me: Capacity) -> bool:
        return own_programme(me) is not None

    @classmethod
    def aim(cls, me: Capacity, target: str, at: datetime) -> tuple[int | None, str]:
        year = int(target) if target.isdecimal() and len(target) == 4 else timezone.localdate(at).year
        return year, f"没有写年份的日期，按 {year} 年认定"

    @classmethod
    def back(cls, target: int | None) -> str:
        return f"{reverse('holidays')}?year={target}"

    def load(self) -> None:
        self.fields["plan"].widget.year = self.target or timezone.localdate(self.at).year
        self.known = {row.day: row for row in Holiday.objects.all()}
        self.rows: dict[date, int] = {}

    def find(self, row: dict[str, str]) -> Any:
        try:
            days = self.fields["plan"].widget.clean("", row)
        except ValueError:
            return None  # said when the cells are read
        known = [self.known[day] for day in sorted(days) if day in self.known]
        if not known:
            return None
        names = "、".join(dict.fromkeys(row.name for row in known))
        found: Any = Holiday(pk=known[0].pk, day=known[0].day, name=names)
        found.plan = {row.day: row.worked for row in known}
        return found

    def check(self, instance: Any, row: dict[str, str]) -> Iterator[str]:
        instance.day = min(instance.plan)
        for day in sorted(instance.plan):
            if earlier := self.rows.get(day):
                yield f"{day:%-m月%-d日}与第 {earlier} 行重复"

    def remember(self, instance: Any, row_number: int) -> None:
        self.rows |= dict.fromkeys(instance.plan, row_number)

    def notes(self, instance: Any, outcome: str) -> list[str]:
        return [words.said(instance.plan)] if outcome != SAME else []

    def before_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """A day has no keys to derive."""

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        for day, worked in instance.plan.items():
            Holiday.objects.update_or_create(day=day, defaults={"worked": worked, "name": instance.name})

    def after_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        programme = own_programme(self.me)
        if kwargs["dry_run"] or programme is None:
            return
        old = f"{self.before['name']}：{words.said(self.before['plan'])}" if self.before else ""
        facts = {instance.name: [old, words.said(instance.plan)]}
        history.record(programme, "holidays", "导入节假日", self.me, self.at, facts)

    def shown(self, attribute: str, value: Any) -> str:
        return words.said(value) if attribute == "plan" and value else str(value or "")
