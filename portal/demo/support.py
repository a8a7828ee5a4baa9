"""What the schools of the demonstration give their studios, and who helps and learns there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from studios.models import StaffKind

HOST = {
    "workplace": "综合楼三层302室，门口挂牌",
    "area": Decimal("62.0"),
    "equipment": "会议桌、书柜、电脑三台、打印机、视频会议设备",
    "load": "领衔人每周减少四课时，一名副校长分担日常行政事务",
}
MEMBER = {"convenience": "活动日安排调课和用车，往返计入出勤", "funds": Decimal("3000.00")}


def people(today: date) -> list[dict[str, Any]]:
    """The columns of an advisor, an assistant and two trainees as of ``today``, one of them done."""
    begun = today - timedelta(days=200)
    return [
        {
            "kind": StaffKind.ADVISOR,
            "name": "包文华",
            "unit": "赤峰学院教育科学学院",
            "post": "教授",
            "starts": begun,
            "tasks": "指导课堂评价课题，每学期到工作室两次",
        },
        {
            "kind": StaffKind.ASSISTANT,
            "name": "敖敏",
            "unit": "松山区兴安初级中学",
            "post": "办公室主任",
            "starts": begun,
            "tasks": "会务、档案和简报",
        },
        {
            "kind": StaffKind.TRAINEE,
            "name": "斯琴",
            "unit": "敖汉旗柳条沟小学",
            "post": "副校长",
            "starts": today - timedelta(days=150),
            "ends": today - timedelta(days=136),
            "tasks": "参与行政值周，听评课十节",
            "closing_note": "完成值周两轮，听评课十二节，形成本校教研改进方案一份。",
        },
        {
            "kind": StaffKind.TRAINEE,
            "name": "白春生",
            "unit": "翁牛特旗白音花学校",
            "post": "教务主任",
            "starts": today - timedelta(days=6),
            "ends": today + timedelta(days=8),
            "tasks": "跟班学习课程管理，参加两次集中研修",
        },
    ]
