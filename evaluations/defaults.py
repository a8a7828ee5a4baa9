"""The rubric a programme begins with (PRACTICE, 专家评审). Its owner changes it in the browser."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from evaluations.models import Indicator, Rubric
from programmes.models import Programme

APPLICATION_NAME = "名校长工作室申报评审标准"
# (group, ((indicator, points, guide), …)); a hundred points together.
APPLICATION = (
    (
        "思想政治与师德",
        (
            (
                "政治素质与职业道德",
                "10",
                "贯彻党的教育方针，师德师风优良，团结协作、甘于奉献、勇于创新；存在严重问题的另行勾选否决",
            ),
        ),
    ),
    (
        "教育理论与教学经验",
        (
            ("教育理论素养", "7", "有系统的办学思想，论文、著作能体现理论基础"),
            ("教育教学经验", "8", "教学经验丰富，获奖、讲学等能够佐证"),
        ),
    ),
    (
        "教育科研与课程领导力",
        (
            ("教育科研能力", "8", "主持或参与市级以上课题，成果得到应用"),
            ("课程建设领导力", "7", "学校课程体系完整，有特色课程和实施成效"),
        ),
    ),
    ("引领教师成长", (("培养教师的举措与成效", "8", "有制度、有举措，骨干教师成长明显"),)),
    (
        "学校管理成效",
        (
            ("现代学校治理", "8", "治理结构健全，育人环境民主和谐，安全稳定"),
            ("办学质量与社会评价", "7", "近五年办学质量提升，获得的荣誉能够佐证"),
        ),
    ),
    (
        "办学特色与示范性",
        (
            ("办学特色", "5", "素质教育实施中形成稳定的办学特色"),
            ("示范带动作用", "5", "经验可推广，已在区域内发挥示范作用"),
        ),
    ),
    (
        "三年规划",
        (
            ("规划目标", "4", "目标明确，与本市教育改革重点任务相衔接"),
            ("四项职责的安排", "6", "办学研究、培养校长、示范辐射、建言献策均有具体任务"),
            ("可行性", "3", "进度合理，措施可行，帮扶对象以乡村和薄弱学校为主"),
            ("预期成果", "2", "成果具体、可检验"),
        ),
    ),
    ("成员结构与资格", (("成员结构与资格", "7", "8–10 名正职校长，符合第六条条件，城乡和学段结构合理"),)),
    ("条件保障与预算", (("条件保障与经费预算", "5", "场所独立、条件具备，预算符合第十条规定的用途"),)),
)


@transaction.atomic
def lay(programme: Programme) -> Rubric:
    """The programme's latest rubric for applications; the default one, laid now, where it has none. Repeatable."""
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    purpose = Rubric.Purpose.APPLICATION
    known = Rubric.objects.filter(programme=programme, purpose=purpose).order_by("-version", "-pk").first()
    if known:
        return known
    rubric = Rubric.objects.create(programme=programme, purpose=purpose, name=APPLICATION_NAME)
    fill(rubric, [(group, *line) for group, lines in APPLICATION for line in lines])
    return rubric


def fill(rubric: Rubric, lines: list[tuple[str, str, str | Decimal, str]]) -> None:
    """Write (group, indicator, points, guide) line by line into an empty rubric; a group goes on while its name does."""
    order, parent = 0, None
    leaves = []
    for group, label, points, guide in lines:
        if parent is None or parent.label != group:
            order += 1
            parent = Indicator.objects.create(rubric=rubric, order=order, label=group)
        order += 1
        leaves.append(
            Indicator(
                rubric=rubric, parent=parent, order=order, label=label, points=Decimal(points), guide=guide
            )
        )
    Indicator.objects.bulk_create(leaves)
