"""The stops at which an application is returned or declined, and the acts of those who have it there."""

from datetime import datetime

import pytest

from accounts.capacity import Capacity
from accounts.models import Role
from applications.models import (
    Application,
    ApplicationState,
)
from tests.factories.applications import (
    DURING,
    acting,
    someone,
)
from tests.factories.rounds import (
    change,
    step,
)

S = ApplicationState
WORDS = "三年规划请写明拟帮扶的学校。"
# Where an application is, who has it there, and by which names they return and decline it.
STOPS = {
    S.SCHOOL_REVIEW: ("school", "school_return", "school_decline"),
    S.AUTHORITY_REVIEW: ("authority", "authority_return", "authority_decline"),
    S.RECOMMENDED: ("owner", "owner_return", "owner_decline"),
}
at_every_stop = pytest.mark.parametrize("stop", list(STOPS))


def hand(application: Application, stop: str, role: str = Role.OFFICER) -> Capacity:
    """Whoever has the application at ``stop``."""
    places = {"school": application.school, "authority": application.authority}
    return someone(role, places.get(STOPS[S(stop)][0], application.call.programme.owner))


def give_back(application: Application, stop: str, at: datetime = DURING, **given: object) -> Application:
    return step(application, STOPS[S(stop)][1], hand(application, stop), at, WORDS, **given)


def decline(application: Application, stop: str, at: datetime = DURING) -> Application:
    return step(application, STOPS[S(stop)][2], hand(application, stop), at, "不符合本年度重点。")


def mend(application: Application, at: datetime = DURING) -> Application:
    change(application, "plan", at, aims="三年内帮扶柳条沟小学等六所乡村学校。")
    return step(application, "resubmit", acting(application.lead), at)
