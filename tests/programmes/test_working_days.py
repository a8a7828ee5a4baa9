"""Working days as PRACTICE lays down: the day after is the first, holidays don't count, make-up days do."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localtime

from programmes.ground import lay
from programmes.models import Holiday
from programmes.working_days import after
from tests.factories.accounts import make_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture(autouse=True)
def schedules() -> None:
    """The State Council's schedules that the program knows: 2025 and 2026."""
    lay(make_bureau())


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param(
            date(2026, 9, 30), 5, date(2026, 10, 13), id="over the national holiday; 10-10 is worked"
        ),
        pytest.param(date(2026, 5, 27), 5, date(2026, 6, 3), id="over a plain weekend"),
        pytest.param(date(2026, 5, 29), 1, date(2026, 6, 1), id="from Friday to Monday"),
        pytest.param(date(2026, 5, 30), 1, date(2026, 6, 1), id="posted on a Saturday"),
        pytest.param(date(2026, 1, 1), 1, date(2026, 1, 4), id="a Sunday that is worked"),
        pytest.param(date(2026, 2, 13), 5, date(2026, 2, 27), id="over the Spring Festival; 2-14 is worked"),
        pytest.param(date(2025, 12, 31), 2, date(2026, 1, 5), id="over New Year"),
    ],
)
def test_a_period_of_working_days_ends(start: date, days: int, end: date) -> None:
    deadline = after(start, days)
    assert (deadline.day, deadline.known) == (end, True)


def test_the_last_moment_is_the_end_of_the_last_day() -> None:
    moment = localtime(after(date(2026, 9, 30), 5).moment)
    assert (moment.date(), moment.hour, moment.minute, moment.second) == (date(2026, 10, 13), 23, 59, 59)


def test_a_year_whose_schedule_is_not_known_is_said_to_be_unknown() -> None:
    assert not after(date(2027, 5, 10), 5).known
    assert not after(date(2026, 12, 30), 5).known, "it ends in a year nobody knows yet"
    assert after(date(2026, 12, 24), 5).known


def test_a_schedule_that_the_bureau_enters_counts_from_then_on() -> None:
    before = after(date(2027, 1, 4), 2)
    Holiday.objects.create(day=date(2027, 1, 5), name="临时放假")
    deadline = after(date(2027, 1, 4), 2)
    assert (before.day, deadline.day, deadline.known) == (date(2027, 1, 6), date(2027, 1, 7), True)


def test_a_period_has_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="0"):
        after(date(2026, 5, 27), 0)


@pytest.mark.parametrize(
    ("year", "closed", "worked"),
    [
        (
            2025,
            "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
            "0126 0208 0427 0928 1011",
        ),
        (
            2026,
            "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
            "0104 0214 0228 0509 0920 1010",
        ),
    ],
)
def test_the_days_known_are_those_of_the_state_councils_notices(year: int, closed: str, worked: str) -> None:
    def days(text: str) -> set[date]:
        found = set()
        for span in text.split():
            first, _, last = span.partition("-")
            day = date(year, int(first[:2]), int(first[2:]))
            end = date(year, int((last or first)[:2]), int((last or first)[2:]))
            while day <= end:
                found.add(day)
                day += timedelta(days=1)
        return found

    held = Holiday.objects.filter(day__year=year)
    assert set(held.filter(worked=False).values_list("day", flat=True)) == days(closed)
    assert set(held.filter(worked=True).values_list("day", flat=True)) == days(worked)
    assert all(day.weekday() >= 5 for day in days(worked)), "only weekends are made up for"


def test_laying_the_ground_again_changes_nothing() -> None:
    count = Holiday.objects.count()
    lay(make_bureau())
    assert Holiday.objects.count() == count
