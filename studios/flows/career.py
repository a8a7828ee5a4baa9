"""CareerPlan (职业发展规划, Art. 8-2): filled in by lead and member, signed by both, followed, closed with a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db.models import F, Q

from office.door import Act, begin, follow
from office.filing.fields import value_of
from office.filing.pages import form_complete
from office.filing.reading import snapshot
from office.flow import Flow, Missing, Station, Step, also, either, register
from office.models import Entry
from office.notices import action, progress, result
from studios.flows import tells
from studios.flows.membership import MEMBERSHIP
from studios.layouts.career import YEARS
from studios.models import CareerPlan, CareerState, Membership
from studios.scopes import career as scopes
from studios.signing import ReadForm, as_read

S = CareerState


def _lead(case: CareerPlan) -> Iterable[int]:
    return tells.the_lead(case.membership)


def _member(case: CareerPlan) -> Iterable[int]:
    return tells.the_member(case.membership)


def _both(case: CareerPlan) -> Iterable[int]:
    return [*_lead(case), *_member(case)]


def goals_for_each_year(case: CareerPlan, at: datetime) -> Iterator[Missing]:
    """分年目标: every year has a goal."""
    section = case.layout.section("goals")
    given = {row.get("year") for row in value_of(case, section, section.field("goals"))}
    for year, label in YEARS:
        if year not in given:
            yield Missing(f"还没有{label}的目标", 8)


def _sign(who: str) -> Callable[[CareerPlan, Act], None]:
    def sign(case: CareerPlan, act: Act) -> None:
        setattr(case, f"{who}_signed_at", act.at)
        setattr(case, f"{who}_signed_version", case.version)
        case.save(update_fields=[f"{who}_signed_at", f"{who}_signed_version"])
        if case.member_signed and case.lead_signed:
            follow(case, "agree", act.me, act.at, cause=act.entry)

    return sign


def _unsigned(who: str) -> Q:
    """The signature is not given, or was given for other words."""
    return Q(**{f"{who}_signed_version__isnull": True}) | ~Q(**{f"{who}_signed_version": F("version")})


def _keep_version(case: CareerPlan, act: Act) -> None:
    revised = Entry.objects.of(case).filter(step="revise").last()
    reason = revised.opinion[:500] if revised else ""
    case.versions.create(number=case.versions.count() + 1, content=snapshot(case), reason=reason, at=act.at)


def _take_back_signatures(case: CareerPlan, act: Act) -> None:
    case.member_signed_version = case.lead_signed_version = None
    case.save(update_fields=["member_signed_version", "lead_signed_version"])


def report_given(case: CareerPlan, at: datetime) -> Iterator[Missing]:
    """The growth report closes the plan."""
    if not case.growth_report.strip():
        yield Missing("请填写成长报告", 8, here=True)


CAREER_PLAN = register(
    Flow(
        name="careerplan",
        label="职业发展规划",
        model=CareerPlan,
        path="career-plans",
        visible=scopes.career_plans_seen,
        title=F("membership__principal__name"),
        subtitle=F("membership__principal__school__name"),
        sender=F("membership__studio__name"),
        hands=lambda case: (case.membership.studio.programme.owner_id,),
        people=lambda case: (case.membership.principal.user_id, case.membership.studio.lead.user_id),
        steps=(
            Step(
                "sign_member",
                "成员签署",
                prompt="商定并签署职业发展规划",
                source=(S.DRAFT,),
                target=None,
                who=scopes.member_self,
                own=True,
                when=_unsigned("member"),
                turn=scopes.seat_held,
                needs=(form_complete, goals_for_each_year, as_read),
                fields=("read",),
                form=ReadForm,
                then=(_sign("member"),),
                tells=(action(_lead),),
                tone="primary",
                confirm=lambda case: "签署后双方再改动内容，签名即失效，须重新签署",
            ),
            Step(
                "sign_lead",
                "领衔人签署",
                prompt="商定并签署职业发展规划",
                source=(S.DRAFT,),
                target=None,
                who=scopes.lead,
                when=_unsigned("lead"),
                turn=scopes.seat_held,
                needs=(form_complete, goals_for_each_year, as_read),
                fields=("read",),
                form=ReadForm,
                then=(_sign("lead"),),
                tells=(action(_member),),
                tone="primary",
                confirm=lambda case: "签署后双方再改动内容，签名即失效，须重新签署",
            ),
            Step(
                "agree",
                "双方商定",
                source=(S.DRAFT,),
                target=S.AGREED,
                then=(_keep_version,),
                tells=(result(_both),),
            ),
            Step(
                "revise",
                "修订",
                source=(S.AGREED,),
                target=S.DRAFT,
                who=either(scopes.member_self, scopes.lead),
                own=True,
                opinion=True,
                waits=False,
                then=(_take_back_signatures,),
                tells=(action(_both),),
            ),
            Step(
                "close",
                "结业",
                source=(S.AGREED,),
                target=S.CLOSED,
                who=scopes.lead,
                waits=False,
                fields=("growth_report",),
                asked=("growth_report",),
                needs=(report_given,),
                tells=(result(_member), progress(lambda case: tells.the_owner(case.membership))),
                confirm=lambda case: f"{case}以成长报告结业，不再修订",
            ),
            Step("lapse", "不再办理", source=(S.DRAFT,), target=S.LAPSED),
        ),
        way=(
            Station("填写", ("begin", "revise"), (S.DRAFT,)),
            Station("双方签署", ("agree",), (S.AGREED,)),
            Station("结业", ("close",), (S.CLOSED,)),
        ),
        tones={S.DRAFT: "amber", S.AGREED: "green", S.CLOSED: "grey", S.LAPSED: "grey"},
    )
)


@also(MEMBERSHIP, "join")
def open_career_plan(case: Membership, act: Act) -> None:
    """With the member in the seat, the plan stands on both desks; who joins again has theirs already."""
    if not CareerPlan.objects.filter(membership=case).exists():
        begin(CareerPlan(membership=case), act.me, act.at, "开始填写", cause=act.entry)


@also(MEMBERSHIP, "note_left", "take_lead", "end")
def lapse_career_plan(case: Membership, act: Act) -> None:
    """What was not agreed when the member left is agreed no more; what was, is closed by the lead."""
    for plan in CareerPlan.objects.filter(membership=case, state=S.DRAFT, versions__isnull=True):
        follow(plan, "lapse", act.me, act.at, cause=act.entry)
