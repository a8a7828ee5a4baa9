"""Call (申报批次): opened by the owner's officer, decided and announced by the owner's leader."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.urls import reverse

from applications import deciding, effects, extending, preparing, scopes, supplementing
from applications.extension_form import ExtensionForm
from applications.flows import tells
from applications.models import Call, CallState
from applications.supplement_form import SupplementForm
from office.flow import Flow, Station, Step, register
from office.models import Entry
from office.notices import action, result
from office.words import moment

S = CallState


def _due(call: Call, at: datetime) -> datetime | None:
    dates = {S.OPEN: call.check_by, S.REVIEWING: call.score_by}
    return dates.get(CallState(call.state))


def _asks_to_judge(call: Call, entry: Entry) -> str:
    return f"{call}：专家评审开始，请于{moment(call.score_by)}前完成评分"


def _list_of_reviews(call: Call) -> str:
    return reverse("review-list")


def _asks_for_list(call: Call, entry: Entry) -> str:
    return f"{call}：名单已审定，请拟定公示"


CALL = register(
    Flow(
        name="call",
        label="申报批次",
        model=Call,
        path="calls",
        key="number",
        visible=scopes.calls_seen,
        title=F("name"),
        subtitle=F("programme__name"),
        sender=F("programme__owner__name"),
        due=_due,
        hands=lambda case: (case.programme.owner_id,),
        steps=(
            Step(
                "open",
                "发布申报",
                source=(S.DRAFT,),
                target=S.OPEN,
                who=scopes.call_officer,
                needs=(deciding.ready_to_open,),
                then=(effects.freeze_rubric,),
                tells=(tells.authorities,),
                tone="primary",
                confirm=deciding.what_opening_does,
            ),
            Step(
                "start_review",
                "开始专家评审",
                source=(S.OPEN,),
                target=S.REVIEWING,
                who=scopes.call_officer,
                needs=(deciding.window_closed, deciding.panels_ready),
                ripe=deciding.nobody_applies,
                then=(effects.assign_panels,),
                tells=(action(tells.experts_of_call, _asks_to_judge, _list_of_reviews),),
                tone="primary",
                confirm=deciding.what_reviewing_does,
            ),
            Step(
                "decide",
                "审定名单",
                source=(S.REVIEWING,),
                target=S.DECIDED,
                who=scopes.call_leader,
                sealed=True,
                needs=(
                    deciding.none_under_way,
                    deciding.reviews_in,
                    deciding.results_given,
                    deciding.minutes_attached,
                ),
                ripe=deciding.scores_in,
                opinion=True,
                then=(effects.pass_or_fail,),
                tells=(action(tells.officers_of_call, _asks_for_list),),
                tone="primary",
                confirm=deciding.what_deciding_does,
            ),
            Step(
                "extend",
                "延期",
                source=(S.OPEN, S.REVIEWING),
                target=None,
                who=scopes.call_officer,
                needs=(extending.only_later, extending.still_in_order),
                opinion=True,
                fields=("planned",),
                form=ExtensionForm,
                waits=False,
                then=(extending.put_off,),
                tells=(tells.those_extended, tells.applicants_extended),
            ),
            Step(
                "supplement",
                "印发延期通知",
                source=(S.OPEN, S.REVIEWING),
                target=None,
                who=scopes.call_officer,
                when=supplementing.UNTOLD,
                needs=(supplementing.something_untold,),
                fields=("supplement",),
                form=SupplementForm,
                waits=False,
                then=(supplementing.issue,),
                tells=(tells.those_supplemented,),
            ),
            Step("publicise", "公示", source=(S.DECIDED,), target=S.PUBLICITY),
            Step("announce", "公布", source=(S.PUBLICITY,), target=S.ANNOUNCED),
            Step(
                "cancel",
                "取消批次",
                source=(S.DRAFT, S.OPEN, S.REVIEWING, S.DECIDED, S.PUBLICITY),
                target=S.CANCELLED,
                who=scopes.call_leader,
                sealed=True,
                opinion=True,
                waits=False,
                then=(effects.cancel_applications,),
                tells=(result(tells.authorities),),
                tone="danger",
                confirm=deciding.what_cancelling_does,
            ),
        ),
        way=(
            Station("拟定", ("begin",), (S.DRAFT,)),
            Station("申报推荐", ("start_review",), (S.OPEN,)),
            Station("专家评审", ("decide",), (S.REVIEWING,)),
            Station("公示", ("publicise",), (S.DECIDED,)),
            Station("公布", ("announce",), (S.PUBLICITY,)),
        ),
        errands=preparing.ERRANDS,
        tones={
            S.DRAFT: "grey",
            S.OPEN: "green",
            S.REVIEWING: "blue",
            S.DECIDED: "blue",
            S.PUBLICITY: "amber",
            S.ANNOUNCED: "green",
            S.CANCELLED: "red",
        },
    )
)
