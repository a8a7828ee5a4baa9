"""Art. 20 in the demonstration: two published interpretations and a question that still waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.capacity import Capacity
from accounts.models import Role, User
from office.door import take
from portal.demo.cast import Cast
from portal.interpretations.asking import ask, volunteer
from portal.interpretations.flow import INTERPRETATION
from programmes.models import Article, Interpretation

MEMBERS = (
    "我校由两个校区组成，两个校区的执行校长都能作为成员吗？",
    "工作室成员是否可以来自领衔校长所在学校的其他校区？",
    "可以。成员原则上应为正职校长；校区执行校长不是正职的，属于例外，须在申报表中说明理由，"
    "并征得其所在学校和主管部门同意。领衔校长不计入8至10名成员。",
)
FUNDS = (
    "工作经费能否用于成员外出学习的差旅费？",
    "可以。外出学习属于第十条所列用途，差旅费按当地差旅费管理规定的标准列支，凭票据实报销；"
    "不能用于与工作室活动无关的考察。",
)
OPEN = "副校长任职满五年、参加过市级骨干校长培训，可以作为成员候选人吗？理由应当怎样写？"


def play(cast: Cast, now: datetime) -> None:
    """A school asks and is answered in public, the bureau interprets by itself, a principal asks."""
    officer, leader = cast.officer(cast.bureau.pk), cast.officer(cast.bureau.pk, Role.LEADER)
    school = cast.of(User.objects.get(username="school").pk)
    asked, wording, answer = MEMBERS
    case = ask(_on(cast, 6, question=asked), [_article(cast, 9)], school, now - timedelta(days=12))
    given = {"wording": wording, "answer": answer}
    take(INTERPRETATION, "answer", case.pk, officer, now - timedelta(days=10), given=given)
    _publish(case, leader, now - timedelta(days=9))
    wording, answer = FUNDS
    case = volunteer(_on(cast, 10, wording=wording, answer=answer), [], officer, now - timedelta(days=6))
    _publish(case, leader, now - timedelta(days=5))
    principal = cast.of(User.objects.get(username="principal").pk)
    ask(_on(cast, 6, question=OPEN), [], principal, now - timedelta(days=1))


def _publish(case: Interpretation, leader: Capacity, at: datetime) -> None:
    take(INTERPRETATION, "publish", case.pk, leader, at, "同意公布。")


def _article(cast: Cast, number: int) -> Article:
    return Article.objects.get(measures=cast.programme.measures_id, number=number)


def _on(cast: Cast, number: int, **words: str) -> Interpretation:
    return Interpretation(article=_article(cast, number), **words)
