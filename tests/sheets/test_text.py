from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.sheets import compact, month, person_name, place_name, plain, yes


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1974.7", date(1974, 7, 1)),
        ("196711", date(1967, 11, 1)),
        ("19671122", date(1967, 11, 1)),
        ("1977-08-05", date(1977, 8, 1)),
        ("1982/9/17", date(1982, 9, 1)),
        ("1970年9月", date(1970, 9, 1)),
        ("1970 年 9 月 3 日", date(1970, 9, 1)),
        ("１９８２．０６", date(1982, 6, 1)),
        (datetime(1982, 11, 17), date(1982, 11, 1)),  # noqa: DTZ001 - cells carry no time zone
        (27149, date(1974, 4, 1)),
        ("", None),
        (None, None),
    ],
)
def test_a_month_is_understood_in_every_spelling_of_the_files(written: object, meant: date | None) -> None:
    assert month(written) == meant


@pytest.mark.parametrize("written", ["不详", "1974", "1974.13", "1982年2月30日", "74.7"])
def test_what_names_no_month_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        month(written)


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2099, 12, 31)))
def test_a_month_survives_being_written_down(day: date) -> None:
    first = day.replace(day=1)
    spellings = [
        f"{day:%Y.%m}",
        f"{day:%Y%m}",
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月",
        f"{day:%Y/%m/%d}",
    ]
    assert [month(text) for text in spellings] == [first] * len(spellings)


def test_numbers_lose_their_width_and_every_space() -> None:
    assert compact("１９９ 0000\u30003565") == "19900003565"
    assert compact("１５０４２９１９７３０２１３９９８x\u200b") == "15042919730213998x"
    assert compact(3115000001.0) == "3115000001"


def test_names_lose_spaces_but_keep_their_brackets_and_dots() -> None:
    assert place_name("翁 牛 特 旗\u3000") == "翁牛特旗"
    assert place_name("赤峰市第一小学（东校区）") == "赤峰市第一小学（东校区）"
    assert person_name("包•格日乐图") == person_name("包・格日乐图 ") == "包·格日乐图"


def test_text_keeps_its_words_apart() -> None:
    assert plain("  Ｎo.３ \n school ") == "No.3 school"


@pytest.mark.parametrize("written", ["是", "√", "Y", "y", "有", "1", True])
def test_yes(written: object) -> None:
    assert yes(plain(written)) is True


@pytest.mark.parametrize("written", ["否", "", None, "N", "无", False])
def test_no(written: object) -> None:
    assert yes(plain(written)) is False


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="也许"):
        yes("也许")
