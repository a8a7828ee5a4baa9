"""Advice (建言献策, Art. 8-4): sent to the owner, routed to a person there, answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from accounts.capacity import Capacity
from office.door import Act
from office.flow import NOTHING, Flow, Missing, Station, Step, register
from office.models import Entry
from office.notices import action, progress, result
from studios.advising import RouteForm
from studios.flows import tells
from studios.flows.plan import studio_at_work
from studios.models import Advice, AdviceState
from studios.scopes import OFFICES, people, work

S = AdviceState
lead = people.lead("studio__")
owner_officer = people.owner_officer("studio__")


def handler(me: Capacity) -> Q:
    """Whom the owner named, as long as they act for the owner."""
    if not me.holds(*OFFICES):
        return NOTHING
    return Q(handler=me.user_id, studio__programme__owner=me.organisation_id)


def other_officer(me: Capacity) -> Q:
    """The owner's officers, whoever was named apart."""
    mine = owner_officer(me)
    return mine if mine == NOTHING else mine & (Q(handler__isnull=True) | ~Q(handler=me.user_id))


def said(advice: Advice, at: datetime) -> Iterator[Missing]:
    """An answer is one of three, with words."""
    if not advice.verdict or not advice.reply.strip():
        yield Missing("请选择采纳、部分采纳或留存参考，并写明答复意见", 8, here=True)


def chosen(advice: Advice, at: datetime) -> Iterator[Missing]:
    """It is routed to a person."""
    if advice.handler is None:
        yield Missing("请选择承办人", here=True)


def _stamp_sent(advice: Advice, act: Act) -> None:
    advice.sent_at = act.at
    advice.save(update_fields=["sent_at"])


def _the_handler(advice: Advice) -> Iterable[int]:
    return [advice.handler_id] if advice.handler_id else []


def _answer_words(advice: Advice, entry: Entry) -> str:
    return f"建言“{advice.title}”已答复：{advice.get_verdict_display()}。{advice.reply}"


def _answer(name: str, label: str, **more: Any) -> Step:
    return Step(
        name,
        label,
        source=(S.ROUTED,),
        target=S.ANSWERED,
        fields=("verdict", "reply"),
        asked=("verdict", "reply"),
        needs=(said,),
        tells=(result(tells.the_lead, _answer_words), progress(tells.the_county)),
        **more,
    )


ADVICE = register(
    Flow(
        name="advice",
        label="建言献策",
        model=Advice,
        path="advice",
        visible=work.held_once_sent("studio__", S.DRAFT),
        title=F("title"),
        subtitle=F("studio__name"),
        sender=F("studio__lead__name"),
        hands=lambda advice: (advice.studio.programme.owner_id,),
        people=lambda advice: (advice.studio.lead.user_id, advice.handler_id),
        steps=(
            Step(
                "send",
                "报送",
                prompt="完善并报送",
                source=(S.DRAFT,),
                target=S.SENT,
                who=lead,
                turn=people.going_on("studio__"),
                needs=(studio_at_work,),
                then=(_stamp_sent,),
                tells=(action(tells.the_owner),),
                tone="primary",
            ),
            Step(
                "route",
                "分办",
                prompt="指定承办人",
                source=(S.SENT,),
                target=S.ROUTED,
                who=owner_officer,
                fields=("handler",),
                form=RouteForm,
                needs=(chosen,),
                tells=(action(_the_handler), progress(tells.the_lead)),
                tone="primary",
            ),
            _answer("answer", "答复", who=handler, prompt="办理并答复", tone="primary"),
            _answer("answer_for", "代承办人答复", who=other_officer, waits=False),
        ),
        way=(
            Station("起草", ("begin",), (S.DRAFT,)),
            Station("报送", ("send",), (S.SENT,)),
            Station("分办", ("route",), (S.ROUTED,)),
            Station("答复", ("answer", "answer_for"), (S.ANSWERED,)),
        ),
        tones={S.DRAFT: "grey", S.SENT: "amber", S.ROUTED: "blue", S.ANSWERED: "green"},
    )
)
