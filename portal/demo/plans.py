"""What the demonstration's leads write into their plans."""

from __future__ import annotations

from typing import Any

from studios.models import Duty


def _task(
    number: int, duty: Duty, task: str, months: tuple[str, str], target: str, **more: Any
) -> dict[str, Any]:
    row = {"key": f"{number:012x}", "duty": duty.value, "task": task, "starts": months[0], "ends": months[1]}
    return row | {"target": target, "who": "领衔人", "times": "1"} | more


def _tasks(year: int) -> list[dict[str, Any]]:
    return [
        _task(
            1,
            Duty.RESEARCH,
            "“以评促学”课堂评价改革研究",
            (f"{year}-01", f"{year}-12"),
            "形成校本评价量表一套",
        ),
        _task(
            2,
            Duty.RESEARCH,
            "成员学校现代治理案例征集",
            (f"{year}-09", f"{year}-11"),
            "案例集一册",
            who="全体成员",
        ),
        _task(
            3, Duty.TRAINING, "集中研修", (f"{year}-03", f"{year}-11"), "全年四次，出勤率九成以上", times="4"
        ),
        _task(
            4,
            Duty.TRAINING,
            "中青年校长跟岗",
            (f"{year}-04", f"{year}-06"),
            "接收两名校长跟岗两周",
            times="2",
        ),
        _task(
            5, Duty.RADIATION, "下校诊断", (f"{year}-04", f"{year}-10"), "诊断四所乡村、薄弱学校", times="4"
        ),
        _task(6, Duty.RADIATION, "办学论坛", (f"{year}-10", f"{year}-10"), "论坛一次，面向全市"),
        _task(7, Duty.ADVICE, "农村学校校长队伍调研报告", (f"{year}-06", f"{year}-09"), "报送市教育局一篇"),
    ]


def development(year: int) -> dict[str, dict[str, Any]]:
    """A development plan whose first year is ``year``, by section."""
    return {
        "aims": {
            "situation": "领衔学校连续五年获评市级办学水平优秀学校，成员来自六个旗县区，校际差异大，教研基础好。",
            "aims": "三年内形成可推广的课堂评价与学校治理办法，带出一批能独当一面的中青年校长。",
            "features": "以课堂评价改革为主线，以下校诊断为抓手。",
        },
        "items": {"items": _tasks(year)},
        "support": {
            "outputs": "课题结题一项，案例集三册，调研报告三篇。",
            "schools": "柳条沟小学、白音花学校等六所乡村、薄弱学校。",
            "measures": "建立例会、考勤、档案三项制度；学校提供独立场所，减少领衔人课时。",
        },
    }


def annual(year: int) -> dict[str, dict[str, Any]]:
    """An annual plan of ``year``, by section."""
    return {
        "aims": {
            "aims": "完成课堂评价量表初稿，诊断四所乡村学校，集中研修四次。",
            "link": "对应发展规划第一年任务。",
        },
        "items": {"items": [task | {"share": "6000.00"} for task in _tasks(year)]},
    }


def career() -> dict[str, dict[str, Any]]:
    """A member's career plan, by section."""
    goals = [
        ("第一年", "完成学校发展诊断，形成三年规划", "跟岗两周，领衔人下校诊断一次", "诊断报告、学校规划"),
        ("第二年", "主持一项市级课题", "参加工作室课题组，每学期汇报一次", "课题立项与中期报告"),
        ("第三年", "形成有特色的办学经验并在全市交流", "承办一次工作室论坛", "论坛报告、经验文章一篇"),
    ]
    columns = ("year", "goal", "ways", "proof")
    return {
        "present": {
            "strengths": "长期从事语文教学与教研管理，熟悉农村学校，组织过校本课程建设。",
            "problems": "学校青年教师多、流动大，课堂评价标准不一；本人在课程领导和科研方面经验不足。",
            "aims": "三年内成为市级骨干校长，学校办学水平进入全区前列。",
        },
        "goals": {
            "goals": [dict(zip(columns, goal, strict=True)) for goal in goals],
            "help": "课题指导和外出学习机会",
            "mentoring": "每学期跟岗一周，结对指导，承担工作室子课题。",
        },
    }
