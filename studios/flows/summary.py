"""Annual summary (年度总结, Art. 16): opened before it is due, filed with the owner, returned, amended with a reason."""

from __future__ import annotations

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from office.door import Act
from office.filing.pages import form_complete
from office.flow import Errand, Flow, Station, Step, also, register
from office.notices import action, progress
from studios.filing import keep_version, rest, stamp_filed
from studios.flows import tells
from studios.flows.plan import studio_at_work
from studios.flows.studio import STUDIO
from studios.models import AnnualSummary, FiledState, Studio
from studios.scopes import people, work
from studios.summaries import freeze_figures, open_summary

S = FiledState
STUDIO_PATH = "year__term__studio__"
lead = people.lead(STUDIO_PATH)

SUMMARY = register(
    Flow(
        name="annualsummary",
        label="年度总结",
        model=AnnualSummary,
        path="summaries",
        visible=work.held_once_sent(STUDIO_PATH, S.DRAFT),
        title=Concat(
            F("year__term__studio__name"),
            Value(" 第"),
            Cast(F("year__number"), CharField()),
            Value("年度总结"),
        ),
        subtitle=F("year__term__studio__name"),
        sender=F("year__term__studio__lead__name"),
        hands=lambda summary: (summary.studio.programme.owner_id,),
        people=lambda summary: (summary.studio.lead.user_id,),
        due=lambda summary, at: summary.due_by if summary.filed_at is None else None,
        steps=(
            Step(
                "file",
                "备案",
                prompt="填报并备案",
                source=(S.DRAFT, S.RETURNED, S.AMENDING),
                target=S.FILED,
                who=lead,
                turn=people.going_on(STUDIO_PATH),
                needs=(studio_at_work, form_complete),
                then=(keep_version, freeze_figures, stamp_filed),
                tells=(progress(tells.the_owner), progress(tells.the_county)),
                tone="primary",
            ),
            Step(
                "return",
                "退回修改",
                source=(S.FILED,),
                target=S.RETURNED,
                who=people.owner_officer(STUDIO_PATH),
                opinion=True,
                waits=False,
                tells=(action(tells.the_lead),),
            ),
            Step(
                "amend",
                "调整",
                source=(S.FILED,),
                target=S.AMENDING,
                who=lead,
                needs=(studio_at_work,),
                opinion=True,
                waits=False,
            ),
        ),
        way=(
            Station("填报", ("begin", "amend"), (S.DRAFT, S.RETURNED, S.AMENDING)),
            Station("备案", ("file",), (S.FILED,)),
        ),
        errands=(
            Errand(
                people.helper(STUDIO_PATH),
                (S.DRAFT, S.RETURNED, S.AMENDING),
                "代为起草",
                lambda key: reverse("form-annualsummary", args=[key, "overview"]),
            ),
        ),
        tones={S.DRAFT: "grey", S.RETURNED: "amber", S.AMENDING: "amber", S.FILED: "green"},
    )
)


@also(STUDIO, "close")
def summaries_rest(studio: Studio, act: Act) -> None:
    """What was not filed is not asked for any more."""
    rest(AnnualSummary.objects.filter(year__term__studio=studio))


__all__ = ["SUMMARY", "lead", "open_summary"]
