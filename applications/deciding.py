"""What a call needs before it opens, is reviewed, is decided; and what its leader is shown to decide on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from applications.dates import any_open, last_submission
from applications.models import Application, ApplicationState, Call, PanelSeat, Review, ReviewState
from applications.recusal import conflicts
from applications.scoring import WIDE_SPREAD
from office.attachments import slots
from office.flow import Missing
from office.words import moment
from studios.models import Stage

# The slot of the meeting's minutes.
MINUTES = "minutes"


def _edit(call: Call) -> str:
    return reverse("call-edit", args=[call.number])


def ready_to_open(call: Call, at: datetime) -> Iterator[Missing]:
    """Dates, places, materials, rubric are complete (Art. 9, 13)."""
    if at > call.submit_by:
        yield Missing("申报截止时间已过，请调整", 9, _edit(call))
    if call.start_on <= localdate(call.score_by):
        yield Missing("建设周期起始日应在专家评分截止之后", 5, _edit(call))
    if not call.places.filter(number__gt=0).exists():
        yield Missing("请至少设定一个学段的拟建数量", 9, _edit(call))
    if not call.materials.filter(required=True).exists():
        yield Missing("请设定申报材料", 9, _edit(call))
    if call.rubric is None:
        yield Missing("请选定评分标准", 9, _edit(call))
    elif call.rubric.total() != 100:
        yield Missing(f"评分标准合计应为 100 分，现为 {call.rubric.total()} 分", 9, _edit(call))


def what_opening_does(call: Call) -> str:
    places = sum(call.places.values_list("number", flat=True))
    return (
        f"将印发申报通知并开放申报：{moment(call.opens_at)}至{moment(call.submit_by)}，拟建工作室 {places} 个"
    )


def window_closed(call: Call, at: datetime) -> Iterator[Missing]:
    """Experts judge once nobody can apply any more."""
    last = last_submission(call)
    if at <= last:
        yield Missing(f"申报至{moment(last)}截止，届时方可开始评审", 9)


def nobody_applies(at: datetime) -> Q:
    """Calls whose window has closed, also for those whose dates were put off."""
    return ~any_open(at)


def panels_ready(call: Call, at: datetime) -> Iterator[Missing]:
    """Every stage with applications has a panel with enough experts, and enough of them may judge each."""
    judged = list(call.applications.filter(state=ApplicationState.UNDER_REVIEW))
    if not judged:
        yield Missing("还没有通过形式审查的申报", 9, reverse("application-list"))
        return
    places = list(
        PanelSeat.objects.filter(panel__call=call).select_related("panel", "expert__user", "expert__unit")
    )
    seats = Counter(place.panel.stage for place in places)
    for stage in sorted({application.stage for application in judged}):
        if seats[stage] < call.valid_reviews_min:
            yield Missing(
                f"{Stage(stage).label}评审组现有 {seats[stage]} 名专家，至少需要 {call.valid_reviews_min} 名",
                9,
                reverse("call-panel", args=[call.number, stage]),
            )
    enough = [application for application in judged if seats[application.stage] >= call.valid_reviews_min]
    yield from _fit_experts(call, places, enough)


def _fit_experts(call: Call, places: list[PanelSeat], judged: list[Application]) -> Iterator[Missing]:
    """Enough experts of its panel may judge each application (回避)."""
    barred = conflicts({place.expert for place in places}, judged)
    for application in judged:
        fit = sum(
            place.panel.stage == application.stage and (place.expert_id, application.pk) not in barred
            for place in places
        )
        if fit < call.valid_reviews_min:
            yield Missing(
                f"{application}：评审组中除须回避的仅 {fit} 名专家，至少需要 {call.valid_reviews_min} 名",
                9,
                reverse("call-panel", args=[call.number, application.stage]),
            )


def what_reviewing_does(call: Call) -> str:
    number = call.applications.filter(state=ApplicationState.UNDER_REVIEW).count()
    return f"将把 {number} 份申报分配给各学段评审组，专家随即可以评分，截止{moment(call.score_by)}"


def none_under_way(call: Call, at: datetime) -> Iterator[Missing]:
    """The list is decided when nothing is still on its way to the experts."""
    number = call.applications.filter(state__in=ApplicationState.undecided).count()
    if number:
        yield Missing(
            f"还有 {number} 份申报在审核或修改中", 9, f"{reverse('application-list')}?call={call.number}"
        )


def scores_in(at: datetime) -> Q:
    """Calls whose leader can turn to the list: nobody scores any more, or the date for scores has passed."""
    outstanding = Review.objects.filter(application__call=OuterRef("pk"), state=ReviewState.ASSIGNED)
    return Q(score_by__lt=at) | ~Q(Exists(outstanding))


def reviews_in(call: Call, at: datetime) -> Iterator[Missing]:
    """Every review is in, recused or released, and each application has enough of them."""
    judged = call.applications.filter(state=ApplicationState.UNDER_REVIEW)
    outstanding = Review.objects.filter(application=OuterRef("pk"), state=ReviewState.ASSIGNED)
    where = reverse("call-progress", args=[call.number])
    waiting = judged.filter(Exists(outstanding)).count()
    if waiting:
        yield Missing(f"{waiting} 份申报还有专家未提交评分", 9, where)
    few = judged.filter(valid_reviews__lt=call.valid_reviews_min).count()
    if few:
        yield Missing(f"{few} 份申报的有效评审不足 {call.valid_reviews_min} 份", 9, where)


@dataclass(frozen=True)
class Proposal:
    """What the scores say of one application: its place within the stage, pass or fail, and what to look at."""

    place: int | None
    result: str
    tied: bool
    vetoed: bool
    wide: bool


def proposals(call: Call) -> dict[int, Proposal]:
    """For each application under review, by pk: line, then place within the stage's number (PRACTICE)."""
    vetoes = Review.objects.filter(application=OuterRef("pk"), state=ReviewState.SUBMITTED, veto=True)
    rows = list(
        call.applications.filter(state=ApplicationState.UNDER_REVIEW)
        .annotate(vetoed=Exists(vetoes))
        .values_list("pk", "stage", "score", "spread", "vetoed")
    )
    places = dict(call.places.values_list("stage", "number"))
    found = {}
    for pk, stage, score, wide, vetoed in rows:
        fellows = [other for _, of, other, _, _ in rows if of == stage and other is not None]
        place = None if score is None else 1 + sum(other > score for other in fellows)
        above = score is not None and score >= call.application_line
        good = above and place is not None and place <= places.get(stage, 0)
        found[pk] = Proposal(
            place=place,
            result="pass" if good and not vetoed else "fail",
            tied=score is not None and fellows.count(score) > 1,
            vetoed=vetoed,
            wide=(wide or Decimal(0)) > WIDE_SPREAD,
        )
    return found


