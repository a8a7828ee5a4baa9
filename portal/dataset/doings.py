"""What every studio of the data set does in a year: fifteen activities, three outputs."""

from __future__ import annotations

from dataclasses import dataclass

from studios.models import Duty, Form, OutputKind


@dataclass(frozen=True)
class Doing:
    """One activity of the year."""

    month: int
    duty: Duty
    form: Form
    title: str


DOINGS = (
    Doing(2, Duty.TRAINING, Form.MEETING, "年度工作例会"),
    Doing(3, Duty.RESEARCH, Form.RESEARCH, "课堂评价课题开题论证"),
    Doing(3, Duty.TRAINING, Form.SEMINAR, "第一次集中研修"),
    Doing(4, Duty.RADIATION, Form.LECTURE, "走进乡村学校讲学"),
    Doing(4, Duty.TRAINING, Form.PLACEMENT, "中青年校长跟岗培训"),
    Doing(5, Duty.RADIATION, Form.PAIRING, "结对帮扶第一次入校"),
    Doing(5, Duty.RESEARCH, Form.ANALYSIS, "成员学校问题剖析"),
    Doing(6, Duty.TRAINING, Form.SEMINAR, "第二次集中研修"),
    Doing(6, Duty.ADVICE, Form.SURVEY, "农村学校师资调研"),
    Doing(9, Duty.TRAINING, Form.SEMINAR, "第三次集中研修"),
    Doing(9, Duty.RADIATION, Form.ONLINE, "线上读书交流"),
    Doing(10, Duty.RADIATION, Form.FORUM, "办学质量论坛"),
    Doing(10, Duty.RADIATION, Form.PAIRING, "结对帮扶第二次入校"),
    Doing(11, Duty.RESEARCH, Form.RESEARCH, "课题中期汇报"),
    Doing(12, Duty.TRAINING, Form.SEMINAR, "第四次集中研修"),
)
OUTPUTS = (
    (OutputKind.PROJECT, Duty.RESEARCH, "以评促学课堂评价的区域实践研究"),
    (OutputKind.LECTURE, Duty.RADIATION, "专题讲座：评价怎样改变课堂"),
    (OutputKind.PAPER, Duty.RESEARCH, "课堂观察量表的校本化路径"),
)
