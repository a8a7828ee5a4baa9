"""Notices: what a person is told, once per person and entry or event, and how it goes out by e-mail."""

from __future__ import annotations

from enum import nonmember

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q


class NoticeKind(models.TextChoices):
    """What a notice asks of its reader, in the words by which people choose."""

    ACTION = "action", "待办"
    URGED = "urged", "催办"
    REMINDER = "reminder", "到期提醒"
    RESULT = "result", "结果"
    PROGRESS = "progress", "进展"
    TASK = "task", "后台任务"
    SECURITY = "security", "账号安全"

    # What asks for something to be done: it comes by e-mail at least with the daily digest.
    required = nonmember(("action", "urged", "reminder", "security"))


class Way(models.TextChoices):
    """How a notice goes out besides standing in the program."""

    NONE = "none", "不发邮件"
    AT_ONCE = "at_once", "立即发邮件"
    DIGEST = "digest", "每日汇总邮件"


class Mail(models.Model):
    """One e-mail to one person: about what was told at once, or the digest of a day.

    Claimed (committed) before it is sent. One whose sender was not heard of again is UNCONFIRMED: it may have
    arrived, so it is not sent again by itself. ``attempts`` counts the claims and is also the claim's name.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        CLAIMED = "claimed", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达"
        UNCONFIRMED = "unconfirmed", "未确认"

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="mails", verbose_name="收件人")
    digest_on = models.DateField("汇总日期", null=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    made_at = models.DateTimeField("生成时间")
    due_at = models.DateTimeField("最早发送时间")
    lease_until = models.DateTimeField("占用至", null=True)
    ended_at = models.DateTimeField("办结时间", null=True)
    problem = models.CharField("原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "邮件"
        verbose_name_plural = "邮件"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed", "sent", "failed", "unconfirmed"]),
                name="mail_state",
            ),
            models.UniqueConstraint(
                fields=["user", "digest_on"],
                condition=Q(digest_on__isnull=False),
                name="mail_one_digest_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="claimed"), name="mail_claimed"),
        ]

    def __str__(self) -> str:
        return f"{'每日汇总' if self.digest_on else '消息'}邮件 {self.pk}"


class Notice(models.Model):
    """One message to one person: about an entry of history, a job, or an event that ``key`` names.

    ``way`` is how that person wanted to hear of it when it was written; ``mail`` the e-mail it went into.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices", verbose_name="收件人")
    kind = models.CharField("种类", max_length=10, choices=NoticeKind, default=NoticeKind.PROGRESS)
    entry = models.ForeignKey("office.Entry", models.PROTECT, null=True, related_name="notices")
    key = models.CharField("事件", max_length=120, blank=True)
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True)
    object_id = models.PositiveBigIntegerField(null=True)
    case = GenericForeignKey()
    text = models.CharField("内容", max_length=300)
    url = models.CharField("地址", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True)
    way = models.CharField("发送方式", max_length=10, choices=Way, default=Way.NONE)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices", verbose_name="邮件")

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "entry"], name="notice_once"),
            models.UniqueConstraint(
                fields=["user", "key"], condition=~Q(key=""), name="notice_of_event_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="notice_way"),
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_of_person"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["content_type", "object_id"], name="notice_of_case"),
            models.Index(
                fields=["way", "user"],
                condition=Q(mail__isnull=True, read_at__isnull=True) & ~Q(way="none"),
                name="notice_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Choice(models.Model):
    """How a person wants to hear of one kind of notice; without a row the default holds (office.notices)."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="choices", verbose_name="人员")
    kind = models.CharField("种类", max_length=10, choices=NoticeKind)
    way = models.CharField("方式", max_length=10, choices=Way)

    class Meta:
        verbose_name = "消息设置"
        verbose_name_plural = "消息设置"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="choice_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=NoticeKind.required, way=Way.NONE), name="choice_keeps_what_is_required"
            ),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="choice_kind"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="choice_way"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.get_way_display()}"


class Watch(models.Model):
    """Until when the clock has looked for the moments of one kind of reminder; locked by whoever looks."""

    name = models.CharField("提醒", max_length=60, unique=True)
    until = models.DateTimeField("已查至")

    class Meta:
        verbose_name = "提醒进度"
        verbose_name_plural = "提醒进度"

    def __str__(self) -> str:
        return self.name
