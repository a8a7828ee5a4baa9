"""The forms of the development plan and of the annual plan (Art. 16), their items by the four duties (Art. 8)."""

from __future__ import annotations

from collections.abc import Iterable

from office.filing.fields import Field, Layout, Section, table, value_of
from office.models import Filing
from studios.models.duty import Duty

DUTIES = tuple((duty.value, duty.label) for duty in Duty)
ITEMS_LIMIT = 60


def _items(*more: Field) -> Field:
    return table(
        "items",
        "任务",
        Field("duty", "职责", "choice", True, choices=DUTIES, article=8),
        Field("task", "任务", "long", True, 300),
        Field("starts", "起", "month"),
        Field("ends", "止", "month"),
        Field("who", "负责人", limit=100),
        Field("target", "可衡量的目标", required=True, limit=200),
        Field("times", "目标次数", "number", hint="开展几次活动或形成几项成果算完成，不填为 1"),
        *more,
        required=True,
        article=8,
        limit=ITEMS_LIMIT,
        keyed=True,
        hint="四项职责都要有任务；帮扶以乡村学校和薄弱学校为主",
    )


def _every_duty(filing: Filing, section: Section) -> Iterable[str]:
    """Art. 8: a plan has tasks under each of the four duties."""
    if section.key == "items":
        given = {row.get("duty") for row in value_of(filing, section, section.field("items"))}
        yield from (f"“{duty.label}”的任务" for duty in Duty if duty.value not in given)


DEVELOPMENT = Layout(
    (
        Section(
            "aims",
            "目标",
            (
                Field("situation", "现状与基础", "long", True, 1500, article=16),
                Field("aims", "三年总体目标", "long", True, 1500, article=16),
                Field("features", "研究方向与特色", "long", limit=1000),
            ),
        ),
        Section("items", "任务", (_items(),)),
        Section(
            "support",
            "保障与预期成果",
            (
                Field("outputs", "预期成果", "long", True, 1000),
                Field("schools", "拟帮扶学校", "long", True, 500, hint="注明乡村学校、薄弱学校", article=8),
                Field("measures", "保障措施与制度", "long", True, 1000),
            ),
        ),
    ),
    _every_duty,
)

ANNUAL = Layout(
    (
        Section(
            "aims",
            "年度目标",
            (
                Field("aims", "本年度目标", "long", True, 1000, article=16),
                Field("link", "与发展规划的衔接", "long", limit=500),
            ),
        ),
        Section("items", "任务", (_items(Field("share", "经费（元）", "money", article=10)),)),
    ),
    _every_duty,
)
