"""Output (成果, Art. 8): recorded with its proof, made public when the lead agrees, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from office.attachments import slots
from office.flow import Flow, Missing, Station, Step, register
from office.notices import progress
from studios.flows import tells
from studios.models import Output, OutputState
from studios.scopes import people, work

S = OutputState
PROOF = "proof"
lead = people.lead("studio__")


def proved(output: Output, at: datetime) -> Iterator[Missing]:
    """Its proof is attached."""
    if PROOF not in slots(output):
        yield Missing("还没有上传佐证材料", 8, f"{output.get_absolute_url()}?tab=files")


OUTPUT = register(
    Flow(
        name="output",
        label="成果",
        model=Output,
        path="outputs",
        visible=work.held_or_drafted("studio__"),
        title=F("title"),
        subtitle=F("studio__name"),
        sender=F("studio__lead__name"),
        steps=(
            Step(
                "publish",
                "公开",
                source=(S.RECORDED,),
                target=S.PUBLIC,
                who=lead,
                needs=(proved,),
                waits=False,
                tells=(progress(tells.the_owner),),
                tone="primary",
                confirm=lambda output: f"“{output}”将显示在工作室的公开页面上，附件不公开。",
            ),
            Step("hide", "不再公开", source=(S.PUBLIC,), target=S.RECORDED, who=lead, waits=False),
            Step(
                "withdraw",
                "撤销",
                source=(S.RECORDED, S.PUBLIC),
                target=S.WITHDRAWN,
                who=lead,
                opinion=True,
                waits=False,
                tone="danger",
            ),
        ),
        way=(Station("登记", ("begin",), (S.RECORDED,)), Station("公开", ("publish",), (S.PUBLIC,))),
        tones={S.RECORDED: "blue", S.PUBLIC: "green", S.WITHDRAWN: "grey"},
    )
)
