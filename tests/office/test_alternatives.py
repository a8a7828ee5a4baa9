"""A condition asked way by way finds the same rows as the condition itself, each once."""

from __future__ import annotations

import pytest
from django.db.models import Exists, OuterRef, Q

from accounts.ground import lay
from accounts.models import Kind, Organisation
from office.alternatives import MOST, alternatives, matching
from office.flow import EVERYTHING, NOTHING

pytestmark = [pytest.mark.django_db, pytest.mark.core]

COUNTY, BUREAU = Q(kind=Kind.COUNTY), Q(kind=Kind.BUREAU)
OVER_SOME = Q(Exists(Organisation.objects.filter(parent=OuterRef("pk"))))


@pytest.mark.parametrize(
    ("condition", "ways"),
    [
        (COUNTY, 1),
        (COUNTY | BUREAU, 2),
        (COUNTY | OVER_SOME | Q(code="150425"), 3),
        ((COUNTY | BUREAU) & Q(code__startswith="1504"), 2),
        ((COUNTY | OVER_SOME) & (Q(code="150425") | Q(code="150400")), 4),
        (~(COUNTY | OVER_SOME), 1),
        ((COUNTY & ~Q(code="150425")) | (BUREAU & OVER_SOME), 2),
        (NOTHING, 1),
        (NOTHING | COUNTY, 2),
        (EVERYTHING, 1),
    ],
)
def test_it_is_the_same_whichever_way_it_is_asked(condition: Q, ways: int) -> None:
    lay()
    assert len(alternatives(condition)) == ways
    found = list(matching(Organisation.objects.all(), condition).values_list("pk", flat=True))
    assert sorted(found) == sorted(Organisation.objects.filter(condition).values_list("pk", flat=True))


def test_none_of_the_ways_has_an_or_of_its_own() -> None:
    lay()
    sql = [
        str(Organisation.objects.filter(way).query) for way in alternatives((COUNTY | BUREAU) & ~Q(code="1"))
    ]
    assert len(sql) == 2
    assert not any(" OR " in each for each in sql)


def test_what_matches_can_be_narrowed_counted_and_sorted() -> None:
    lay()
    rows = matching(Organisation.objects.all(), COUNTY | OVER_SOME).exclude(code="150425").order_by("-code")
    assert rows.count() == 12
    assert rows[0].code > rows[11].code


def test_what_is_too_tangled_is_asked_as_it_stands() -> None:
    lay()
    tangled = Q()
    for digit in range(6):
        tangled &= Q(code__contains=str(digit)) | Q(name__contains="区")
    assert len(alternatives(tangled)) > MOST
    assert "UNION" not in str(matching(Organisation.objects.all(), tangled).query)
