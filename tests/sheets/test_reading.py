import time

import pytest

from office.sheets import ROW_NUMBER, BadSheet, Column, read_table
from tests.sheets.hostile import HOSTILE
from tests.sheets.workbooks import workbook

COLUMNS = (Column("姓名", required=True), Column("所在学校", ("学校",), required=True), Column("手机号"))


def test_the_heading_is_found_below_titles_and_notes_are_no_rows() -> None:
    file = workbook(
        [
            ["附件2：校长信息采集表", None, None, None],
            ["填报单位（盖章）：", None, None, "2026年9月"],
            [None, None, None, None],
            ["序号", "姓 名", "学校", "备注"],
            [1, "张三", "一中", "甲"],
            [None, None, None, None],
            [2, "李四\u3000", " 二中", None],
            ["注：以上信息由学校填报。", None, None, None],
            ["填表人：        审核人：", None, None, None],
        ],
        merged=["A1:D1"],
    )
    table = read_table(file, COLUMNS)
    assert table.columns == ["姓名", "所在学校"]
    assert table.rows == [
        {ROW_NUMBER: "5", "姓名": "张三", "所在学校": "一中"},
        {ROW_NUMBER: "7", "姓名": "李四", "所在学校": "二中"},
    ]


def test_a_value_merged_down_a_column_belongs_to_every_row() -> None:
    file = workbook(
        [["姓名", "所在学校"], ["张三", "一中"], ["李四", None], ["王五", "二中"]], merged=["B2:B3"]
    )
    assert [row["所在学校"] for row in read_table(file, COLUMNS).rows] == ["一中", "一中", "二中"]


def test_a_heading_repeated_on_a_printed_page_is_no_row() -> None:
    file = workbook([["姓名", "所在学校"], ["张三", "一中"], ["姓名", "所在学校"], ["李四", "二中"]])
    assert [row["姓名"] for row in read_table(file, COLUMNS).rows] == ["张三", "李四"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadSheet, match="缺少以下列：所在学校"):
        read_table(workbook([["姓名", "手机号"], ["张三", "1"]]), COLUMNS)


def test_a_sheet_without_heading_says_what_is_looked_for() -> None:
    with pytest.raises(BadSheet, match="没有找到表头"):
        read_table(workbook([["会议记录"], ["出席"]]), COLUMNS)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_workbooks_are_refused_at_once_with_a_sentence(kind: str) -> None:
    make, sentence = HOSTILE[kind]
    file = make()
    begun = time.process_time()
    with pytest.raises(BadSheet, match=sentence):
        read_table(file, COLUMNS)
    assert time.process_time() - begun < 5
