"""异议: held, upheld, dismissed, too late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from applications.flows import OBJECTION
from applications.models import (
    Application,
    Call,
    MemberState,
    Objection,
)
from applications.rules import GRACE
from applications.timekeeping import keep
from office.door import Refused, take
from tests.applications.off_the_path.ways import (
    S,
)
from tests.factories.accounts import capacity, make_bureau
from tests.factories.applications import (
    acting,
)
from tests.factories.rounds import (
    CONCLUDED_ON,
    PUBLISHED_ON,
    again,
    announce,
    answer,
    conclude,
    object_to,
    on,
    owner,
    refusal,
)

pytestmark = pytest.mark.django_db


@pytest.mark.core
def test_an_objection_upheld_ends_the_application_and_frees_its_members(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    conclude(application.publicity)
    assert again(application).state == S.HELD
    answer(objection, "uphold", CONCLUDED_ON)
    application = again(application)
    assert application.state == S.REJECTED
    assert set(application.members.values_list("state", flat=True)) == {MemberState.LAPSED}


def test_upheld_before_the_end_it_takes_effect_with_the_end(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    answer(object_to(application, PUBLISHED_ON), "uphold", PUBLISHED_ON + timedelta(days=1))
    assert again(application).state == S.PUBLICISED
    conclude(application.publicity)
    assert again(application).state == S.REJECTED


@pytest.mark.core
def test_an_objection_dismissed_lets_the_application_go_on_to_a_later_announcement(
    call: Call, send: Callable[[str], Application]
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    conclude(application.publicity)
    answer(objection, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.CONFIRMED
    announce(call)
    assert again(application).state == S.ANNOUNCED


def test_an_objection_that_is_not_admitted_holds_nothing(
    call: Call, send: Callable[[str], Application]
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    assert refusal(OBJECTION, "not_admit", objection, owner(call), PUBLISHED_ON, "") == ["请填写意见"]
    take(OBJECTION, "not_admit", objection.pk, owner(call), PUBLISHED_ON, "未留真实姓名。")
    conclude(application.publicity)
    assert again(application).state == S.CONFIRMED


def test_it_holds_until_the_last_of_two_objections_is_answered(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    first, second = (object_to(application, PUBLISHED_ON + timedelta(hours=hour)) for hour in (1, 2))
    conclude(application.publicity)
    answer(first, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.HELD
    answer(second, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.CONFIRMED


def test_of_two_objections_one_upheld_is_enough_and_the_other_is_still_answered(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    first, second = (object_to(application, PUBLISHED_ON + timedelta(hours=hour)) for hour in (1, 2))
    conclude(application.publicity)
    answer(first, "uphold", CONCLUDED_ON)
    assert again(application).state == S.REJECTED
    answer(second, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.REJECTED


@pytest.mark.core
def test_an_objection_of_the_last_second_counts_and_one_second_later_is_too_late(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    object_to(application, on(2026, 6, 3, 23, 59, 59))
    with pytest.raises(Refused, match="公示期已于2026年6月3日 23:59结束，不再受理异议"):
        object_to(application, on(2026, 6, 4, 0, 0, 0))
    assert Objection.objects.count() == 1


def test_an_objection_of_the_last_second_that_arrives_after_the_conclusion_holds_again(
    call: Call, send: Callable[[str], Application]
) -> None:
    """It was sent at 23:59:59 and stood in line while the officer concluded at 00:00:00."""
    application = send(S.PUBLICISED)
    conclude(application.publicity, on(2026, 6, 4, 0, 0, 0))
    assert again(application).state == S.CONFIRMED
    object_to(application, on(2026, 6, 3, 23, 59, 59))
    assert again(application).state == S.HELD


def test_the_clock_concludes_a_publicity_once(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    ends = application.publicity.ends_at
    assert keep(ends + GRACE) == 0
    assert keep(ends + GRACE + timedelta(seconds=1)) == 1
    assert keep(ends + GRACE + timedelta(days=1)) == 0
    assert again(application).state == S.CONFIRMED


def test_the_applicant_neither_sees_nor_answers_the_objection(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    with pytest.raises(Objection.DoesNotExist):
        take(OBJECTION, "investigate", objection.pk, acting(application.lead), PUBLISHED_ON)
    also_officer = capacity(application.lead.user, make_bureau(), Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(OBJECTION, "investigate", objection.pk, also_officer, PUBLISHED_ON)
