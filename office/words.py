"""Words and figures as every page shows them: dates, deadlines, money, states, masks, articles.

What templates call (`TAGS`) and what they pass values through (`FILTERS`); Python uses them as they are.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

NOTHING = "—"
WEEKDAYS = "一二三四五六日"
DIGITS = "〇一二三四五六七八九"
TONES = {"blue", "green", "amber", "red", "grey"}
SOON_DAYS = 3


def _local(value: date | datetime) -> date | datetime:
    """The moment on the wall clock of the current time zone; a plain date stays as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: date | datetime) -> date:
    value = _local(value)
    return value.date() if isinstance(value, datetime) else value


def _year(value: date | datetime) -> str:
    """2025年 where ``value`` lies in another year than today, else nothing."""
    year = _day(value).year
    return "" if year == timezone.localdate().year else f"{year}年"


def day(value: date | datetime | None) -> str:
    """2026年11月22日（周日）; a dash for nothing."""
    if not value:
        return NOTHING
    on = _day(value)
    return f"{on:%Y年%-m月%-d日}（周{WEEKDAYS[on.weekday()]}）"


def plain_day(value: date | datetime | None) -> str:
    """2026年11月22日, where the weekday says nothing; a dash for nothing."""
    if not value:
        return NOTHING
    return f"{_day(value):%Y年%-m月%-d日}"


def short_day(value: date | datetime | None) -> str:
    """11月22日; with its year where that is not the present one; a dash for nothing."""
    if not value:
        return NOTHING
    return f"{_year(value)}{_day(value):%-m月%-d日}"


def month(value: date | datetime | None) -> str:
    """1974年8月; a dash for nothing."""
    if not value:
        return NOTHING
    return f"{_day(value):%Y年%-m月}"


def moment(value: datetime | None) -> str:
    """2026年11月14日 09:12; a dash for nothing."""
    if not value:
        return NOTHING
    return f"{_local(value):%Y年%-m月%-d日 %H:%M}"


def short_moment(value: datetime | None) -> str:
    """11月14日 09:12; with its year where that is not the present one; a dash for nothing."""
    if not value:
        return NOTHING
    return f"{_year(value)}{_local(value):%-m月%-d日 %H:%M}"


def clock(value: datetime | None) -> str:
    """10:42, for what happened a moment ago; empty for nothing."""
    return f"{_local(value):%H:%M}" if value else ""


def days_until(due: date | datetime, at: datetime) -> int:
    """Calendar days from `at` to `due`: negative once `due` is past, 0 on its day."""
    return (_day(due) - _day(at)).days


def is_overdue(due: date | datetime, at: datetime) -> bool:
    """A moment is overdue once passed; a date counts to the end of its day."""
    return due < at if isinstance(due, datetime) else _day(at) > due


def due_text(due: date | datetime, at: datetime) -> str:
    """还剩 3 天, 今天到期, 已超期 2 天; on the last day, once its hour is past, 今天已超期."""
    left = days_until(due, at)
    if is_overdue(due, at):
        return f"已超期 {-left} 天" if left else "今天已超期"
    return f"还剩 {left} 天" if left else "今天到期"


def due(value: date | datetime | None, at: datetime | None) -> str:
    """How long is left until `value`, as a badge once it presses.

    `at` is the moment the request arrived; where the page was not told it, now.
    Red when overdue, amber on the last three days, plain before; a dash for nothing.
    """
    if not value:
        return NOTHING
    at = at or timezone.now()
    text = due_text(value, at)
    if is_overdue(value, at):
        return badge(text, "red")
    if days_until(value, at) <= SOON_DAYS:
        return badge(text, "amber")
    return format_html('<span class="nowrap">{}</span>', text)


def badge(label: str, tone: str = "grey") -> SafeString:
    """A state, told by word and colour. `tone`: blue, green, amber, red or grey."""
    return format_html('<span class="badge badge-{}">{}</span>', tone if tone in TONES else "grey", label)


def money(value: Decimal | int | None) -> str:
    """Yuan with two places: ¥50,000.00, -¥12.50; a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    amount = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def score(value: Decimal | float | int | None) -> str:
    """A result with one decimal, so that a column of them aligns: 86.4, 80.0; a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    return str(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def points(value: Decimal | float | int | None) -> str:
    """Points of an indicator, with a decimal only where it says something: 6.5, 4; a dash for nothing."""
    return score(value).removesuffix(".0")


def mask_identity(value: str | None) -> str:
    """150402********9970: region and last four stay, birth date and the rest do not."""
    if not value:
        return NOTHING
    return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}" if len(value) > 10 else "*" * len(value)


def mask_phone(value: str | None) -> str:
    """138****1234; shorter numbers keep their last two digits."""
    if not value:
        return NOTHING
    return (
        f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else f"{'*' * max(len(value) - 2, 1)}{value[-2:]}"
    )


def file_size(value: int | None) -> str:
    """A size in bytes as people read it: 820 KB, 1.6 MB; a dash for nothing."""
    if value is None:
        return NOTHING
    if value < 1024 * 1024:
        return f"{max(round(value / 1024), 1)} KB"
    return f"{value / 1024 / 1024:.1f} MB"


def numeral(number: int) -> str:
    """Chinese numeral of 1–99, as articles are counted: 6 → 六, 17 → 十七, 20 → 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def article_name(number: int | str) -> str:
    """第六条 for 6; words that already name an article stay as they are."""
    return f"第{numeral(int(number))}条" if str(number).isdigit() else str(number)


def cite(number: int) -> str:
    """第六条, linked to the text of the article and its interpretations (url `article`)."""
    return article_link(article_name(number), reverse("article", args=[number]))


def article_link(name: str | int | None, url: str | None = None) -> str:
    """The article a rule stands on, linked where an address is known; empty for none."""
    if not name:
        return ""
    if not url:
        return format_html('<span class="article">{}</span>', article_name(name))
    return format_html('<a class="article inline-link" href="{}">{}</a>', url, article_name(name))


def pages_around(page: Page[Any]) -> list[int | None]:
    """The numbers a pager shows: first, last and the neighbours of `page`; None stands for a gap."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in elided]


FILTERS = (
    day,
    plain_day,
    short_day,
    month,
    moment,
    short_moment,
    clock,
    money,
    score,
    points,
    mask_identity,
    mask_phone,
    file_size,
    article_name,
)
TAGS = (due, badge, cite, article_link, pages_around)
