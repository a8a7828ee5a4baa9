import io
from datetime import UTC, date, datetime
from decimal import Decimal

from openpyxl import load_workbook

from office.sheets import download, write_sheet


def _written(headers: list[str], rows: list[list[object]]) -> object:
    file = io.BytesIO()
    write_sheet(file, "名册/2026", headers, rows)
    return load_workbook(file).active


def test_nothing_that_looks_like_a_formula_becomes_one() -> None:
    texts = ["=1+1", "+86", "-x", "@cmd", "\t=1"]
    sheet = _written(["内容"], [[text] for text in texts])
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        (text, "s", True) for text in texts
    ]


def test_dates_are_dates_and_numbers_are_numbers() -> None:
    at = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    sheet = _written(["日", "时", "数", "额", "是"], [[date(2026, 9, 1), at, 3, Decimal("2.50"), True]])
    day, moment, number, amount, yes = (cell.value for cell in sheet[2])
    assert day == datetime(2026, 9, 1)  # noqa: DTZ001 - as openpyxl reads a date
    assert moment == datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001 - Shanghai time
    assert (number, float(amount), yes) == (3, 2.5, "是")
    assert sheet["A2"].number_format == "yyyy-mm-dd"


def test_the_heading_stays_in_view_and_columns_fit() -> None:
    sheet = _written(["姓名", "学校"], [["张三", "赤峰市松山区第一中学"]])
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width


def test_control_characters_are_left_out() -> None:
    assert _written(["a"], [["x\x0by"]])["A2"].value == "xy"


def test_a_download_is_an_attachment_with_its_name() -> None:
    response = download("机构名录", "机构名录", ["名称"], [["一中"]])
    assert "attachment" in response["Content-Disposition"]
    assert load_workbook(io.BytesIO(b"".join(response.streaming_content))).active["A2"].value == "一中"
