"""Citizens' identity numbers (GB 11643-1999): what can be told from the number itself.

The region is where the number was first issued, so it is not compared with the year of birth.
"""

import re
from datetime import date

from stdnum.cn import ric

_FORM = re.compile(r"[1-9]\d{16}[\dX]")


def check_identity(number: str) -> None:
    """Raise ValueError, with a sentence for the user, unless ``number`` (X in upper case) can be one."""
    if len(number) != 18:
        raise ValueError(f"身份证号应为 18 位，现有 {len(number)} 位")
    if not _FORM.fullmatch(number) or not number.isascii():
        raise ValueError("身份证号含有不应有的字符")
    try:
        birth_date(number)
    except ValueError as error:
        raise ValueError("身份证号中的出生日期不存在") from error
    if ric.calc_check_digit(number) != number[-1]:
        raise ValueError("身份证号校验码不正确")


def birth_date(number: str) -> date:
    """The day of birth stated in ``number``. Raises ValueError when there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """Either m or f, from the order digit: odd for men."""
    return "m" if int(number[16]) % 2 else "f"
