"""What people type into cells, made plain: spaces, full-width characters, dates, yes and no."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

# Full-width digits and Latin letters only: full-width brackets and commas belong to Chinese names.
_NARROW = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_DOTS = re.compile(r"[•・‧∙⋅●.．･]")
_MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./月](\d{1,2})日?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's calendar, its leap-year error of 1900 included
_YES = frozenset({"是", "有", "√", "✓", "✔", "Y", "YES", "1", "TRUE", "对"})
_NO = frozenset({"", "否", "无", "×", "✗", "✘", "N", "NO", "0", "FALSE", "不是", "没有", "/", "-", "—"})


def plain(value: object) -> str:
    """A cell's value as text: narrow digits and letters, spaces of every kind reduced to single ones.

    Dates read 1982-11-17, whole numbers carry no decimal point, truth values read 是 and 否.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _SPACES.sub(" ", str(value).translate(_NARROW)).strip()


def compact(value: object) -> str:
    """A number written as text (identity, phone, code): compatibility forms narrowed, every space gone."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", plain(value)))


def place_name(value: object) -> str:
    """A name in Chinese without the spaces set between its characters for looks: 翁 牛 特 旗 → 翁牛特旗."""
    return _SPACES.sub("", plain(value))


def person_name(value: object) -> str:
    """A person's name without spaces, whatever dot parts it written as the middle dot: 包·格日乐图."""
    return _DOTS.sub("·", place_name(value))


def month(value: object) -> date | None:
    """The first day of the month that ``value`` names in any of the usual spellings; None for an empty cell.

    Understood: 1974.7, 196711, 19671122, 1977-08-05, 1982/9/17, 1970年9月, 1970年9月3日, a date, and the
    serial number of an Excel date. Raises ValueError for anything else.
    """
    text = compact(value).split("T")[0]
    if not text:
        return None
    if found := _MONTH.fullmatch(text) or _DIGITS.fullmatch(text):
        year, number, day = found.groups()
        date(int(year), int(number), int(day or 1))  # 1982年2月30日 is no day
        return date(int(year), int(number), 1)
    if _SERIAL.fullmatch(text):
        return (_EPOCH + timedelta(days=int(float(text)))).replace(day=1)
    raise ValueError(text)


def full_date(value: object) -> date | None:
    """The day that ``value`` names (2026-09-01, 2026.9.1, 20260901, 2026年9月1日, Excel's serial); None for an empty cell.

    Raises ValueError for anything else, a month without a day included.
    """
    text = compact(value).split("T")[0]
    if not text:
        return None
    if found := _MONTH.fullmatch(text) or _DIGITS.fullmatch(text):
        year, number, day = found.groups()
        if day:
            return date(int(year), int(number), int(day))
    elif _SERIAL.fullmatch(text):
        return _EPOCH + timedelta(days=int(float(text)))
    raise ValueError(text)


def yes(value: object) -> bool:
    """Whether the cell says yes: 是 有 √ Y; an empty cell says no. Raises ValueError for anything else."""
    text = compact(value).upper()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValueError(text)
