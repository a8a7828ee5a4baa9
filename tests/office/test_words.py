"""Dates, deadlines, money, states, masks and articles, as every page shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.paginator import Paginator

from office import words as office

CHIFENG = ZoneInfo("Asia/Shanghai")
SUNDAY_MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=CHIFENG)


def test_a_date_names_its_weekday() -> None:
    assert office.day(date(2026, 11, 22)) == "2026年11月22日（周日）"
    assert office.day(None) == "—"


def test_a_moment_is_told_by_the_clock_of_the_bureau() -> None:
    late_in_london = datetime(2026, 11, 13, 17, 12, tzinfo=ZoneInfo("UTC"))
    assert office.moment(late_in_london) == "2026年11月14日 01:12"
    with time_machine.travel(SUNDAY_MORNING, tick=False):
        assert office.short_moment(late_in_london) == "11月14日 01:12"
    with time_machine.travel(SUNDAY_MORNING.replace(year=2027), tick=False):
        assert office.short_moment(late_in_london) == "2026年11月14日 01:12"
    assert office.day(late_in_london) == "2026年11月14日（周六）"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 11, 25, 23, 59, 59, tzinfo=CHIFENG), "还剩 3 天"),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=CHIFENG), "今天到期"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=CHIFENG), "今天已超期"),
        (datetime(2026, 11, 20, 23, 59, 59, tzinfo=CHIFENG), "已超期 2 天"),
        (date(2026, 11, 22), "今天到期"),
        (date(2026, 11, 21), "已超期 1 天"),
    ],
)
def test_a_deadline_says_how_long(due: date | datetime, words: str) -> None:
    assert office.due_text(due, SUNDAY_MORNING) == words


@pytest.mark.parametrize(
    ("due", "tone"),
    [(date(2026, 11, 21), "badge-red"), (date(2026, 11, 25), "badge-amber"), (date(2026, 11, 26), "nowrap")],
)
def test_a_deadline_changes_its_colour_as_it_presses(due: date, tone: str) -> None:
    assert tone in office.due(due, SUNDAY_MORNING)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("50000"), "¥50,000.00"),
        (Decimal("-12.5"), "-¥12.50"),
        (Decimal("0.005"), "¥0.01"),
        (None, "—"),
        (0, "¥0.00"),
    ],
)
def test_money_has_two_places(amount: Decimal | int | None, words: str) -> None:
    assert office.money(amount) == words


def test_results_align_and_points_stay_short() -> None:
    assert [office.score(Decimal("80")), office.score(Decimal("86.35"))] == ["80.0", "86.4"]
    assert [office.points(Decimal("4.0")), office.points(Decimal("6.5")), office.points(None)] == [
        "4",
        "6.5",
        "—",
    ]


def test_an_identity_number_keeps_neither_birth_date_nor_order() -> None:
    assert office.mask_identity("150402197408019970") == "150402********9970"
    assert office.mask_identity("12345") == "*****"


def test_a_phone_number_keeps_its_ends() -> None:
    assert office.mask_phone("13812341234") == "138****1234"
    assert office.mask_phone("8221234") == "*****34"


@pytest.mark.parametrize(
    ("number", "name"),
    [(6, "第六条"), (10, "第十条"), (17, "第十七条"), (20, "第二十条"), (31, "第三十一条")],
)
def test_an_article_is_named_as_the_measures_count(number: int, name: str) -> None:
    assert office.article_name(number) == name


def test_words_that_name_an_article_already_stay() -> None:
    assert office.article_name("第六条第二项") == "第六条第二项"


def test_a_state_is_escaped_and_told_by_word_and_colour() -> None:
    assert office.badge("<待审核>", "blue") == '<span class="badge badge-blue">&lt;待审核&gt;</span>'
    assert "badge-grey" in office.badge("草稿", "pink")


def test_a_pager_shows_the_ends_and_the_neighbours() -> None:
    page = Paginator(range(1000), 50).get_page(10)
    assert office.pages_around(page) == [1, None, 8, 9, 10, 11, 12, None, 20]
