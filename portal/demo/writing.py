"""What a made-up application says: a whole form, different from person to person, without a word about anyone real."""

from __future__ import annotations

from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import Principal
from applications.content import DUTIES, USES

IDEAS = (
    "让每一个孩子都被看见。学校不是筛选的场所，而是成长的土壤；校长的工作，是让教师愿意教、学生愿意学、家长愿意来。",
    "以文化人、以行育德。办学要慢下来，把时间花在课堂上、花在人身上，让规则背后有道理，让要求背后有关怀。",
    "简朴办学，扎实育人。好学校不靠多，而靠准：准确地理解学生，准确地支持教师，准确地回应家乡的期待。",
    "五育相融，向阳而生。学校把草原上的劳动、歌声与奔跑带进课程，让孩子既会思考，也会生活。",
)
TOPICS = (
    "课堂教学评价改革",
    "校本课程建设",
    "农牧区学校教师发展",
    "家校协同育人",
    "学校治理结构优化",
    "大单元教学",
)


def form(principal: Principal, random: Random) -> dict[str, dict[str, Any]]:
    """The content of every section, complete, as the form keeps it."""
    topic, other = random.sample(TOPICS, 2)
    school = principal.school.name
    since = f"{principal.head_since:%Y-%m}" if principal.head_since else "2016-08"
    return {
        "lead": {
            "degree": random.choice(["教育硕士", "教育学学士", "无"]),
            "work_since": f"{principal.birth_month.year + 23}-08",
            "post_since": since,
            "head_years": str(timezone.localdate().year - int(since[:4])),
            "title_since": f"{random.randint(2012, 2020)}-12",
            "subject": random.choice(["语文", "数学", "道德与法治", "科学", "英语"]),
            "email": "",
            "honours": [
                {"name": "市级名校长", "year": "2021-09", "document": "市教育局（赤教发〔2021〕32号）"},
                {"name": "旗县区优秀教育工作者", "year": "2018-09", "document": "旗县区教育局"},
            ],
        },
        "cv": _career(principal, school, since),
        "qualities": _qualities(school, topic, random),
        "plan": {
            "aims": (
                f"三年内，以“{topic}”为主线，建成一个有共同课题、有稳定制度、有看得见成果的校长发展共同体："
                "成员人人有规划、校校有改变，带动不少于六所乡村和薄弱学校改进管理与课堂。"
            ),
            "tasks": _tasks(topic, other),
        },
        "staff": {
            "people": [
                {
                    "role": "顾问",
                    "name": "古道远",
                    "unit": "赤峰市教育科学研究中心",
                    "post": "研究员",
                    "task": f"{topic}课题指导",
                }
            ]
        },
        "support": {
            **{f"budget_{key}": str(random.randrange(20, 80) * 100) for key, _ in USES[:9]},
            "budget_labour": "2000",
            "address": f"{school}办公楼三层东侧",
            "area": str(random.randrange(45, 120)),
            "equipment": "独立办公室与研修室各一间，配有会议桌椅、投影、录播设备、专用电脑三台和书柜。",
            "load": "减少领衔人日常行政会议和一个年级的授课任务，由一名副校长分担日常事务。",
        },
        "pledge": {"truth": True, "privacy": True, "publicity": True},
    }


def _career(principal: Principal, school: str, since: str) -> dict[str, Any]:
    begun = principal.birth_month.year + 23
    return {
        "career": [
            {
                "start": f"{begun}-08",
                "end": f"{since}",
                "unit": "旗县区所属学校",
                "post": "教师、教研组长、副校长",
            },
            {"start": since, "end": "", "unit": school, "post": principal.post},
        ],
        "trainings": [
            {
                "start": "2019-10",
                "end": "2019-11",
                "name": principal.backbone_training or "骨干校长提高研修",
                "organiser": "自治区教育厅",
            }
        ],
    }


def _qualities(school: str, topic: str, random: Random) -> dict[str, Any]:
    return {
        "ethics": "坚持党的教育方针，廉洁从教，团结班子，关心教师。近五年无违规违纪和安全责任事故。",
        "teaching": "长期坚持兼课、听课，每学期听评课六十节以上，主持市级公开课与专题讲座，熟悉课程标准与教学评价。",
        "projects": [
            {
                "name": f"{topic}的校本实践研究",
                "level": "市级",
                "number": f"CFJK{random.randint(2019, 2023)}-{random.randint(10, 99)}",
                "role": "主持",
                "state": random.choice(["在研", "已结题"]),
            }
        ],
        "papers": [{"title": f"关于{topic}的几点思考", "publication": "地方教育刊物", "date": "2022-06"}],
        "prizes": [{"name": "教学成果奖", "level": "市级", "date": "2021-12"}],
        "curriculum": "带领学校形成国家课程校本化实施方案，开发乡土课程与劳动课程，课程有目标、有评价、有改进。",
        "teachers": "实行师徒结对与分层培养，近三年培养市级以上骨干教师多名，两名中层成长为副校长。",
        "results": (
            f"{school}坚持以规划引领发展，完善民主管理与家校共育机制，教学质量稳步提升，"
            "形成了课程扎实、活动丰富、师生和谐的办学特色，多次承担旗县区现场会。"
        ),
        "school_honours": [{"name": "文明校园", "date": "2022-12", "by": "市级"}],
        "idea": random.choice(IDEAS),
    }


def _tasks(topic: str, other: str) -> list[dict[str, str]]:
    wording = {
        DUTIES[0]: (f"开展“{topic}”课题研究", "三年", "市级课题1项，研究报告1份", ""),
        DUTIES[1]: ("一人一案制订职业发展规划，每年集中研修不少于4次", "三年", "成长报告每人1份", ""),
        DUTIES[2]: ("下校诊断、送教讲学，每年不少于3所", "三年", "诊断报告9份", "乡村小规模学校与薄弱学校"),
        DUTIES[3]: (f"围绕“{other}”开展调研", "第二年", "调研报告1篇", ""),
    }
    return [
        {"duty": duty, "task": task, "year": year, "output": output, "schools": schools}
        for duty, (task, year, output, schools) in wording.items()
    ]
