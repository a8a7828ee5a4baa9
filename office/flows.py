"""The flow of office itself: 征求意见, a question to a colleague about a case that is not handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q, Value

from accounts.capacity import Capacity
from accounts.models import TAKEN_BY
from office import pages
from office.door import Act
from office.flow import EVERYTHING, FLOWS, NOTHING, Flow, Station, Step, clock, register
from office.models import Consultation, ConsultationState
from office.notices import result

S = ConsultationState


def colleague(me: Capacity) -> Q:
    """Whoever was asked, in the appointment in which they were."""
    return Q(colleague=me.appointment.pk) if me.appointment and me.holds(*TAKEN_BY) else NOTHING


def asker(me: Capacity) -> Q:
    """Whoever asked, in the appointment in which they did."""
    return Q(asker=me.appointment.pk) if me.appointment and me.holds(*TAKEN_BY) else NOTHING


def seen_by(me: Capacity) -> Q:
    """The two of them; the others of the asker's organisation read question and answer on the case."""
    if me.clock:
        return EVERYTHING
    mine = asker(me)
    return NOTHING if mine == NOTHING else mine | colleague(me)


def _keep_answer(case: Consultation, act: Act) -> None:
    case.answer = act.opinion
    case.save(update_fields=["answer"])


def _end_grant(case: Consultation, act: Act) -> None:
    grant: Any = FLOWS[case.content_type.model].grant
    grant.objects.filter(consultation=case).delete()


def _who_asked(case: Consultation) -> list[int]:
    return [case.asker.user_id]


def _who_was_asked(case: Consultation) -> list[int]:
    return [case.colleague.user_id]


CONSULTATION = register(
    Flow(
        name="consultation",
        label="征求意见",
        model=Consultation,
        path="consultations",
        visible=seen_by,
        title=F("case_title"),
        subtitle=Value("征求意见"),
        sender=F("asker__user__name"),
        steps=(
            Step(
                "answer",
                "答复",
                prompt="答复征求意见",
                source=(S.ASKED,),
                target=S.ANSWERED,
                who=colleague,
                opinion=True,
                then=(_keep_answer, _end_grant),
                tells=(result(_who_asked),),
                tone="primary",
                confirm=lambda case: f"答复发给{case.asker.user}，此后不再能查看“{case.case_title}”",
            ),
            Step(
                "withdraw",
                "撤回征求",
                source=(S.ASKED,),
                target=S.WITHDRAWN,
                who=asker,
                waits=False,
                then=(_end_grant,),
                tells=(_who_was_asked,),
            ),
            Step(
                "lapse",
                "任职结束，不再征求",
                source=(S.ASKED,),
                target=S.WITHDRAWN,
                who=clock,
                waits=False,
                then=(_end_grant,),
                tells=(result(_who_asked),),
            ),
        ),
        hands=lambda case: (case.asker.organisation_id,),
        way=(Station("征求", ("begin",)), Station("答复", ("answer",), (S.ASKED,))),
        tones={S.ASKED: "amber", S.ANSWERED: "green"},
    )
)


def _about(case: Consultation, me: Capacity, at: datetime) -> Mapping[str, Any]:
    """The case asked about, with its address for whoever sees it."""
    flow = FLOWS[case.content_type.model]
    row = flow.seen(me).filter(pk=case.object_id).first()
    return {"about": {"label": case.case_title, "url": row.get_absolute_url() if row else ""}}


pages.register(
    pages.CasePage(
        "consultation",
        title=str,
        subtitle=lambda case: f"{case.asker.user}向{case.colleague.user}征求",
        tabs=(pages.Tab("question", "征求事项", "office/consultation.html", context=_about),),
        related=("asker__user", "asker__organisation", "colleague__user", "content_type"),
        holder=lambda case: str(case.colleague.user),
    )
)
