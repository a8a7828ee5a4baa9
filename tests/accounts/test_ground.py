"""What is there before anything is entered, and who comes first."""

from io import StringIO

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts.checks import refuse_demonstration
from accounts.ground import lay
from accounts.models import Kind, Organisation, Role, User
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.core]


def test_the_bureau_and_twelve_counties_are_laid_once() -> None:
    bureau = lay()
    lay()
    assert bureau.code == "150400"
    assert Organisation.objects.counties().filter(parent=bureau).count() == 12
    assert Organisation.objects.get(code="150425").names()[:3] == ["克什克腾旗教育局", "克什克腾旗", "克旗"]


def test_what_an_administrator_changed_stays() -> None:
    lay()
    Organisation.objects.filter(code="150402").update(name="红山区教育和体育局")
    lay()
    assert Organisation.objects.get(code="150402").name == "红山区教育和体育局"
    assert Organisation.objects.filter(kind=Kind.COUNTY).count() == 12


def test_the_first_administrator_gets_a_password_to_be_changed() -> None:
    out = StringIO()
    call_command("admin_account", "root", "管理员", "赤峰市教育局", stdout=out)
    user = User.objects.get(username="root")
    assert user.must_change_password
    assert user.check_password(out.getvalue().strip().rsplit("：", 1)[1])
    assert user.appointments.get().role == Role.ADMIN


def test_an_administrator_needs_an_organisation_and_a_free_name() -> None:
    with pytest.raises(CommandError, match="没有名为"):
        call_command("admin_account", "root", "管理员", "火星教育局")
    UserFactory(username="root")
    with pytest.raises(CommandError, match="已被使用"):
        call_command("admin_account", "root", "管理员", "赤峰市教育局")


def test_in_earnest_the_program_refuses_a_demonstration_database(settings) -> None:
    UserFactory(demonstration=True)
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="演示账号"):
        refuse_demonstration()
    errors = run_checks(tags=[Tags.database], databases=["default"])
    assert "accounts.E001" in [error.id for error in errors]
    settings.DEMO = True
    refuse_demonstration()


def test_in_earnest_without_demonstration_accounts_it_starts(settings) -> None:
    UserFactory()
    settings.DEMO = False
    refuse_demonstration()
