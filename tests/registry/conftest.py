"""A fixed cast: the bureau and its administrator, two counties, a school with its officer."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.ground import lay
from accounts.models import Organisation, Principal, Role
from tests.factories.accounts import (
    make_capacity,
    make_county,
    make_principal,
    make_school,
)


@dataclass
class Cast:
    hongshan: Organisation
    songshan: Organisation
    school: Organisation
    elsewhere: Organisation
    bureau: Capacity
    admin: Capacity
    county: Capacity
    officer: Capacity
    outsider: Capacity
    principal: Principal
    stranger: Principal


@pytest.fixture
def cast(db: None) -> Cast:
    bureau = lay()
    hongshan, songshan = make_county("红山区"), make_county("松山区")
    school = make_school(hongshan, "红山区第一小学", school_code="2115000001")
    elsewhere = make_school(songshan, "松山区第一小学", school_code="2115000002")
    return Cast(
        hongshan=hongshan,
        songshan=songshan,
        school=school,
        elsewhere=elsewhere,
        bureau=make_capacity(Role.OFFICER, bureau, "王经办"),
        admin=make_capacity(Role.ADMIN, bureau, "管理员"),
        county=make_capacity(Role.OFFICER, hongshan, "赵红山"),
        officer=make_capacity(Role.OFFICER, school, "孙学校"),
        outsider=make_capacity(Role.EXPERT, bureau, "吴专家"),
        principal=make_principal(school, "周校长"),
        stranger=make_principal(elsewhere, "钱校长"),
    )


@pytest.fixture
def acting(client: Client) -> Callable[[Capacity], Client]:
    """The browser of whoever acts."""

    def log_in(me: Capacity) -> Client:
        assert me.user is not None
        me.user.password_changed_at = timezone.now()
        me.user.save()
        client.force_login(me.user)
        return client

    return log_in
