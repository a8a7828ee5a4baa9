"""Amounts of money in Chinese capitals, as official documents and vouchers write them."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ((10**8, "亿"), (10**4, "万"), (1, ""))


def _single(text: str) -> str:
    """Any run of 零 as one."""
    while "零零" in text:
        text = text.replace("零零", "零")
    return text


def _group(number: int) -> str:
    """A number below 10,000: an inner zero is read, those at the end are silent."""
    digits = zip(f"{number:04d}", PLACES, strict=True)
    text = "".join(DIGITS[int(digit)] + (unit if digit != "0" else "") for digit, unit in digits)
    return _single(text).rstrip("零")


def _yuan(number: int) -> str:
    groups = [(number // size % 10_000, name) for size, name in GROUPS]
    return _single("".join(_group(group) + name if group else "零" for group, name in groups)).strip("零")


def capitals(amount: Decimal) -> str:
    """Yuan (two places, 0 up to below 10¹² (一万亿)) as 人民币……元……角……分, with 整 where it ends at 元.

    Raises ValueError for a negative amount, a fraction of a 分, or one too large to be read.
    """
    cents = amount * 100
    if cents != cents.to_integral_value() or not 0 <= cents < 10**14:
        raise ValueError(f"金额 {amount} 无法写成大写：须不小于零、小于一万亿，最多两位小数")
    yuan, rest = divmod(int(cents), 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_yuan(yuan)}元" if yuan else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    if fen:
        text += f"{DIGITS[fen]}分"
    return "人民币" + (text or "零元") + ("" if rest else "整")
