"""What the demonstration's studios do in a year: activities and outputs, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studios.models import Duty, Form, Level, OutputKind, Progress

# Outputs: the columns of each.
Made = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Doing:
    """One activity: how far into the year so far it lies, and what it was. ``task`` is the number of the plan's task."""

    share: float
    title: str
    duty: Duty
    form: Form
    place: str
    report: str
    task: int = 0
    schools: tuple[str, ...] = ()
    audience: int = 12
    absent: int = 0
    photos: int = 2
    guests: tuple[tuple[str, str], ...] = ()


DILIGENT = (
    Doing(
        0.08,
        "工作室启动暨第一次集中研修",
        Duty.TRAINING,
        Form.SEMINAR,
        "本校报告厅",
        "学习办法，讨论三年规划和年度计划，明确分工；邀请进修中心专家作课堂评价专题辅导。",
        3,
        audience=16,
        guests=(("韩雪峰", "赤峰市教师进修中心"),),
    ),
    Doing(
        0.18,
        "“以评促学”课题开题论证",
        Duty.RESEARCH,
        Form.RESEARCH,
        "本校会议室",
        "完成开题报告，确定六所实验学校，形成评价量表框架。",
        1,
        absent=1,
    ),
    Doing(
        0.3,
        "第一次下校诊断",
        Duty.RADIATION,
        Form.DIAGNOSIS,
        "受诊学校",
        "全体成员进校听课十二节，查看教案和作业，召开教师、学生座谈会，当场反馈并约定回访日期。",
        5,
        schools=("rural", "weak"),
        audience=38,
        photos=3,
    ),
    Doing(
        0.42,
        "第二次集中研修：课堂观察",
        Duty.TRAINING,
        Form.SEMINAR,
        "本校录播教室",
        "同课异构两节，成员使用观察量表记录，研讨修订指标八项。",
        3,
        absent=2,
    ),
    Doing(
        0.55,
        "送教到校与结对帮扶",
        Duty.RADIATION,
        Form.PAIRING,
        "结对学校",
        "送示范课四节，两校签订结对协议，确定每月一次联合教研。",
        5,
        schools=("rural",),
        audience=45,
    ),
    Doing(
        0.66,
        "农村学校校长队伍专题调研",
        Duty.ADVICE,
        Form.SURVEY,
        "四个旗县区",
        "走访学校十一所，回收问卷二百一十份，形成调研报告初稿。",
        7,
        absent=1,
        audience=30,
    ),
    Doing(
        0.78,
        "第三次集中研修：学校治理",
        Duty.TRAINING,
        Form.SEMINAR,
        "成员学校",
        "围绕章程、课后服务和校家社协同研讨，交流治理案例六个。",
        3,
    ),
    Doing(
        0.9,
        "初中办学质量论坛",
        Duty.RADIATION,
        Form.FORUM,
        "市教师进修中心",
        "领衔人作主旨报告，六名成员发言，全市一百二十余名校长、教师到场，线上同步直播。",
        6,
        audience=126,
        photos=4,
    ),
)
FEW = (
    Doing(
        0.35,
        "工作室工作例会",
        Duty.TRAINING,
        Form.MEETING,
        "本校会议室",
        "通报年度计划修改意见，讨论下校诊断的学校。",
        absent=2,
        photos=1,
    ),
    Doing(
        0.7,
        "线上读书交流",
        Duty.RADIATION,
        Form.ONLINE,
        "腾讯会议",
        "成员分享办学案例两个，线上参加六十二人。",
        absent=3,
        audience=62,
        photos=1,
    ),
)


# What the diligent studio has to show.
DILIGENT_OUTPUTS: Made = (
    {
        "kind": OutputKind.PROJECT,
        "duty": Duty.RESEARCH,
        "title": "“以评促学”课堂评价改革的区域实践研究",
        "authors": "工作室全体成员",
        "level": Level.CITY,
        "number": "CFJK-Y-0312",
        "source": "赤峰市教育科学规划领导小组办公室",
        "progress": Progress.RUNNING,
    },
    {
        "kind": OutputKind.PAPER,
        "duty": Duty.RESEARCH,
        "title": "课堂观察量表的校本化路径",
        "authors": "工作室领衔人",
        "level": Level.REGION,
        "source": "《内蒙古教育》",
        "summary": "总结六所学校使用观察量表的做法，提出简化指标、即时反馈的改进办法。",
    },
    {
        "kind": OutputKind.LECTURE,
        "duty": Duty.RADIATION,
        "title": "专题讲座：评价怎样改变课堂",
        "authors": "工作室领衔人",
        "level": Level.CITY,
    },
)
