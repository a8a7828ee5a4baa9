"""Interpretation (解读): asked by anybody, drafted by the issuer's officer, published or sent by its leader (Art. 20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from accounts.models import Appointment, Role
from office.door import Act, follow
from office.flow import Flow, Missing, Station, Step, register
from office.models import Entry
from office.notices import action, result
from portal.interpretations import scopes
from portal.interpretations.forms import AnswerForm
from programmes.models import Interpretation, InterpretationState

S = InterpretationState
ANSWER_FIELDS = ("wording", "answer", "replaces")


def _answered(case: Interpretation, at: datetime) -> Iterator[Missing]:
    if not case.answer.strip():
        yield Missing("请先填写解读", 20)


def _asked_by_somebody(case: Interpretation, at: datetime) -> Iterator[Missing]:
    if case.asker_id is None:
        yield Missing("本件没有提问人，可以公布或者不予解释")


def _replaced_still_stands(case: Interpretation, at: datetime) -> Iterator[Missing]:
    if case.replaces and case.replaces.state != S.PUBLISHED:
        yield Missing("所替代的解读已不在公布中，请退回经办人修改", 20)


def _publish(case: Interpretation, act: Act) -> None:
    case.published_at = act.at
    case.save(update_fields=["published_at"])
    if case.replaces:
        follow(case.replaces, "supersede", act.me, act.at, cause=act.entry)


def _replaced(pk: int) -> list[QuerySet[Interpretation]]:
    return [Interpretation.objects.filter(replaced_by=pk)]


def _what_publishing_does(case: Interpretation) -> str:
    words = f"将在办法{case.article}之下公布，所有人可见，不显示提问人"
    return f"{words}；原解读标为“已被替代”。" if case.replaces_id else f"{words}。"


def _what_withdrawing_does(case: Interpretation) -> str:
    return "将从办法页面撤下，公众不再看到。"


def the_asker(case: Interpretation) -> Iterable[int]:
    return [case.asker_id] if case.asker_id else []


def _now_public(case: Interpretation, entry: Entry) -> str:
    """Without the opinion of the leader, which is the office's own."""
    return f"您就办法{case.article}的提问已经答复，解读公布在该条之下"


def _now_answered(case: Interpretation, entry: Entry) -> str:
    return f"您就办法{case.article}的提问已经答复"


def _of_the_issuer(role: Role, case: Interpretation) -> Iterable[int]:
    held = Appointment.objects.holders(role, case.article.measures.issuer_id, timezone.localdate())
    return held.values_list("user_id", flat=True)


def officers(case: Interpretation) -> Iterable[int]:
    return _of_the_issuer(Role.OFFICER, case)


def leaders(case: Interpretation) -> Iterable[int]:
    return _of_the_issuer(Role.LEADER, case)


def _answer(name: str, label: str, source: S, **more: Any) -> Step:
    """The officer's draft, for the first time or once more."""
    return Step(
        name,
        label,
        source=(source,),
        target=S.ANSWERED,
        who=scopes.issuer_officer,
        fields=ANSWER_FIELDS,
        form=AnswerForm,
        needs=(_answered,),
        **more,
    )


INTERPRETATION = register(
    Flow(
        name="interpretation",
        label="解读",
        model=Interpretation,
        path="interpretations",
        visible=scopes.questions_seen,
        interest=scopes.asker,
        title=Substr("wording", 1, 60),
        subtitle=F("article__measures__name"),
        sender=Coalesce(F("asker__name"), Value("")),
        steps=(
            _answer(
                "answer", "拟写解读", S.ASKED, prompt="答复提问", tells=(action(leaders),), tone="primary"
            ),
            Step(
                "publish",
                "公布解读",
                source=(S.ANSWERED,),
                target=S.PUBLISHED,
                who=scopes.issuer_leader,
                needs=(_answered, _replaced_still_stands),
                prompt="签发解读",
                opinion=True,
                locks=_replaced,
                then=(_publish,),
                tells=(result(the_asker, _now_public), officers),
                tone="primary",
                confirm=_what_publishing_does,
            ),
            Step(
                "reply",
                "只答复提问人",
                source=(S.ANSWERED,),
                target=S.TOLD,
                who=scopes.issuer_leader,
                needs=(_answered, _asked_by_somebody),
                tells=(result(the_asker, _now_answered), officers),
            ),
            Step(
                "send_back",
                "退回重拟",
                source=(S.ANSWERED,),
                target=S.ASKED,
                who=scopes.issuer_leader,
                opinion=True,
                tells=(action(officers),),
            ),
            _answer("revise", "修改拟稿", S.ANSWERED, waits=False),
            Step(
                "decline",
                "不予解释",
                source=(S.ASKED, S.ANSWERED),
                target=S.DECLINED,
                who=scopes.issuer_officer,
                opinion=True,
                waits=False,
                tells=(result(the_asker),),
                tone="danger",
            ),
            Step(
                "take_back",
                "撤回提问",
                source=(S.ASKED,),
                target=S.WITHDRAWN,
                who=scopes.asker,
                own=True,
                waits=False,
            ),
            Step(
                "withdraw",
                "撤下解读",
                source=(S.PUBLISHED,),
                target=S.WITHDRAWN,
                who=scopes.issuer_leader,
                opinion=True,
                waits=False,
                tells=(officers,),
                tone="danger",
                confirm=_what_withdrawing_does,
            ),
            Step("supersede", "被新解读替代", source=(S.PUBLISHED,), target=S.SUPERSEDED, waits=False),
        ),
        way=(
            Station("提出", ("begin",)),
            Station("拟写", ("answer",), (S.ASKED,)),
            Station("签发", ("publish", "reply"), (S.ANSWERED,)),
            Station("公布", (), (S.PUBLISHED,)),
        ),
        tones={
            S.ASKED: "amber",
            S.ANSWERED: "blue",
            S.PUBLISHED: "green",
            S.TOLD: "green",
            S.DECLINED: "red",
            S.SUPERSEDED: "grey",
            S.WITHDRAWN: "grey",
        },
    )
)
