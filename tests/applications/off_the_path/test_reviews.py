"""回避、解除、另行分配: experts who do not judge after all."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from applications import panels
from applications.flows import REVIEW
from applications.models import (
    Application,
    Call,
    Review,
    ReviewState,
)
from office.door import Refused, take
from tests.applications.off_the_path.ways import (
    S,
)
from tests.factories.accounts import make_principal
from tests.factories.applications import (
    DURING,
    add_member,
    bring_to,
    make_application,
)
from tests.factories.rounds import (
    SCORED_ON,
    again,
    judge,
    judging,
    make_expert,
    owner,
    refusal,
    score,
    seat_panel,
    start_review,
)

pytestmark = pytest.mark.django_db


def test_an_expert_recuses_and_another_is_assigned(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user", "application").first()
    me = judging(review.expert)
    assert refusal(REVIEW, "recuse", review, me, SCORED_ON, "") == ["请填写意见"]
    take(REVIEW, "recuse", review.pk, me, SCORED_ON, "与申报人曾为同事。")
    stand_in = make_expert()
    panels.assign(call, application.pk, stand_in.pk, owner(call), SCORED_ON)
    judge(call)
    assert again(application).valid_reviews == 3
    assert application.reviews.filter(state=ReviewState.SUBMITTED, expert=stand_in).exists()


def test_who_recused_is_not_assigned_again(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user").first()
    take(REVIEW, "recuse", review.pk, judging(review.expert), SCORED_ON, "与申报人曾为同事。")
    with pytest.raises(Refused, match="已评审、回避过该申报"):
        panels.assign(call, application.pk, review.expert_id, owner(call), SCORED_ON)


def test_the_officer_releases_an_expert_who_is_away(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user").first()
    me = judging(review.expert)
    with pytest.raises(PermissionDenied):
        take(REVIEW, "release", review.pk, me, SCORED_ON, "出差")
    take(REVIEW, "release", review.pk, owner(call), SCORED_ON, "专家因病不能评审。")
    with pytest.raises(Review.DoesNotExist):
        take(REVIEW, "submit", review.pk, me, SCORED_ON)
    panels.assign(call, application.pk, make_expert().pk, owner(call), SCORED_ON)


def test_a_sheet_is_reopened_and_the_result_follows(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    judge(call, "0.9")
    before = again(application).score
    review = application.reviews.select_related("application__call", "expert__user").first()
    take(REVIEW, "reopen", review.pk, owner(call), SCORED_ON, "第三项漏看附件，请复核。")
    assert again(application).valid_reviews == 2
    review.refresh_from_db()
    score(review, "1.0")
    assert again(application).score > before


@pytest.mark.parametrize("why", ["own school", "relative", "proposed member"])
def test_whoever_is_too_near_gets_nothing_to_judge(call: Call, why: str) -> None:
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    near = make_expert(unit=application.school if why == "own school" else None)
    if why == "relative":
        near.ties.create(principal=application.lead, relation="夫妻")
    panels.seat(call, application.stage, near.pk, owner(call), DURING)
    if why == "proposed member":
        # Asked after the panel was made up: whoever is involved by then gets no seat at all.
        draft = make_application(call, complete=False)
        add_member(draft, make_principal(user=near.user), accepted=False)
    far = seat_panel(call)
    start_review(call)
    assert {review.expert for review in application.reviews.all()} == set(far)
