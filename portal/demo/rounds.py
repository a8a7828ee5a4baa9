"""The rounds the demonstration plays: one of last year up to its studios, and three of the present at different points."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import Principal, SchoolType
from applications import division, members, supplementing
from applications.call_forms import authorities_of
from applications.dates import NAMES
from applications.extending import Planned
from applications.flows import APPLICATION, CALL, OBJECTION, PUBLICITY
from applications.models import (
    Application,
    ApplicationState,
    Call,
    Review,
    ReviewState,
)
from applications.supplementing import Supplement
from evaluations.models import Rubric
from office.door import take
from portal.demo.calling import (
    Plan,
    decide,
    issue,
    judge,
    make_call,
    object_to,
    publish,
    seat_panels,
)
from portal.demo.cast import Cast
from portal.demo.stage import Stage, at_time, pool
from portal.demo.work import Work
from studios.models import Membership, MembershipState, Studio, StudioState
from studios.models import Stage as SchoolStage

LAST_YEAR = {
    "松山区木兰实验小学": 0.90,
    "松山区兴安初级中学": 0.93,
    "赤峰市直属机关第一幼儿园": 0.86,
    "阿鲁科尔沁旗天河第一高级中学": 0.88,
}
FEATURED = (
    "红山区松林实验小学",
    "红山区清泉第二小学",
    "红山区玉屏小学",
    "红山区英金实验初级中学",
    "松山区木兰实验小学",
    "松山区兴安初级中学",
    "红山区蓝天幼儿园",
    "赤峰市直属实验小学",
    "赤峰市直属机关第一幼儿园",
    "赤峰市明远高级中学",
    "阿鲁科尔沁旗天河第一高级中学",
    "巴林右旗赛罕蒙古族幼儿园",
    "敖汉旗新城第三小学",
    "喀喇沁旗锦川实验小学",
)
STILL_PREPARING = "阿鲁科尔沁旗天河第一高级中学"


def of_school_type(*types: str, exclude: set[int]) -> list[Principal]:
    """Heads of such schools in the order of their names, those in ``exclude`` apart."""
    rows = Principal.objects.filter(school__school_type__in=types, user__isnull=False, head=True)
    return [row for row in rows.select_related("school").order_by("sort_key", "pk") if row.pk not in exclude]


class Rounds:
    """Plays everything, from ``now`` backwards."""

    def __init__(self, cast: Cast, rubric: Rubric, now: datetime, say: Any) -> None:
        self.cast = cast
        self.rubric = rubric
        self.now = now
        self.say = say
        self.random = Random(2026)
        self.used: set[int] = set(
            Principal.objects.filter(school__name__in=FEATURED).values_list("pk", flat=True)
        )

    def lead(self, school: str) -> Principal:
        return Principal.objects.select_related("school").get(school__name=school)

    def members(self, *types: str, count: int) -> Any:
        """``count`` principals nobody else asks."""
        rows = of_school_type(*types, exclude=self.used)[:count]
        self.used |= {row.pk for row in rows}
        return pool(rows)

    def play(self) -> None:
        self.say("上一轮：从申报到挂牌")
        self.last_year()
        self.say("本轮（高中）：公示中，有异议")
        self.in_publicity()
        self.say("本轮（幼儿园）：专家评审中")
        self.in_review()
        self.say("本轮（小学、初中）：申报和推荐中")
        self.open_now()

    def _start_after(self, moment: datetime) -> date:
        return date(timezone.localtime(moment).year + 1, 1, 1)

    def last_year(self) -> None:
        year = timezone.localtime(self.now).year
        opens = at_time(self.now.replace(year=year - 1, month=9, day=1), 8)
        stages = dict.fromkeys(SchoolStage.values, 2)
        plan = Plan(f"{year - 1}年度名校长工作室申报", opens, 20, 55, stages, date(year, 1, 1))
        call = make_call(self.cast, plan, self.rubric)
        types = (SchoolType.KINDERGARTEN, SchoolType.PRIMARY, SchoolType.JUNIOR)
        weakest = self._spare(SchoolType.PRIMARY, "元宝山区")
        stage = Stage(self.cast, call, self.members(*types, count=40), self.random)
        levels = {}
        leads = [(self.lead(school), level) for school, level in LAST_YEAR.items()]
        for lead, level in [*leads, (weakest, 0.66)]:
            application = stage.to_review(lead, opens + timedelta(days=3), rank=1)
            levels[application.pk] = level
            seven = 7 if lead.school.name == STILL_PREPARING else None
            stage.consent(application, opens + timedelta(days=10), count=seven)
        seat_panels(stage, 5)
        take(CALL, "start_review", call.pk, stage.owner, opens + timedelta(days=32))
        judge(stage, opens + timedelta(days=45), levels)
        decide(stage, opens + timedelta(days=60))
        self._conclude(stage, opens + timedelta(days=65))
        work = Work(
            self.cast,
            Studio.objects.get(lead=self.lead("松山区兴安初级中学")),
            Studio.objects.get(lead=self.lead("松山区木兰实验小学")),
            self.now,
        )
        work.play()
        preparing = Studio.objects.get(state=StudioState.PREPARING)
        work.longer(preparing, self.now - timedelta(days=2))

    def _conclude(self, stage: Stage, at: datetime) -> None:
        publicity = publish(stage, at)
        first = publicity.applications.order_by("pk")[0]
        objection = object_to(first, at + timedelta(days=2), "钱学文", "对该校近三年获奖材料的真实性有疑问。")
        take(OBJECTION, "investigate", objection.pk, stage.owner, at + timedelta(days=3))
        answer = "经查阅原件并向颁奖单位核实，材料属实。"
        take(OBJECTION, "dismiss", objection.pk, stage.leader, at + timedelta(days=5), answer)
        over = (publicity.ends_at or at) + timedelta(hours=10)
        take(PUBLICITY, "conclude", publicity.pk, stage.owner, over)
        issue(stage, over)

    def in_publicity(self) -> None:
        opens = at_time(self.now - timedelta(days=110), 8)
        stages: dict[str, int] = {SchoolStage.SENIOR: 3}
        start = self._start_after(self.now + timedelta(days=30))
        plan = Plan(f"{start.year - 1}年度名校长工作室申报（高中）", opens, 20, 60, stages, start)
        call = make_call(self.cast, plan, self.rubric)
        heads = [self.lead("赤峰市明远高级中学"), *of_school_type(SchoolType.SENIOR, exclude=self.used)[:3]]
        self.used |= {head.pk for head in heads}
        stage = Stage(
            self.cast, call, self.members(SchoolType.SENIOR, SchoolType.NINE_YEAR, count=32), self.random
        )
        ranks: dict[int | None, int] = {}
        levels = {}
        for number, head in enumerate(heads):
            ranks[head.school.parent_id] = rank = ranks.get(head.school.parent_id, 0) + 1
            application = stage.to_review(head, opens + timedelta(days=2 + number), rank)
            levels[application.pk] = 0.93 - number * 0.04
        seat_panels(stage, 5)
        take(CALL, "start_review", call.pk, stage.owner, opens + timedelta(days=35))
        judge(stage, opens + timedelta(days=50), levels)
        decide(stage, self.now - timedelta(days=6))
        publicity = publish(stage, self.now - timedelta(days=2))
        first, second = publicity.applications.order_by("pk")[:2]
        yesterday = self.now - timedelta(days=1)
        handled = object_to(first, yesterday, "金小满", "申报书所列课题成果与实际承担情况不一致，请核查。")
        take(OBJECTION, "investigate", handled.pk, stage.owner, yesterday + timedelta(hours=3))
        object_to(second, yesterday, "白文秀", "该校长任职年限与公示条件不符。")

    def in_review(self) -> None:
        opens = at_time(self.now - timedelta(days=60), 8)
        start = self._start_after(self.now + timedelta(days=30))
        plan = Plan(
            f"{start.year - 1}年度名园长工作室申报（幼儿园）",
            opens,
            20,
            66,
            {SchoolStage.KINDERGARTEN: 3},
            start,
        )
        call = make_call(self.cast, plan, self.rubric)
        heads = [self.lead("红山区蓝天幼儿园"), self.lead("巴林右旗赛罕蒙古族幼儿园")]
        heads += of_school_type(SchoolType.KINDERGARTEN, exclude=self.used)[:3]
        self.used |= {head.pk for head in heads}
        stage = Stage(self.cast, call, self.members(SchoolType.KINDERGARTEN, count=40), self.random)
        ranks: dict[int | None, int] = {}
        levels = {}
        for number, head in enumerate(heads):
            ranks[head.school.parent_id] = rank = ranks.get(head.school.parent_id, 0) + 1
            application = stage.to_review(head, opens + timedelta(days=2 + number), rank)
            levels[application.pk] = 0.92 - number * 0.05
        seat_panels(stage, 7)
        take(CALL, "start_review", call.pk, stage.owner, opens + timedelta(days=34))
        reviews = Review.objects.filter(application__call=call).select_related("expert__user", "application")
        for number, review in enumerate(reviews.order_by("expert", "pk")):
            if review.expert.user.username == "expert" or review.state != ReviewState.ASSIGNED:
                continue
            stage.score(
                review, self.now - timedelta(days=4), levels[review.application_id], submit=number % 4 != 0
            )

    def open_now(self) -> None:
        opens = at_time(self.now - timedelta(days=16), 8)
        start = self._start_after(self.now + timedelta(days=30))
        plan = Plan(
            f"{start.year - 1}年度名校长工作室申报（小学、初中）",
            opens,
            26,
            45,
            {SchoolStage.PRIMARY: 6, SchoolStage.JUNIOR: 4},
            start,
        )
        call = make_call(self.cast, plan, self.rubric)
        self.spare_leads = [
            self._spare(SchoolType.PRIMARY),
            self._spare(SchoolType.PRIMARY, "松山区"),
            self._spare(SchoolType.JUNIOR),
            self._spare(SchoolType.JUNIOR),
        ]
        self.stage = Stage(
            self.cast, call, self.members(SchoolType.PRIMARY, SchoolType.JUNIOR, count=88), self.random
        )
        self._on_their_way(opens)
        self._off_the_path(opens)
        self._divide_and_put_off(call)

    def _divide_and_put_off(self, call: Call) -> None:
        """The bureau's officer looks after two counties; a third has three more days, told by a notice."""
        at = self.now - timedelta(days=1)
        officer = self.cast.officer(self.cast.bureau.pk)
        counties = {each.label: each for each in authorities_of(call)}
        parts = [
            (counties[name].pk, stage) for name in ("红山区", "松山区") for stage in division.stages(call)
        ]
        assert officer.appointment
        division.keep(call, dict.fromkeys(parts, officer.appointment.pk), officer, at)
        later = {name: getattr(call, name) + timedelta(days=3) for name in NAMES}
        planned = {"planned": Planned(counties["林西县"], later)}
        take(CALL, "extend", call.pk, officer, at, "林西县受暴雪影响，部分学校停课。", planned)
        call = Call.objects.get(pk=call.pk)
        notice = {"supplement": Supplement(supplementing.untold(call)[0], "", timezone.localdate(at))}
        take(CALL, "supplement", call.pk, officer, at, given=notice)

    def _on_their_way(self, opens: datetime) -> None:
        """One or more at every stage from the draft to the experts."""
        stage = self.stage
        stage.draft(self.spare_leads[0], opens + timedelta(days=9), asked=8, accepted=5)
        waiting = stage.draft(self.lead("红山区清泉第二小学"), opens + timedelta(days=8))
        stage.submit(waiting, opens + timedelta(days=13))
        for school in ("红山区玉屏小学", "红山区英金实验初级中学", "赤峰市直属实验小学"):
            application = stage.draft(self.lead(school), opens + timedelta(days=3))
            stage.submit(application, opens + timedelta(days=7))
            stage.endorse(application, opens + timedelta(days=10))
        application = stage.draft(self.spare_leads[1], opens + timedelta(days=4))
        stage.submit(application, opens + timedelta(days=7))
        stage.endorse(application, opens + timedelta(days=9))
        application = stage.draft(self.lead("敖汉旗新城第三小学"), opens + timedelta(days=3))
        stage.submit(application, opens + timedelta(days=6))
        stage.endorse(application, opens + timedelta(days=8))
        stage.recommend(application, opens + timedelta(days=11), 1)
        stage.to_review(self.lead("喀喇沁旗锦川实验小学"), opens + timedelta(days=2), 1)

    def _off_the_path(self, opens: datetime) -> None:
        """Returned, declined, withdrawn."""
        stage, cast = self.stage, self.cast
        returned = stage.draft(self.lead("红山区松林实验小学"), opens + timedelta(days=2))
        stage.submit(returned, opens + timedelta(days=5))
        stage.endorse(returned, opens + timedelta(days=7))
        words = "三年规划中“示范辐射”部分请写明拟帮扶的学校名称；经费预算的课酬偏高，请调整。"
        take(
            APPLICATION, "authority_return", returned.pk, cast.officer(returned.authority_id),
            self.now - timedelta(days=1), words,
        )  # fmt: skip
        declined = stage.draft(self.spare_leads[2], opens + timedelta(days=3))
        stage.submit(declined, opens + timedelta(days=5))
        school = cast.officer(declined.school_id)
        take(
            APPLICATION,
            "school_decline",
            declined.pk,
            school,
            opens + timedelta(days=8),
            "本年度学校另有安排。",
        )
        withdrawn = stage.draft(self.spare_leads[3], opens + timedelta(days=3))
        stage.submit(withdrawn, opens + timedelta(days=6))
        applicant = cast.of(withdrawn.lead.user_id)
        take(APPLICATION, "withdraw", withdrawn.pk, applicant, opens + timedelta(days=9))

    def _spare(self, school_type: str, county: str = "") -> Principal:
        rows = of_school_type(school_type, exclude=self.used)
        found = next(row for row in rows if row.famous and row.school.name.startswith(county))
        self.used.add(found.pk)
        return found

    def ask_the_member(self) -> str:
        """``member`` sits in a studio and is asked by another: what Art. 6 says meets them on their desk."""
        studio_member = self._active_member()
        asked_in = Application.objects.get(call=self.stage.call, state=ApplicationState.DRAFT)
        me = self.cast.of(asked_in.lead.user_id)
        members.propose(asked_in.pk, studio_member.pk, "", me, self.now - timedelta(hours=20))
        return studio_member.name

    def _active_member(self) -> Principal:
        lead = self.lead("松山区兴安初级中学")
        place = Membership.objects.filter(studio__lead=lead, state=MembershipState.ACTIVE).select_related(
            "principal__user"
        )[0]
        if place.principal.user:
            self.cast.rename(place.principal.user, "member", "")
        return place.principal
