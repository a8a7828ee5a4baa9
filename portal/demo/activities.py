"""The activities and outputs of the demonstration's studios, each planned, reported and filed by its people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from accounts.models import Area, Kind, Organisation, Role
from office.attachments import receive
from office.door import take
from portal.demo.cast import Cast
from portal.demo.doings import Doing, Made
from portal.demo.photos import photo
from portal.demo.stage import at_time, paper
from studios import activities
from studios.flows import ACTIVITY, OUTPUT
from studios.models import Activity, Diagnosis, Duty, Form, Output, PlanItem, Studio, StudioYear
from studios.outputs import add

_photos = count(1)
FINDINGS = "课堂讲授偏多，学生活动时间不足；作业分层不够，校本教研缺少固定主题。"
ADVICE = "每周固定一次主题教研，推行“二十分钟讲授”；作业按三个层次布置，由工作室成员结对指导。"
OUTCOME = "主题教研已坚持两个月，抽查课堂学生活动时间平均增加八分钟。"


class Year:
    """What a studio does in one year of its first term, until the year ends or until ``now``."""

    def __init__(self, cast: Cast, studio: Studio, now: datetime, number: int = 1) -> None:
        self.cast = cast
        self.studio = studio
        self.year = StudioYear.objects.get(term__studio=studio, term__number=1, number=number)
        self.now = min(now, at_time(_midnight(self.year.ends), 18))
        self.me = cast.of(studio.lead.user_id or 0)
        self.begins = _midnight(self.year.starts)

    def moment(self, share: float) -> datetime:
        """Nine o'clock of the day so far into the year, not before it began and not in the future."""
        day = at_time(self.begins + (self.now - self.begins) * share, 9)
        return max(self.begins, min(day, self.now - timedelta(hours=2)))

    def play(self, doings: Iterable[Doing]) -> None:
        """Each planned some days ahead, reported the day after."""
        for doing in doings:
            self.held(doing)

    def held(self, doing: Doing) -> None:
        starts = self.moment(doing.share)
        activity = self.planned(doing, starts, starts - timedelta(days=6))
        after = max(starts, min(starts + timedelta(days=1, hours=3), self.now))
        for number, school in enumerate(self._schools(doing)):
            activities.add_school(activity.pk, school.pk, self.me, starts)
            if doing.form == Form.DIAGNOSIS:
                self._diagnose(activity, school, after, "" if number else OUTCOME)
        members = list(activities.members_of(activity))
        came = [each.pk for each in members[doing.absent :]]
        given = {
            "report": doing.report,
            "audience": doing.audience,
            "members": members,
            "present": came,
            "guests": list(doing.guests),
        }
        activities.report(activity.pk, given, activities.report_stamp(activity), self.me)
        for number in range(1, doing.photos + 1):
            sent = photo(f"现场照片{number}", next(_photos))
            receive(ACTIVITY, activity.pk, sent, slot="photo", me=self.me, at=after)
        take(ACTIVITY, "hold", activity.pk, self.me, after)

    def planned(self, doing: Doing, starts: datetime, at: datetime) -> Activity:
        """The activity in the studio's calendar."""
        item = PlanItem.objects.filter(
            plan__studio=self.studio, plan__year=self.year, place=doing.task, dropped=False
        )
        activity = Activity(
            studio=self.studio,
            title=doing.title,
            duty=doing.duty,
            form=doing.form,
            item=item.first(),
            online=doing.form == Form.ONLINE,
            place=doing.place,
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            purpose="按年度计划安排。",
            expected=doing.audience,
        )
        return activities.plan(activity, (), self.me, at)

    def outputs(self, made: Made) -> None:
        """Recorded with their proofs; the second made public."""
        at = self.moment(0.8)
        for number, values in enumerate(made):
            row = Output(studio=self.studio, dated=timezone.localdate(at), **values)
            output = add(row, self.me, at)
            receive(OUTPUT, output.pk, paper("佐证材料"), slot="proof", me=self.me, at=at)
            if number == 1:
                take(OUTPUT, "publish", output.pk, self.me, at)

    def _schools(self, doing: Doing) -> list[Organisation]:
        """Schools of the studio's authority, one for each kind the activity names."""
        rows = Organisation.objects.schools().filter(parent=self.studio.authority_id).order_by("pk")
        kinds = {"rural": rows.filter(area=Area.RURAL, weak=False), "weak": rows.filter(weak=True)}
        return [school for kind in doing.schools for school in kinds[kind][:1]]

    def _diagnose(self, activity: Activity, school: Organisation, at: datetime, outcome: str) -> None:
        report = Diagnosis(
            activity=activity,
            school=school,
            findings=FINDINGS,
            advice=ADVICE,
            follow_up_on=(at + timedelta(days=60)).date(),
            outcome=outcome,
        )
        activities.diagnose(report, "", self.me, at)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def hold_together(cast: Cast, studios: list[Studio], now: datetime) -> None:
    """The county invites its studios to a day of joint research that is still to come (Art. 15)."""
    county = studios[0].authority
    starts = at_time(now + timedelta(days=12), 9)
    activity = Activity(
        organiser=county,
        title=f"{county.label}名校长工作室联合教研日",
        duty=Duty.RADIATION,
        form=Form.FORUM,
        place="区教师进修学校",
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        purpose="两个工作室展示课堂，面向全区中小学校长。",
        expected=80,
    )
    activities.plan(activity, studios, cast.officer(county.pk), now - timedelta(days=3))


def hold_training(cast: Cast, studios: list[Studio], now: datetime) -> None:
    """The third party whom the bureau commissions has held a training with the studios (Art. 14)."""
    organiser = Organisation.objects.filter(kind=Kind.THIRD_PARTY).order_by("pk")[0]
    me, starts = cast.officer(organiser.pk, Role.MANAGER), at_time(now - timedelta(days=18), 9)
    training = Activity(
        organiser=organiser,
        title="名校长工作室课题研究方法培训",
        duty=Duty.TRAINING,
        form=Form.SEMINAR,
        place="北辰教育评估中心报告厅",
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        purpose="受市教育局委托，面向各工作室成员讲授课题设计和数据分析。",
        expected=30,
    )
    activities.plan(training, studios, me, starts - timedelta(days=10))
    members = list(activities.members_of(training))
    given = {
        "report": "上午讲授课题设计与文献综述，下午分组修改各工作室的开题报告，逐组点评。",
        "audience": 24,
        "members": members,
        "present": [each.pk for each in members[1:]],
        "guests": [],
    }
    activities.report(training.pk, given, activities.report_stamp(training), me)
    after = starts + timedelta(days=1)
    receive(ACTIVITY, training.pk, photo("培训现场", next(_photos)), slot="photo", me=me, at=after)
    take(ACTIVITY, "hold", training.pk, me, after)
