"""What last year's studios have done since: each with a diligence of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.capacity import CLOCK
from accounts.models import Role
from office.door import begin, take
from office.history import record
from portal.demo.activities import Year, hold_together, hold_training
from portal.demo.advice import ADOPTED, PROPOSAL, REPORT
from portal.demo.careers import agree, drafts, note, offer
from portal.demo.cast import Cast
from portal.demo.doings import DILIGENT, DILIGENT_OUTPUTS, FEW
from portal.demo.plans import annual, development
from portal.demo.stage import at_time, fill
from portal.demo.summaries import SUMMARY_WORDS
from portal.demo.support import HOST, MEMBER, people
from studios.changing import propose
from studios.flows import ADVICE, PLAN, PLEDGE, SUMMARY, open_summary
from studios.models import (
    Advice,
    ChangeKind,
    Plan,
    PlanKind,
    Staff,
    StaffKind,
    Studio,
    StudioChange,
    StudioYear,
    SupportPledge,
)
from studios.pictures import KEY, albums_of, caption_of, photos_of
from studios.staffing import let_draft


class Work:
    """The lives of the studios that were announced last year, played by their people."""

    def __init__(self, cast: Cast, diligent: Studio, returned: Studio, now: datetime) -> None:
        self.cast = cast
        self.now = now
        self.diligent = diligent
        self.returned = returned

    def play(self) -> None:
        """The diligent studio plans in time; another is told to mend its plan; the rest has yet to begin."""
        for kind in PlanKind.values:
            self.plan(self.diligent, kind, timedelta(days=20))
        plan = self.plan(self.returned, PlanKind.ANNUAL, timedelta(days=25))
        officer = self.cast.officer(self.returned.programme.owner_id)
        words = "“示范辐射”任务请写明拟帮扶的乡村学校；建言献策至少安排一篇调研报告。"
        take(PLAN, "return", plan.pk, officer, plan.since + timedelta(days=3), words)
        self.activities()
        self.summaries()
        self.advice()
        self.support()
        self.staff()
        self.careers()

    def support(self) -> None:
        """Of the diligent studio all schools have confirmed, of the other the host alone; what is past is confirmed."""
        asked = SupportPledge.objects.select_related("year").order_by("pk")
        for pledge in asked.filter(year__ends__lt=timezone.localdate(self.now)):
            self.confirm(pledge)
        for pledge in asked.filter(year__term__studio=self.diligent, year__number=1):
            self.confirm(pledge)
        self.confirm(asked.get(year__term__studio=self.returned, year__number=1, membership=None))

    def confirm(self, pledge: SupportPledge) -> None:
        """The school's officer confirms, ten days after the school was asked."""
        given = HOST if pledge.of_host else MEMBER
        officer = self.cast.officer(pledge.school_id)
        take(PLEDGE, "confirm", pledge.pk, officer, pledge.since + timedelta(days=10), given=given)

    def staff(self) -> None:
        """An advisor, an assistant of the host school who may draft, and two trainees, of whom one is done."""
        today = timezone.localdate(self.now)
        studio, mentor = self.diligent, self.diligent.lead
        for person in people(today):
            row = Staff(studio=studio, **person)
            if row.kind == StaffKind.TRAINEE:
                row.host, row.mentor = studio.school, mentor
            if row.kind == StaffKind.ASSISTANT:
                helper: Any = self.cast.officer(studio.school_id).user
                row.user, row.name = helper, helper.name
            row.save()
            label = f"增加{row.get_kind_display()}"
            facts = {"人员": row.name, "单位": ["", row.unit]}
            at = self.now - timedelta(days=60)
            record(studio, "staff", label, self.lead(studio), at, facts)
            if row.user:
                let_draft(row, True, self.lead(studio), at)

    def advice(self) -> None:
        """One report is adopted, a proposal waits to be routed."""
        at = self.now - timedelta(days=40)
        officer = self.cast.officer(self.diligent.programme.owner_id)
        leader = self.cast.officer(self.diligent.programme.owner_id, Role.LEADER)
        report = self.send_advice(self.diligent, REPORT, at)
        take(ADVICE, "route", report.pk, officer, at + timedelta(days=1), given={"handler": leader.user})
        take(ADVICE, "answer", report.pk, leader, at + timedelta(days=12), given=ADOPTED)
        self.send_advice(self.returned, PROPOSAL, self.now - timedelta(days=4))

    def send_advice(self, studio: Studio, words: dict[str, str], at: datetime) -> Advice:
        """The lead writes and sends it a day later."""
        year = StudioYear.objects.filter(term__studio=studio).order_by("starts")[0]
        advice = Advice(studio=studio, year=year, **words)
        begin(advice, self.lead(studio), at - timedelta(days=1), "起草")
        sent: Advice = take(ADVICE, "send", advice.pk, self.lead(studio), at)
        return sent

    def summaries(self) -> None:
        """The diligent studio is still writing its summary, the other has filed early."""
        for studio in (self.diligent, self.returned):
            year = StudioYear.objects.filter(term__studio=studio).select_related("term").order_by("starts")[0]
            assert year.summary_due
            opening = timezone.make_aware(datetime.combine(year.summary_due - timedelta(days=60), time(3)))
            at = min(opening, self.now - timedelta(days=25))
            summary = open_summary(year, CLOCK, at)
            assert summary
            begun = {key: SUMMARY_WORDS[key] for key in ("overview", "duties")}
            content = begun if studio == self.diligent else SUMMARY_WORDS
            fill(summary, content | self._pictures(year), at + timedelta(days=12))
            if studio != self.diligent:
                take(SUMMARY, "file", summary.pk, self.lead(studio), at + timedelta(days=14))

    def _pictures(self, year: StudioYear) -> dict[str, dict[str, Any]]:
        """The first photo of each activity, four at most."""
        first = {photo.object_id: str(photo.pk) for photo in photos_of(year).order_by("-pk")}
        albums = albums_of(year)[:4]
        rows = [
            {"photo": first[album.activity.pk], "caption": caption_of(album.activity)} for album in albums
        ]
        return {KEY: {KEY: rows}}

    def longer(self, studio: Studio, at: datetime) -> None:
        """A studio that still lacks a member: the owner's officer asks for more time, which the leader has to grant."""
        officer = self.cast.officer(studio.programme.owner_id)
        reason = "成员已到位七名，另一名因岗位调整正在重新遴选，拟延长组建期。"
        until = at.date() + timedelta(days=60)
        propose(StudioChange(studio=studio, kind=ChangeKind.EXTEND, until=until, reason=reason), officer, at)

    def activities(self) -> None:
        """The diligent studio fills its year, the other holds little, the third nothing; the county invites them."""
        year = Year(self.cast, self.diligent, self.now)
        year.play(DILIGENT)
        year.outputs(DILIGENT_OUTPUTS)
        coming = replace(DILIGENT[3], title="第四次集中研修：年度总结", place="本校报告厅")
        year.planned(coming, at_time(self.now + timedelta(days=5), 9), self.now - timedelta(days=1))
        Year(self.cast, self.returned, self.now).play(FEW)
        hold_together(self.cast, [self.diligent, self.returned], self.now)
        hold_training(self.cast, [self.diligent, self.returned], self.now)

    def plan(self, studio: Studio, kind: str, after: timedelta) -> Plan:
        """Fill in and file the first plan of this kind, ``after`` the studio began."""
        plan = Plan.objects.filter(studio=studio, kind=kind).order_by("pk")[0]
        me, at = self.lead(studio), plan.since + after
        content = annual if plan.year else development
        fill(plan, content(plan.term.starts.year), at)
        take(PLAN, "file", plan.pk, me, at + timedelta(days=1))
        return Plan.objects.get(pk=plan.pk)

    def careers(self) -> None:
        """One member's career plan is agreed and followed, another's waits for the lead's signature."""
        followed, waiting = drafts(self.diligent)[:2]
        agree(self.cast, followed)
        note(followed, "完成第一次跟岗，随堂听课十二节，整理出课堂评价要点。")
        offer(self.cast, waiting)

    def lead(self, studio: Studio) -> Any:
        """The lead of the studio, as they log in."""
        return self.cast.of(studio.lead.user_id)
