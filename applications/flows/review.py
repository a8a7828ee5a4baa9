"""Review (专家评审): one expert, one application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from applications import effects, scopes, scoring
from applications.flows import tells
from applications.models import Application, Call, Review, ReviewState
from office.flow import Flow, Station, Step, register
from office.models import Entry, NoticeKind
from office.notices import Telling, action

S = ReviewState


def _application(pk: int) -> list[Any]:
    """The row that owns the reviews of which the result is computed."""
    return [Application.objects.filter(reviews=pk)]


def _call_and_application(pk: int) -> list[Any]:
    """The call as well: what counts the sheets that are in holds its row."""
    return [Call.objects.filter(applications__reviews=pk), *_application(pk)]


def _due(review: Review, at: datetime) -> datetime | None:
    return review.application.call.score_by if review.state == S.ASSIGNED else None


def _far_apart(review: Review, entry: Entry) -> str:
    application = Application.objects.get(pk=review.application_id)
    return f"{application}：专家评分最高与最低相差 {application.spread} 分，请核对"


def _finished(review: Review, entry: Entry) -> str:
    call = review.application.call
    if not tells.open_sheets(review, of_all=True):
        return f"{call}：全部专家评分已提交"
    return f"{call}：{review.expert}已提交全部评分"


def _progress(review: Review) -> str:
    return reverse("call-progress", args=[review.application.call.number])


def _all_in(review: Review, entry: Entry) -> str:
    return f"{review.application.call}：全部专家评分已提交，请审定名单"


def _results(review: Review) -> str:
    return str(review.application.call.get_absolute_url())


REVIEW = register(
    Flow(
        name="review",
        label="专家评审",
        model=Review,
        path="reviews",
        visible=scopes.reviews_seen,
        title=F("application__studio_name"),
        subtitle=F("application__call__name"),
        sender=F("application__call__programme__owner__name"),
        due=_due,
        hands=lambda case: (case.application.call.programme.owner_id,),
        people=lambda case: (case.expert.user_id,),
        steps=(
            Step(
                "submit",
                "提交并锁定",
                prompt="专家评分",
                source=(S.ASSIGNED,),
                target=S.SUBMITTED,
                who=scopes.reviewer,
                needs=(scoring.in_review_period, scoring.sheet_complete),
                locks=_application,
                then=(effects.total_up, effects.refresh_result),
                tells=(
                    Telling(
                        tells.the_owner_when_far_apart,
                        NoticeKind.ACTION,
                        _far_apart,
                        lambda case: str(case.application.get_absolute_url()),
                        once=lambda case: f"scores-far-apart:{case.application_id}",
                    ),
                    Telling(tells.the_owner_when_finished, NoticeKind.PROGRESS, _finished, _progress),
                    action(tells.leaders_when_all_in, _all_in, _results),
                ),
                tone="primary",
                confirm=lambda case: "提交后评分锁定，不能再修改",
            ),
            Step(
                "recuse",
                "申请回避",
                source=(S.ASSIGNED,),
                target=S.RECUSED,
                who=scopes.reviewer,
                opinion=True,
                waits=False,
                locks=_application,
                then=(effects.refresh_result,),
                tells=(action(tells.the_owner_of_review),),
            ),
            Step(
                "release",
                "解除评审",
                source=(S.ASSIGNED,),
                target=S.RELEASED,
                who=scopes.review_owner,
                opinion=True,
                waits=False,
                locks=_application,
                then=(effects.refresh_result,),
                tells=(tells.the_expert,),
            ),
            Step(
                "reopen",
                "退回重评",
                source=(S.SUBMITTED,),
                target=S.ASSIGNED,
                who=scopes.review_owner,
                needs=(scoring.call_under_review,),
                opinion=True,
                waits=False,
                locks=_call_and_application,
                then=(effects.refresh_result,),
                tells=(action(tells.the_expert),),
            ),
            Step("drop", "申报终止", source=(S.ASSIGNED,), target=S.RELEASED, tells=(tells.the_expert,)),
        ),
        way=(
            Station("分配", ("begin",)),
            Station("评分", ("submit",), (S.ASSIGNED,)),
        ),
        tones={S.ASSIGNED: "amber", S.SUBMITTED: "green", S.RECUSED: "grey", S.RELEASED: "grey"},
    )
)
