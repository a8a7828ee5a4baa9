"""身份证号更正: asked by the person, compared with the card and made, or declined, by the authority of the school."""

from __future__ import annotations

from django.db.models import F, Value
from django.db.models.functions import Concat

from office.flow import Flow, Station, Step, register
from office.notices import result
from portal.identity import rules
from portal.models import CorrectionState, IdentityCorrection

S = CorrectionState

IDENTITY_CORRECTION = register(
    Flow(
        name="identitycorrection",
        label="身份证号更正",
        model=IdentityCorrection,
        path="corrections",
        visible=rules.visible,
        interest=rules.oneself,
        hands=rules.authority,
        title=Concat(F("principal__name"), Value("更正身份证号")),
        subtitle=F("principal__school__name"),
        sender=F("principal__name"),
        steps=(
            Step(
                "correct",
                "核对无误，更正",
                prompt="核对身份证，更正号码",
                source=(S.ASKED,),
                target=S.CORRECTED,
                who=rules.authority_officer,
                stead=rules.in_the_authoritys_stead,
                needs=(rules.record_is_as_it_was, rules.number_is_free),
                locks=rules.owners,
                then=(rules.correct, rules.forget),
                tells=(result(rules.the_person),),
                tone="primary",
                confirm=rules.what_it_does,
            ),
            Step(
                "decline",
                "不予更正",
                source=(S.ASKED,),
                target=S.DECLINED,
                who=rules.authority_officer,
                stead=rules.in_the_authoritys_stead,
                opinion=True,
                then=(rules.forget,),
                tells=(result(rules.the_person),),
                tone="danger",
            ),
            Step(
                "withdraw",
                "撤回申请",
                source=(S.ASKED,),
                target=S.WITHDRAWN,
                who=rules.oneself,
                own=True,
                then=(rules.forget,),
                waits=False,
            ),
        ),
        way=(
            Station("本人申请", ("begin",)),
            Station("主管部门核对", ("correct", "decline"), (S.ASKED,)),
            Station("办结", (), (S.CORRECTED, S.DECLINED, S.WITHDRAWN)),
        ),
        tones={S.ASKED: "amber", S.CORRECTED: "green", S.DECLINED: "red"},
    )
)
