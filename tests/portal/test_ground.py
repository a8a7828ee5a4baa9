"""The ground of a real installation: laid by one command, once, and never over what was changed since."""

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Organisation
from evaluations.models import Indicator, Rubric
from programmes.models import Article, Holiday, Programme

pytestmark = [pytest.mark.django_db, pytest.mark.core]


def lay() -> str:
    told = StringIO()
    call_command("ground", stdout=told)
    return told.getvalue()


def test_an_empty_installation_gets_bureau_counties_measures_programme_holidays_and_rubric():
    told = lay()
    assert Organisation.objects.count() == 13
    assert Article.objects.count() == 20
    assert Programme.objects.get().owner.name == "赤峰市教育局"
    assert Holiday.objects.filter(day__year=2026, worked=True).count() == 6
    assert sum(Indicator.objects.filter(parent__isnull=False).values_list("points", flat=True)) == 100
    assert "旗县区教育行政部门：新建 12，现有 12" in told
    assert "办法条文：新建 20，现有 20" in told


def test_a_second_time_nothing_is_added_and_what_was_changed_stays():
    lay()
    Organisation.objects.filter(code="150402").update(name="红山区教育和体育局")
    Programme.objects.update(publicity_working_days=7)
    told = lay()
    assert "新建 0" in told
    assert "新建 1" not in told
    assert Organisation.objects.get(code="150402").name == "红山区教育和体育局"
    assert Programme.objects.get().publicity_working_days == 7
    assert Rubric.objects.count() == 1
