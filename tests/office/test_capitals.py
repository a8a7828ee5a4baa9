"""Amounts in capitals, as vouchers write them."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.capitals import capitals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("50000", "人民币伍万元整"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("0.05", "人民币伍分"),
        ("100000000", "人民币壹亿元整"),
        ("0", "人民币零元整"),
        ("3100004581.46", "人民币叁拾壹亿零肆仟伍佰捌拾壹元肆角陆分"),
    ],
)
def test_amounts_as_practice_writes_them(amount, words):
    assert capitals(Decimal(amount)) == words


@given(st.integers(min_value=0, max_value=10**10 - 1))
def test_below_a_hundred_million_it_agrees_with_another_library(cents):
    amount = Decimal(cents) / 100
    assert capitals(amount) == "人民币" + cn2an.an2cn(format(amount, "f"), "rmb")


@pytest.mark.parametrize("amount", ["-1", "0.001", "1000000000000"])
def test_what_can_not_be_written_is_refused(amount):
    with pytest.raises(ValueError, match="无法写成大写"):
        capitals(Decimal(amount))
