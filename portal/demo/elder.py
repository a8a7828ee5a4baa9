"""The three years of the demonstration's oldest studio: what it did, made and reported, its support confirmed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.capacity import CLOCK
from office.door import take
from portal.demo.activities import Year
from portal.demo.careers import agree, drafts
from portal.demo.cast import Cast
from portal.demo.doings import Doing, Made
from portal.demo.stage import fill
from portal.demo.summaries import PAST_WORDS
from portal.demo.support import HOST, MEMBER
from studios.flows import PLEDGE, SUMMARY
from studios.models import Duty, Form, Level, OutputKind, Progress, Studio, StudioYear, SupportPledge
from studios.summaries import open_summary

BEGINNING = (
    Doing(
        0.2, "工作室启动会", Duty.TRAINING, Form.SEMINAR, "本校会议中心",
        "明确三年规划和分工，学习办法，建立例会、考勤和档案三项制度。", 3, audience=20,
    ),
    Doing(
        0.45, "高中选课走班调研", Duty.RESEARCH, Form.RESEARCH, "三所旗县高中",
        "查阅课表和选科数据，访谈教师四十人，形成问题清单十二条。", 1, absent=1,
    ),
    Doing(
        0.7, "到乡村学校送教", Duty.RADIATION, Form.DIAGNOSIS, "受诊学校",
        "随堂听课九节，与校长、教师座谈，就校本教研提出六条建议并约定回访。", 5, schools=("rural",), audience=30,
    ),
)  # fmt: skip
GROWTH = (
    Doing(
        0.15, "集中研修：新课标与教学管理", Duty.TRAINING, Form.SEMINAR, "本校报告厅",
        "专题报告两场，成员交流教学管理制度，修订听评课办法。", 3, audience=26,
    ),
    Doing(
        0.4, "回访与第二轮诊断", Duty.RADIATION, Form.DIAGNOSIS, "受诊学校",
        "回访上年诊断学校，六条建议落实五条；新增一所薄弱学校。", 5, schools=("rural", "weak"), audience=34,
    ),
    Doing(
        0.65, "选课走班阶段成果研讨", Duty.RESEARCH, Form.RESEARCH, "本校会议室",
        "六所实验学校汇报数据，完善排课方案和学生指导手册。", 1, absent=1,
    ),
    Doing(
        0.85, "普通高中办学论坛", Duty.RADIATION, Form.FORUM, "市教师进修中心",
        "围绕多样化办学发言九人，全市一百余名校长、教师到场。", 6, audience=104,
    ),
)  # fmt: skip
HARVEST = (
    Doing(
        0.3, "结对学校联合教研", Duty.RADIATION, Form.PAIRING, "结对学校",
        "同课异构四节，联合命题一次，确定下学期互派教师名单。", 5, schools=("weak",), audience=40,
    ),
    Doing(
        0.6, "中青年校长治校论坛", Duty.TRAINING, Form.SEMINAR, "成员学校",
        "六名成员汇报三年成长，专家逐一点评，形成案例集目录。", 3, audience=32, absent=1,
    ),
    Doing(
        0.8, "旗县高中生源与师资调研", Duty.ADVICE, Form.SURVEY, "五个旗县",
        "走访学校八所，汇总三年数据，形成调研报告初稿。", 7, absent=2,
    ),
)  # fmt: skip
PROJECT: Made = (
    {
        "kind": OutputKind.PROJECT, "duty": Duty.RESEARCH, "title": "旗县普通高中选课走班的组织与指导",
        "authors": "工作室全体成员", "level": Level.CITY, "number": "CFJK-Y-0107",
        "source": "赤峰市教育科学规划领导小组办公室", "progress": Progress.CLOSED,
    },
    {
        "kind": OutputKind.BOOK, "duty": Duty.RESEARCH, "title": "学校治理案例选编",
        "authors": "工作室全体成员", "level": Level.CITY,
        "summary": "收入成员学校治理案例十八个，每个案例附制度文本和一年后的变化。",
    },
)  # fmt: skip
YEARS = ((BEGINNING, ()), (GROWTH, PROJECT), (HARVEST, ()))


def live(cast: Cast, studio: Studio, now: datetime) -> None:
    """Every year its activities and outputs, the career plans agreed; the summary of each that is over, filed in time."""
    for number, (doings, made) in enumerate(YEARS, 1):
        year = Year(cast, studio, now, number)
        year.play(doings)
        year.outputs(made)
        _sum_up(cast, year.year, now)
    for plan in drafts(studio):
        agree(cast, plan)
    for pledge in SupportPledge.objects.filter(year__term__studio=studio):
        given = HOST if pledge.of_host else MEMBER
        at = pledge.since + timedelta(days=10)
        take(PLEDGE, "confirm", pledge.pk, cast.officer(pledge.school_id), at, given=given)


def _sum_up(cast: Cast, year: StudioYear, now: datetime) -> None:
    assert year.summary_due
    opened = timezone.make_aware(datetime.combine(year.summary_due - timedelta(days=60), time(3)))
    summary = open_summary(year, CLOCK, opened) if opened < now else None
    if summary and year.ends < timezone.localdate(now):
        fill(summary, PAST_WORDS, opened + timedelta(days=28))
        take(SUMMARY, "file", summary.pk, cast.of(year.term.studio.lead.user_id), opened + timedelta(days=30))
