"""A rubric out of a sheet: the sheet is the rubric, so it is taken as a whole, into a version not yet in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import tablib
from django.http import Http404
from django.urls import reverse

from accounts.capacity import Capacity
from evaluations import trees
from evaluations.models import Indicator, Rubric
from evaluations.scopes import rubrics_kept
from office import history
from office.flow import NOTHING
from office.sheets import Column, compact, place_name, plain
from office.words import points as point_words

from .cells import Cell, Given, text
from .roster import Differs, RosterResource

GROUP, LABEL, POINTS, WHOLE = "一级指标", "二级指标", "分值", "一级指标分值"
FROZEN = "此版本已启用，不能再导入；请先建立新版本。"


def points(value: str) -> Decimal:
    """Points in steps of a tenth, more than 0 and up to 100; an empty cell is 0. Raises ValueError."""
    given = compact(value).removesuffix("分")
    try:
        found = Decimal(given or 0)
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not (found.is_finite() and 0 <= found <= trees.FULL and found == round(found, 1)):
        raise ValueError(value)
    return round(found, 1)


def _or_zero(value: str) -> Decimal:
    try:
        return points(value)
    except ValueError:
        return Decimal(0)


class RubricResource(RosterResource):
    """评分标准: groups and indicators with their points; the group's own points, where given, are the sum."""

    heading = "导入评分标准"
    crumbs = (("评分标准", "rubric-list"),)
    columns = (
        Column(GROUP, ("类别", "评价维度", "一级"), required=True),
        Column(WHOLE, ("一级分值", "类别分值", "权重")),
        Column(LABEL, ("指标", "评价指标", "二级"), required=True),
        Column(POINTS, ("二级指标分值", "分数", "满分"), required=True),
        Column("说明", ("评分说明", "评分标准", "评价要点", "评分细则")),
    )
    name_column = LABEL
    examples = [
        ["办学特色", 10, "特色形成", 5, "有稳定的办学特色"],
        ["办学特色", 10, "示范作用", 5, "经验可推广"],
    ]
    understood = ("整张表就是一个评分标准：表中没有的指标将删除，有一行不能导入，整张表都不导入。",)
    whole = True

    group = Given("group", GROUP, Cell(text(60, place_name), "一级指标{}", "没有一级指标"))
    label = Given("label", LABEL, Cell(text(60, place_name), "二级指标{}", "没有二级指标"))
    points = Given("points", POINTS, Cell(points, "分值“{}”应在 0.1 至 100 之间，至多一位小数", "没有分值"))
    guide = Given("guide", "说明", Cell(text(300, plain), "说明{}"))

    class Meta(RosterResource.Meta):
        model = Indicator
        fields = ("group", "label", "points", "guide")

    @classmethod
    def open_to(cls, me: Capacity) -> bool:
        return rubrics_kept(me) != NOTHING

    @classmethod
    def aim(cls, me: Capacity, target: str, at: datetime) -> tuple[int | None, str]:
        kept = (
            Rubric.objects.filter(rubrics_kept(me), pk=target)
            if target.isdecimal()
            else Rubric.objects.none()
        )
        rubric = kept.first()
        if rubric is None or rubric.frozen_at:
            raise Http404(FROZEN if rubric else "没有这个评分标准，或者不由您维护。")
        return rubric.pk, str(rubric)

    @classmethod
    def back(cls, target: int | None) -> str:
        return reverse("rubric", args=[target]) if target else reverse("rubric-list")

    def load(self) -> None:
        self.rubric = Rubric.objects.filter(rubrics_kept(self.me), pk=self.target or 0).first()
        self.held = trees.lines(self.rubric) if self.rubric else []
        self.lines_given: list[tuple[str, str, Decimal, str]] = []
        self.sums: dict[str, Decimal] = defaultdict(Decimal)
        self.rows: dict[tuple[str, str], int] = {}

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        for row in dataset.dict:
            self.sums[place_name(row[GROUP])] += _or_zero(row[POINTS])

    def find(self, row: dict[str, str]) -> Any:
        key = (place_name(row[GROUP]), place_name(row[LABEL]))
        for group, label, value, guide in self.held:
            if (group, label) == key:
                found: Any = Indicator(pk=1, label=label, points=value, guide=guide)
                found.group = group
                return found
        return None

    def check(self, instance: Any, row: dict[str, str]) -> Iterator[str]:
        if self.rubric is None or self.rubric.frozen_at:
            yield FROZEN
        if not instance.points:
            yield "没有分值"
        if earlier := self.rows.get((instance.group, instance.label)):
            yield f"与第 {earlier} 行重复：同一指标"
        if self.lines_given and self.lines_given[-1][0] != instance.group and self._seen(instance.group):
            yield f"一级指标“{instance.group}”的各行应排在一起"
        given = row.get(WHOLE, "")
        if given and _or_zero(given) != self.sums[instance.group]:
            yield f"一级指标分值 {given} 与其下合计 {point_words(self.sums[instance.group])} 不符"

    def _seen(self, group: str) -> bool:
        return any(line[0] == group for line in self.lines_given)

    def remember(self, instance: Any, row_number: int) -> None:
        self.rows[instance.group, instance.label] = row_number
        self.lines_given.append((instance.group, instance.label, instance.points, instance.guide))

    def more(self) -> bool:
        """Indicators are left out, or stand in another order."""
        return [line[:2] for line in self.lines_given] != [line[:2] for line in self.held]

    def remarks(self, dataset: tablib.Dataset) -> list[str]:
        full = sum(self.sums.values())
        gone = [label for group, label, *_ in self.held if (group, label) not in self.rows]
        said = (
            []
            if full == trees.FULL
            else [f"合计应为 100 分，表中为 {point_words(full)} 分；凑满后才能用于申报批次。"]
        )
        return said + ([f"表中没有的 {len(gone)} 项指标将删除：{'、'.join(gone)}。"] if gone else [])

    def before_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """An indicator has no keys to derive."""

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """The rubric is rewritten at the end, as a whole."""

    def after_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """The entry is the rubric's, see ``finish``."""

    def finish(self) -> None:
        rubric = Rubric.objects.select_for_update(of=("self",), no_key=True).get(pk=self.target or 0)
        if rubric.frozen_at or trees.lines(rubric) != self.held:
            raise Differs
        trees.rewrite(rubric, rubric.name, self.lines_given)
        facts = trees.difference(rubric.name, rubric.name, self.held, self.lines_given)
        history.record(rubric, "change", "导入评分标准", self.me, self.at, facts)

    def shown(self, attribute: str, value: Any) -> str:
        return str(point_words(value)) if attribute == "points" and value else str(value or "")
