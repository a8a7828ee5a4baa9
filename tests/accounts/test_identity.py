from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity import birth_date, check_identity, sex
from tests.factories.accounts import identity_number


@given(
    born=st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 12, 31)),
    serial=st.integers(min_value=1, max_value=999),
    region=st.sampled_from(["150402", "150430", "110101"]),
)
def test_a_well_formed_number_passes_whatever_its_region_and_year(
    born: date, serial: int, region: str
) -> None:
    number = identity_number(born, region, serial)
    check_identity(number)
    assert birth_date(number) == born
    assert sex(number) == ("m" if serial % 2 else "f")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("150402196804259990", "校验码"),
        ("15040219680425999", "17 位"),
        ("15040219680425999A", "字符"),
        ("150402196802309990", "出生日期不存在"),
        ("", "现有 0 位"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(number: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_identity(number)
