"""The four duties of Art. 8, under which everything a studio does is filed, and the forms it takes."""

from __future__ import annotations

from django.db import models


class Duty(models.TextChoices):
    RESEARCH = "research", "办学研究"
    TRAINING = "training", "培养中青年校长"
    RADIATION = "radiation", "示范辐射"
    ADVICE = "advice", "建言献策"


class Form(models.TextChoices):
    """What kind of activity it is (Art. 3, 8)."""

    SEMINAR = "seminar", "集中研修"
    RESEARCH = "research", "课题研究"
    ANALYSIS = "analysis", "问题剖析"
    PAIRING = "pairing", "结对帮扶"
    PLACEMENT = "placement", "跟岗培训"
    DIAGNOSIS = "diagnosis", "下校诊断"
    LECTURE = "lecture", "讲学"
    FORUM = "forum", "论坛"
    ONLINE = "online", "网络交流"
    SURVEY = "survey", "调研"
    MEETING = "meeting", "工作例会"
    OTHER = "other", "其他"


# Which forms belong to which duty; the form of an activity is offered by its duty.
FORMS: dict[str, tuple[Form, ...]] = {
    Duty.RESEARCH: (Form.RESEARCH, Form.ANALYSIS, Form.SEMINAR, Form.MEETING, Form.OTHER),
    Duty.TRAINING: (Form.SEMINAR, Form.PAIRING, Form.PLACEMENT, Form.ANALYSIS, Form.MEETING, Form.OTHER),
    Duty.RADIATION: (Form.DIAGNOSIS, Form.LECTURE, Form.FORUM, Form.ONLINE, Form.PAIRING, Form.OTHER),
    Duty.ADVICE: (Form.SURVEY, Form.FORUM, Form.MEETING, Form.OTHER),
}
