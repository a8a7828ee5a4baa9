"""The menu: nobody is led to a list that can hold nothing for them."""

import pytest

from accounts.models import Role
from portal.menu import menu
from tests.factories.accounts import make_bureau
from tests.factories.applications import someone

pytestmark = pytest.mark.django_db


def lines(role: Role) -> set[object]:
    groups = menu(someone(role, make_bureau()), "/desk/")
    return {item["label"] for group in groups for item in group["items"]}  # type: ignore[attr-defined]


def test_applications_are_offered_to_who_handles_them_and_not_to_finance() -> None:
    assert "申报评审" in lines(Role.OFFICER)
    assert "申报评审" in lines(Role.LEADER)
    assert "申报评审" in lines(Role.AUDITOR)
    assert "申报评审" not in lines(Role.FINANCE)
