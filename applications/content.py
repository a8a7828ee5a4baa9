"""The application form as data: sections, fields, their limits and the articles they serve (office.filing).

What the principal's record says is never typed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from office.filing.fields import LONG_LIMIT, Field, Layout, Section, value_of
from office.filing.fields import table as _rows
from office.filing.fields import words as _words
from office.models import Filing
from studios.models import Stage

DUTIES = ("办学研究", "培养中青年校长", "示范辐射", "建言献策")
# The permitted uses, in the order of Art. 10.
USES = (
    ("books", "图书资料"),
    ("supplies", "办公用品"),
    ("publishing", "科研及成果出版"),
    ("study", "外出学习"),
    ("information", "信息采集"),
    ("meetings", "会务"),
    ("venues", "场地"),
    ("teaching", "课酬"),
    ("guidance", "下校指导"),
    ("labour", "其他必要劳务"),
)


def _long(key: str, label: str, *, limit: int = LONG_LIMIT, hint: str = "", article: int | None = 6) -> Field:
    return Field(key, label, "long", True, limit, hint=hint, article=article)


LEVELS = _words("国家级", "自治区级", "市级", "旗县区级", "校级")
YEARS = _words("第一年", "第二年", "第三年", "三年")

_SECTIONS = (
    Section(
        "basics",
        "基本情况",
        (
            Field(
                "studio_name",
                "拟设工作室名称",
                required=True,
                column=True,
                hint="一般为“姓名＋名校长（园长）工作室”",
            ),
            Field("stage", "学段", "choice", True, choices=tuple(Stage.choices), column=True),
            Field(
                "exception",
                "例外理由",
                "long",
                limit=500,
                column=True,
                article=6,
                hint="没有“市级名校长”称号，或工作室不设在本人所在学校的，须说明理由；后续各环节都会看到",
            ),
        ),
    ),
    Section(
        "lead",
        "领衔人",
        (
            Field("degree", "学位", limit=20, hint="如：教育硕士；没有的填“无”", required=True),
            Field("work_since", "参加工作时间", "month", True),
            Field("post_since", "任现职务时间", "month", True),
            Field("head_years", "任正职年限", "number", True, hint="累计年数，含在其他学校"),
            Field("title_since", "取得现职称时间", "month", True),
            Field("subject", "任教学科", required=True, limit=20),
            Field("email", "电子邮箱", limit=80),
            _rows(
                "honours",
                "主要荣誉",
                Field("name", "荣誉称号", required=True),
                Field("year", "时间", "month"),
                Field("document", "授予单位及文号", required=True),
                required=True,
                article=6,
            ),
        ),
        hint="姓名、性别、民族、出生年月、政治面貌、学历、职称、职务取自校长档案；有误的请联系旗县区教育局更正",
    ),
    Section(
        "cv",
        "简历与培训",
        (
            _rows(
                "career",
                "工作简历",
                Field("start", "起", "month", True),
                Field("end", "止", "month", hint="至今的不填"),
                Field("unit", "单位", required=True),
                Field("post", "职务", required=True, limit=60),
                required=True,
            ),
            _rows(
                "trainings",
                "参加培训",
                Field("start", "起", "month", True),
                Field("end", "止", "month"),
                Field("name", "培训项目", required=True),
                Field("organiser", "主办单位", required=True),
            ),
        ),
    ),
    Section(
        "qualities",
        "领衔条件",
        (
            _long("ethics", "思想政治素质与职业道德", limit=1000),
            _long("teaching", "教育理论基础与教学经验", limit=1500),
            _rows(
                "projects",
                "科研课题",
                Field("name", "课题名称", required=True),
                Field("level", "级别", "choice", True, choices=LEVELS),
                Field("number", "立项编号", limit=40),
                Field("role", "承担角色", "choice", True, choices=_words("主持", "参与")),
                Field("state", "进展", "choice", True, choices=_words("在研", "已结题")),
            ),
            _rows(
                "papers",
                "论文与著作",
                Field("title", "题目", required=True),
                Field("publication", "刊物或出版社", required=True),
                Field("date", "发表时间", "month", True),
            ),
            _rows(
                "prizes",
                "教学科研获奖",
                Field("name", "奖项", required=True),
                Field("level", "级别", "choice", True, choices=LEVELS),
                Field("date", "时间", "month", True),
            ),
            _long("curriculum", "课程建设领导力", limit=1000),
            _long("teachers", "引领教师成长", limit=1000),
            _long("results", "学校管理成效与办学特色", limit=1500),
            _rows(
                "school_honours",
                "学校近五年荣誉",
                Field("name", "荣誉", required=True),
                Field("date", "时间", "month", True),
                Field("by", "授予单位", required=True),
            ),
            _long("idea", "教育思想（办学理念）", limit=800),
        ),
    ),
    Section(
        "plan",
        "三年规划",
        (
            _long("aims", "总体目标", limit=1500, article=8),
            _rows(
                "tasks",
                "任务安排",
                Field("duty", "职责", "choice", True, choices=_words(*DUTIES), article=8),
                Field("task", "任务", "long", True, 300),
                Field("year", "年度", "choice", True, choices=YEARS),
                Field("output", "预期成果", "long", True, 200),
                Field("schools", "拟帮扶学校", limit=200),
                required=True,
                article=8,
                hint="四项职责都要有任务；帮扶以乡村学校和薄弱学校为主",
            ),
        ),
    ),
    Section("members", "拟任成员", hint="8–10名，不含领衔人；本人登录同意后计入"),
    Section(
        "staff",
        "顾问与助理",
        (
            _rows(
                "people",
                "顾问、助理",
                Field("role", "身份", "choice", True, choices=_words("顾问", "助理")),
                Field("name", "姓名", required=True, limit=40),
                Field("unit", "单位", required=True),
                Field("post", "职务职称", limit=60),
                Field("task", "承担任务", limit=200),
                article=7,
            ),
        ),
        hint="由工作室自主确定，可不填",
    ),
    Section(
        "support",
        "经费与保障",
        (
            *(
                Field(f"budget_{key}", label, "money", article=10, group="每年经费预算（元）")
                for key, label in USES
            ),
            Field("address", "工作场所地址", required=True, article=12, group="学校保障"),
            Field("area", "工作场所面积（㎡）", "number", True, article=12, group="学校保障"),
            _long("equipment", "办公条件与设备", limit=500, article=12),
            _long("load", "减轻领衔人工作负担的措施", limit=500, article=12),
        ),
    ),
    Section(
        "pledge",
        "申报人承诺",
        (
            Field(
                "truth",
                "本人承诺所填内容和所附材料真实、准确，自愿履行工作室领衔人职责",
                "check",
                True,
                article=16,
            ),
            Field(
                "privacy", "本人同意为申报、评审之目的处理上述个人信息（含身份证号、联系方式）", "check", True
            ),
            Field(
                "publicity",
                "本人知悉评审通过后，姓名、学校、拟设工作室将列入公示名单",
                "check",
                True,
                article=9,
            ),
        ),
    ),
    Section("materials", "申报材料", hint="带★的为必需；学校提供的材料由学校在审核时上传"),
)
SECTIONS: dict[str, Section] = {section.key: section for section in _SECTIONS}


def _more(filing: Filing, section: Section) -> Iterable[str]:
    """Tasks under each of the four duties (Art. 8), a budget above nothing (Art. 10)."""
    if section.key == "plan":
        given = {row.get("duty") for row in value_of(filing, section, section.field("tasks"))}
        yield from (f"“{duty}”的任务" for duty in DUTIES if duty not in given)
    if section.key == "support" and not budget_total(filing.content.get("support", {})):
        yield "每年经费预算"


# Members and materials are rows of their own, with rules of their own.
LAYOUT = Layout(_SECTIONS, _more)


def budget_total(support: Mapping[str, Any]) -> Decimal:
    """The yearly budget in yuan over the uses of Art. 10."""
    return sum((Decimal(support.get(f"budget_{key}") or 0) for key, _ in USES), Decimal(0))