def passed_over(rows: Iterable[Application]) -> dict[int, list[Application]]:
    """For each application meant to pass, by pk, those its authority ranked before it in the stage that are meant to fail.

    ``rows`` are applications of one call with the results intended; where nobody is passed over there is no key.
    """
    failing = [row for row in rows if row.result == "fail" and row.rank]
    found = {}
    for row in rows:
        before = [
            other
            for other in failing
            if (other.authority_id, other.stage) == (row.authority_id, row.stage)
            and (other.rank or 0) < (row.rank or 0)
        ]
        if row.result == "pass" and before:
            found[row.pk] = sorted(before, key=lambda other: other.rank or 0)
    return found


def reasons(application: Application) -> str:
    """Why its result is not what scores or ranks propose, as the history tells it."""
    rank = application.rank_deviation.strip()
    return "；".join(
        words
        for words in (application.deviation.strip(), f"与推荐排序不一致：{rank}" if rank else "")
        if words
    )


def results_given(call: Call, at: datetime) -> Iterator[Missing]:
    """Each application has its result, and every deviation from the scores or from the county's ranks its reason."""
    where = reverse("call-results", args=[call.number])
    proposed = proposals(call)
    judged = list(call.applications.filter(state=ApplicationState.UNDER_REVIEW))
    open_, bare = 0, []
    for application in judged:
        if not application.result:
            open_ += 1
        elif application.result != proposed[application.pk].result and not application.deviation.strip():
            bare.append(application)
    if open_:
        yield Missing(f"{open_} 份申报尚未拟定结果", 9, where)
    for application in bare:
        yield Missing(f"{application}的拟定结果与评审结果不一致，请写明理由", 9, where)
    over = passed_over(judged)
    for application in judged:
        if application.pk in over and not application.rank_deviation.strip():
            names = "、".join(str(other) for other in over[application.pk])
            yield Missing(f"{application}拟通过，而推荐排序在前的{names}拟不通过，请写明理由", 9, where)


def minutes_attached(call: Call, at: datetime) -> Iterator[Missing]:
    """A leader's list carries the minutes of the meeting that discussed it."""
    if MINUTES not in slots(call):
        yield Missing("请上传审定名单的会议纪要", 9, f"{call.get_absolute_url()}?tab=results")


def what_deciding_does(call: Call) -> str:
    results = Counter(
        Application.objects.filter(call=call, state=ApplicationState.UNDER_REVIEW).values_list(
            "result", flat=True
        )
    )
    return f"将确定通过 {results['pass']} 个、不通过 {results['fail']} 个，此后不能再改评分和名单"


def what_cancelling_does(call: Call) -> str:
    number = call.applications.filter(state__in=ApplicationState.withdrawable).count()
    return f"将取消本批次，{number} 份进行中的申报一并失效"
