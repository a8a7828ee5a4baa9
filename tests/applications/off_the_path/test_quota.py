"""推荐名额: how many an authority recommends."""

import pytest

from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import (
    Call,
    Quota,
)
from tests.applications.off_the_path.ways import S, decline, hand
from tests.factories.accounts import make_bureau, make_county, make_school
from tests.factories.applications import (
    acting,
    bring_to,
    make_application,
    make_call,
    make_lead,
)
from tests.factories.rounds import (
    owner,
    recommend,
    refusal,
    step,
    withdraw,
)

pytestmark = pytest.mark.django_db


def limit(call: Call, number: int, stage: str = "", authority: str = "红山区") -> None:
    """The authority may recommend so many."""
    Quota.objects.create(call=call, authority=make_county(authority), stage=stage, number=number)


@pytest.mark.core
def test_over_the_quota_nothing_is_recommended(call: Call) -> None:
    limit(call, 1)
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    recommend(first)
    officer = hand(second, S.AUTHORITY_REVIEW)
    assert refusal(APPLICATION, "recommend", second, officer, rank=2) == ["推荐名额共 1 个，已用完（第九条）"]


def test_a_quota_of_one_stage_leaves_the_others_free(call: Call) -> None:
    limit(call, 1, stage="primary")
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    kindergarten = make_lead(school=make_school(school_type="kindergarten"))
    third = bring_to(make_application(call, kindergarten), S.AUTHORITY_REVIEW)
    recommend(first)
    officer = hand(second, S.AUTHORITY_REVIEW)
    assert refusal(APPLICATION, "recommend", second, officer, rank=2) == [
        "小学学段推荐名额 1 个，已用完（第九条）"
    ]
    assert recommend(third).state == S.RECOMMENDED


@pytest.mark.parametrize(("quota", "goes"), [(0, False), (None, True)])
def test_a_quota_of_nought_is_nobody_and_none_is_no_limit(quota: int | None, goes: bool) -> None:
    application = bring_to(make_application(make_call(county_quota=quota)), S.AUTHORITY_REVIEW)
    if goes:
        assert recommend(application).state == S.RECOMMENDED
    else:
        officer = hand(application, S.AUTHORITY_REVIEW)
        assert refusal(APPLICATION, "recommend", application, officer, rank=1) == [
            "推荐名额共 0 个，已用完（第九条）"
        ]


def test_the_countys_own_quota_goes_before_the_common_one_and_another_county_has_its_own() -> None:
    call = make_call(county_quota=0)
    limit(call, 1, authority="松山区")
    lead = make_lead(school=make_school(make_county("松山区")))
    assert recommend(bring_to(make_application(call, lead), S.AUTHORITY_REVIEW)).state == S.RECOMMENDED


def test_schools_directly_under_the_bureau_have_a_quota_of_their_own() -> None:
    call = make_call(county_quota=0)
    bureau = make_bureau()
    first, second = (
        bring_to(make_application(call, make_lead(school=make_school(bureau))), S.AUTHORITY_REVIEW)
        for _ in range(2)
    )
    assert recommend(first).state == S.RECOMMENDED, "the counties' quota is not theirs"
    Quota.objects.create(call=call, authority=bureau, number=1)
    officer = hand(second, S.AUTHORITY_REVIEW)
    assert refusal(APPLICATION, "recommend", second, officer, rank=2) == ["推荐名额共 1 个，已用完（第九条）"]


@pytest.mark.parametrize(
    ("name", "frees"),
    [("owner_return", False), ("owner_return_school", False), ("owner_decline", True), ("withdraw", True)],
)
def test_what_is_returned_keeps_its_place_and_what_is_over_frees_it(
    call: Call, name: str, frees: bool
) -> None:
    limit(call, 1)
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    first = recommend(first)
    step(first, name, acting(first.lead) if name == "withdraw" else owner(call), opinion="见意见。")
    if frees:
        assert recommend(second).state == S.RECOMMENDED
    else:
        officer = hand(second, S.AUTHORITY_REVIEW)
        assert refusal(APPLICATION, "recommend", second, officer, rank=2)[0].startswith("推荐名额共 1 个")


def test_reinstating_what_was_recommended_needs_its_place_again(call: Call) -> None:
    limit(call, 1)
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    declined = decline(recommend(first), S.RECOMMENDED)
    recommend(second)
    chief = hand(declined, S.RECOMMENDED, Role.LEADER)
    assert refusal(APPLICATION, "reinstate", declined, chief) == ["推荐名额共 1 个，已用完（第九条）"]
    withdraw(second)
    assert step(declined, "reinstate", chief, opinion="名额已空出。").state == S.RECOMMENDED
