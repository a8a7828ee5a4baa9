"""Rosters as counties send them, made up: every oddity of spelling, and rows that must be refused."""

import io
from datetime import date, datetime
from typing import Any

from tests.factories.accounts import identity_number
from tests.sheets.workbooks import workbook

SCHOOL_HEADING = [
    "序号", "学校（园）名称", "学校标识码", "主管部门", "办学类型", "城乡类型", "是否薄弱学校", "联系人", "联系电话", "备注",
]  # fmt: skip
PRINCIPAL_HEADING = [
    "序号", "姓名", "性别", "民族", "身份证号", "出生年月", "政治面貌", "学历", "职称", "所在学校", "现任职务", "任正职时间",
    "是否市级名校长", "市级以上骨干校长培训", "名校长培养工程", "手机号",
]  # fmt: skip
GOOD_SCHOOLS = [
    (4, "红山区桥东小学\u3000", "２１１５０００１０１", "红山", "小学", "城区", "否"),
    (5, "克什克腾旗经棚幼儿园", "2115000102", "克旗", "幼儿园", "镇区", "√"),
    (7, "翁牛特旗乌丹初级中学", 2115000103, "翁 牛 特 旗", "初中", "乡村", "Y"),
    (8, "赤峰市实验九年一贯制学校", "2115000104", "市直", "九年一贯制", "城区", None),
    (9, "巴林左旗林东完全中学", None, "巴林左旗教育局 ", "完全中学", "镇区", "是"),
]
BAD_SCHOOLS = {
    10: (("红山区桥东小学", "2115000101", "红山区", "小学", "城区", "否"), "与第 4 行重复"),
    11: (("红山区无名路小学", "2115000105", "红山北区", "小学", "城区", "否"), "主管部门“红山北区”"),
    12: ((None, "2115000106", "松山区", "小学", "城区", "否"), "没有学校名称"),
    13: (("松山区新大学", "2115000107", "松山区", "大学", "城区", "否"), "办学类型“大学”"),
    14: (("宁城县重码小学", "2115000101", "宁城县", "小学", "乡村", "否"), "已被“红山区桥东小学”使用"),
    15: (("宁城县短码小学", "211500", "宁城县", "小学", "乡村", "否"), "不是 10 位数字"),
    16: (("宁城县也许小学", None, "宁城县", "小学", "乡村", "也许"), "是否薄弱学校“也许”"),
}


def schools(**changes: Any) -> io.BytesIO:
    """The schools' roster; ``changes`` replace the contact of the first row."""
    contact = changes.get("contact", "何老师")
    body: dict[int, list[Any]] = {row[0]: [row[0], *row[1:], contact, "0476-8266226"] for row in GOOD_SCHOOLS}
    body |= {number: [None, *cells, "某老师", None] for number, (cells, _) in BAD_SCHOOLS.items()}
    return _sheet("附件1：中小学、幼儿园基本信息表", SCHOOL_HEADING, body, "J")


def person(name: str, born: date, school: str, **cells: Any) -> list[Any]:
    """A row of the principals' roster; ``cells`` replace columns by their heading."""
    number = identity_number(born, "150421", cells.pop("serial", 997))
    row = dict(
        zip(
            PRINCIPAL_HEADING,
            (None, name, None, "汉", number, f"{born:%Y.%m}", "党员", "本科", "高级教师", school, "校长", "2018.9",
             "否", None, None, "19900001234"),
            strict=True,
        )
    )  # fmt: skip
    return list((row | cells).values())


GOOD_PRINCIPALS = {
    4: person(
        "包•格日乐图", date(1974, 7, 11), "红山区桥东小学", 出生年月=datetime(1974, 7, 11), 民族="蒙古族",  # noqa: DTZ001
        现任职务="党支部书记、校长", 性别="男", 手机号="１９９ 0000 3565", 是否市级名校长="是",
    ),
    5: person("马思宇", date(1967, 11, 22), "克什克腾旗经棚幼儿园", 出生年月="196711", 现任职务="园长", 性别="男"),
    7: person("宋海", date(1977, 8, 5), "翁牛特旗乌丹初级中学", 出生年月="1977-08-05", 现任职务="副校长", serial=996),
    8: person("胡思", date(1982, 9, 17), "赤峰市实验九年一贯制学校 ", 出生年月="1982/9/17", 任正职时间="2016年2月"),
    9: person("马丽文", date(1970, 9, 17), "巴林左旗林东完全中学", 出生年月=None, 学历="硕士研究生", 手机号=None),
}  # fmt: skip
BAD_PRINCIPALS = {
    10: (
        person("测试甲", date(1968, 4, 25), "红山区桥东小学", 身份证号="150402196804259990"),
        "校验码不正确",
    ),
    11: (person("测试乙", date(1987, 2, 27), "并不存在的学校"), "不在学校名录中"),
    12: (person("测试丙", date(1974, 7, 11), "红山区桥东小学"), "与第 4 行重复"),
    13: (
        person("测试丁", date(1985, 6, 9), "红山区桥东小学", 出生年月="1950年1月"),
        "出生年月与身份证号不一致",
    ),
    14: (person("", date(1975, 9, 24), "红山区桥东小学"), "没有姓名"),
    15: (person("测试己", date(1965, 5, 17), "红山区桥东小学", 手机号="1990000123"), "现有 10 位"),
    16: (person("测试庚", date(1966, 5, 17), "红山区桥东小学", 性别="女"), "性别与身份证号不一致"),
    17: (person("测试辛", date(1966, 6, 17), "红山区桥东小学", 民族="火星"), "民族“火星”"),
}


def principals(**cells: Any) -> io.BytesIO:
    """The principals' roster; ``cells`` replace columns of its first row."""
    body = GOOD_PRINCIPALS | {number: row for number, (row, _) in BAD_PRINCIPALS.items()}
    first = dict(zip(PRINCIPAL_HEADING, body[4], strict=True)) | cells
    return _sheet("附件2：校长、园长信息采集表", PRINCIPAL_HEADING, body | {4: list(first.values())}, "P")


def _sheet(title: str, heading: list[str], body: dict[int, list[Any]], last: str) -> io.BytesIO:
    rows = [[title], ["填报单位（盖章）：", None, "填报日期：2026年9月"], heading]
    rows += [body.get(number, []) for number in range(4, max(body) + 1)]
    return workbook([*rows, [], ["填表人：        审核人："]], merged=[f"A1:{last}1"])
