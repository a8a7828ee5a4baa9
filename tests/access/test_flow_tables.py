"""Every flow against every pair of state and step and every role: allowed exactly as the table says.

Here alone a state is set by hand: the table has to hold for every state, also where no way leads that is short
enough for a test. ``TABLE`` says who takes which step, as DOMAIN.md does; the states come from the flow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.capacity import CLOCK, PUBLIC, Capacity
from accounts.models import Kind, Role
from applications.models import (
    Announcement,
    Application,
    Call,
    Expert,
    Extension,
    Objection,
    ProposedMember,
    Publicity,
    Review,
)
from office.door import Moved, Refused, begin, take
from office.flow import FLOWS, Flow
from office.models import Consultation
from portal.models import IdentityCorrection
from programmes.ground import lay
from programmes.models import Article, Interpretation
from studios.flows.terms import open_term
from studios.models import (
    Activity,
    Advice,
    AnnualSummary,
    CareerPlan,
    Membership,
    Output,
    Plan,
    Studio,
    StudioChange,
    SupportPledge,
)
from tests.factories.accounts import (
    OrganisationFactory,
    make_bureau,
    make_capacity,
    make_county,
    make_principal,
    make_school,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
# When every step is ripe, so that the desk shows all that waits.
RIPE = datetime(2099, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))

TABLE: dict[str, dict[str, set[str]]] = {
    "call": {
        "open": {"bureau officer"},
        "start_review": {"bureau officer"},
        "extend": {"bureau officer"},
        "supplement": {"bureau officer"},
        "decide": {"bureau leader"},
        "publicise": set(),
        "announce": set(),
        "cancel": {"bureau leader"},
    },
    "application": {
        "submit": {"applicant"},
        "endorse": {"school officer"},
        "school_return": {"school officer"},
        "school_decline": {"school officer"},
        "recommend": {"county officer"},
        "authority_return": {"county officer"},
        "authority_return_school": {"county officer"},
        "authority_decline": {"county officer"},
        "accept": {"bureau officer"},
        "owner_return": {"bureau officer"},
        "owner_return_school": {"bureau officer"},
        "owner_decline": {"bureau officer"},
        "resubmit": {"applicant"},
        "reinstate": {"county leader", "bureau leader"},
        "withdraw": {"applicant"},
        "lapse": {"clock"},
        "cancel": set(),
        "pass": set(),
        "fail": set(),
        "publicise": set(),
        "confirm": set(),
        "hold": set(),
        "reject": set(),
        "announce": set(),
    },
    "proposedmember": {
        "accept": {"member"},
        "decline": {"member"},
        "withdraw": {"applicant"},
        "release": {"bureau officer"},
        "consent_school": {"member's school officer"},
        "consent_authority": {"county officer"},
        "refuse": {"member's school officer", "county officer"},
        "lapse": set(),
    },
    "review": {
        "submit": {"expert"},
        "recuse": {"expert"},
        "release": {"bureau officer"},
        "reopen": {"bureau officer"},
        "drop": set(),
    },
    "publicity": {
        "publish": {"bureau officer"},
        "correct": {"bureau officer"},
        "conclude": {"bureau officer", "clock"},
    },
    "objection": {
        "investigate": {"bureau officer"},
        "not_admit": {"bureau officer"},
        "uphold": {"bureau leader"},
        "dismiss": {"bureau leader"},
        "moot": set(),
    },
    "announcement": {"issue": {"bureau leader"}},
    "consultation": {"answer": {"bureau finance"}, "withdraw": {"bureau leader"}, "lapse": {"clock"}},
    "interpretation": {
        "answer": {"bureau officer"},
        "publish": {"bureau leader"},
        "reply": {"bureau leader"},
        "send_back": {"bureau leader"},
        "revise": {"bureau officer"},
        "decline": {"bureau officer"},
        "take_back": {"applicant"},
        "withdraw": {"bureau leader"},
        "supersede": set(),
    },
    "studio": {
        "activate": set(),
        "settle": {"bureau officer"},
        "extend": set(),
        "relocate": set(),
        "replace_lead": set(),
        "act": set(),
        "end_acting": {"clock"},
        "close": set(),
    },
    "studiochange": {
        "agree": set(),
        "pledge": {"other school's officer"},
        "consent": {"other county's officer"},
        "object": {"other school's officer", "other county's officer"},
        "decline": set(),
        "ready": set(),
        "decide": {"bureau leader"},
        "refuse": {"bureau leader"},
        "withdraw": {"applicant"},
        "lapse": set(),
    },
    "membership": {
        "accept": {"member"},
        "decline": {"member"},
        "withdraw": {"applicant"},
        "consent_school": {"member's school officer"},
        "consent_authority": {"county officer"},
        "refuse": {"member's school officer", "county officer"},
        "join": set(),
        "leave": {"member", "applicant"},
        "note_left": {"bureau officer"},
        "consent_anew": set(),
        "take_lead": set(),
        "end": set(),
    },
    "identitycorrection": {
        "correct": {"county officer"},
        "decline": {"county officer"},
        "withdraw": {"applicant"},
    },
    "careerplan": {
        "sign_member": {"member"},
        "sign_lead": {"applicant"},
        "agree": set(),
        "revise": {"member", "applicant"},
        "close": {"applicant"},
        "lapse": set(),
    },
    "activity": {"hold": {"applicant"}, "cancel": {"applicant"}},
    "output": {"publish": {"applicant"}, "hide": {"applicant"}, "withdraw": {"applicant"}},
    "plan": {"file": {"applicant"}, "return": {"bureau officer"}, "amend": {"applicant"}},
    "advice": {
        "send": {"applicant"},
        "route": {"bureau officer"},
        "answer": {"bureau finance"},
        "answer_for": {"bureau officer"},
    },
    "supportpledge": {"confirm": {"school officer"}, "correct": {"school officer"}, "lapse": set()},
    "annualsummary": {"file": {"applicant"}, "return": {"bureau officer"}, "amend": {"applicant"}},
}

# What a person sees no more in a state is not theirs in it either: a review released is no longer the expert's.
OUT_OF_SIGHT = {
    ("review", "released", "expert"),
    ("membership", "invited", "member's school officer"),
    ("plan", "draft", "bureau officer"),
    ("annualsummary", "draft", "bureau officer"),
    ("advice", "draft", "bureau officer"),
    ("advice", "draft", "bureau finance"),
}

# The cases that begin once all they hang on stands.
FOLLOWING = (
    "membership", "plan", "activity", "output", "studiochange", "annualsummary", "advice", "supportpledge", "objection", "interpretation", "identitycorrection", "consultation",
)  # fmt: skip


# What a state never comes without: an agreed career plan bears both signatures, of words that have changed since.
ALONG: dict[str, dict[str, Any]] = {"careerplan": {"member_signed_at": AT, "lead_signed_at": AT}}


@dataclass
class Stage:
    """Everybody there is, by the part they play, and one case of each flow."""

    people: dict[str, Capacity]
    cases: dict[str, Any]


def _people() -> dict[str, Capacity]:
    bureau, county, far = make_bureau(), make_county("红山区"), make_county("松山区")
    school, other = make_school(county, "清泉小学"), make_school(county, "英金小学")
    foreign = make_school(far, "松山第一小学")
    third_party = OrganisationFactory(kind=Kind.THIRD_PARTY, name="评估中心")
    posts = {
        "bureau officer": (Role.OFFICER, bureau),
        "bureau leader": (Role.LEADER, bureau),
        "bureau finance": (Role.FINANCE, bureau),
        "county officer": (Role.OFFICER, county),
        "county leader": (Role.LEADER, county),
        "other county's officer": (Role.OFFICER, far),
        "other county's leader": (Role.LEADER, far),
        "school officer": (Role.OFFICER, school),
        "school leader": (Role.LEADER, school),
        "member's school officer": (Role.OFFICER, other),
        "other school's officer": (Role.OFFICER, foreign),
        "applicant": (Role.PRINCIPAL, school),
        "member": (Role.PRINCIPAL, other),
        "other principal": (Role.PRINCIPAL, foreign),
        "expert": (Role.EXPERT, bureau),
        "other expert": (Role.EXPERT, bureau),
        "third party's manager": (Role.MANAGER, third_party),
        "assessor": (Role.ASSESSOR, third_party),
        "auditor": (Role.AUDITOR, bureau),
        "security auditor": (Role.SECURITY, bureau),
        "administrator": (Role.ADMIN, bureau),
    }
    people = {part: make_capacity(role, organisation) for part, (role, organisation) in posts.items()}
    for part in ("applicant", "member", "other principal"):
        me = people[part]
        make_principal(me.organisation, user=me.user)
    return people | {"clock": CLOCK, "the public": PUBLIC}


def _call(people: dict[str, Capacity]) -> Call:
    days = [AT + timedelta(days=30 * step) for step in range(6)]
    return Call(
        number="2026-P1",
        name="2026年度申报",
        programme=lay(make_bureau()),
        start_on=date(2027, 1, 1),
        opens_at=days[0],
        submit_by=days[1],
        school_by=days[2],
        authority_by=days[3],
        check_by=days[4],
        score_by=days[5],
    )


def _application(call: Call, people: dict[str, Capacity]) -> Application:
    lead = people["applicant"].user.principal
    return Application(
        number="2026-0001",
        call=call,
        lead=lead,
        school=lead.school,
        authority=lead.school.parent,
        stage="primary",
        studio_name="清泉名校长工作室",
        submitted_at=AT,
        endorsed_at=AT,
        resume_at="authority_review",
    )


def _studio(call: Call, people: dict[str, Capacity]) -> Studio:
    lead = people["applicant"].user.principal
    return Studio(
        number="2026-S1",
        programme=call.programme,
        name="清泉名校长工作室",
        lead=lead,
        school=lead.school,
        authority=lead.school.parent,
        stage="primary",
        prepare_by=AT.date(),
    )


@pytest.fixture
def stage(db: None) -> Stage:
    people = _people()
    member = people["member"].user.principal
    call = _call(people)
    cases: dict[str, Any] = {"call": call}
    begin(call, people["bureau officer"], AT)
    Call.objects.filter(pk=call.pk).update(state="reviewing")
    call.refresh_from_db()
    before = {name: getattr(call, name) for name in ("submit_by", "school_by", "authority_by")}
    Extension.objects.create(call=call, at=AT, was={"submit_by": AT}, **before)
    cases["application"] = application = _application(call, people)
    begin(application, people["applicant"], AT)
    cases["proposedmember"] = ProposedMember(application=application, principal=member, basis="市级名校长")
    expert = Expert.objects.create(user=people["expert"].user)
    Expert.objects.create(user=people["other expert"].user)
    cases["review"] = Review(application=application, expert=expert)
    cases["publicity"] = publicity = Publicity(
        call=call, days=5, contact="市教育局人事科 8330001", ends_at=AT + timedelta(days=7)
    )
    cases["announcement"] = Announcement(call=call, title="关于公布名单的通知")
    cases["studio"] = studio = _studio(call, people)
    cases["membership"] = Membership(studio=studio, principal=member, basis="市级名校长")
    for name in ("proposedmember", "review", "publicity", "announcement", "studio"):
        begin(cases[name], people["bureau officer"], AT)
    term = open_term(studio, call.start_on, 3)
    cases["annualsummary"] = AnnualSummary(year=term.years.get(number=1))
    cases["supportpledge"] = SupportPledge(
        year=term.years.get(number=1),
        school=studio.school,
        workplace="三层302室",
        area=60,
        load="减四课时",
    )
    cases["advice"] = Advice(
        studio=studio,
        year=term.years.get(number=1),
        kind="proposal",
        title="关于跟岗基地的建议",
        handler=people["bureau finance"].user,
        verdict="adopted",
        reply="列入培训计划。",
    )
    cases["plan"] = Plan(studio=studio, kind="development", term=term)
    foreign = people["other school's officer"].organisation
    cases["studiochange"] = StudioChange(
        studio=studio, kind="relocate", school=foreign, reason="校舍改造", exception="校舍改造"
    )
    year = term.years.get(number=1)
    filed = {"studio": studio, "year": year, "duty": "research", "title": "课堂评价"}
    cases["activity"] = Activity(form="seminar", place="本校", starts_at=AT, ends_at=AT, **filed)
    cases["output"] = Output(kind="paper", authors="苏和", dated=AT.date(), **filed)
    cases["objection"] = Objection(
        publicity=publicity,
        application=application,
        name="赵某",
        contact="0476-1",
        text="不实",
        received_at=AT,
    )
    cases["interpretation"] = Interpretation(
        article=Article.objects.get(number=6),
        asker=people["applicant"].user,
        question="成员可以是副校长吗？",
        wording="成员可以是副校长吗？",
        answer="原则上应为正职校长。",
    )
    cases["identitycorrection"] = IdentityCorrection(principal=people["applicant"].user.principal)
    cases["consultation"] = Consultation(
        case=application,
        case_title=str(application),
        asker=people["bureau leader"].appointment,
        colleague=people["bureau finance"].appointment,
        question="经费能否保障？",
        asked_at=AT,
    )
    for name in FOLLOWING:
        begin(cases[name], people["bureau officer"], AT)
    cases["careerplan"] = CareerPlan(membership=cases["membership"])
    begin(cases["careerplan"], people["bureau officer"], AT)
    return Stage(people, cases)


def states_of(flow: Flow) -> list[str]:
    return [value for value, _ in flow.model._meta.get_field("state").flatchoices]


def answer(flow: Flow, step: str, pk: int, me: Capacity) -> str:
    """What the door says: taken, or the kind of its refusal. Nothing of it stays."""
    try:
        with transaction.atomic():
            take(flow, step, pk, me, AT, "已核")
            transaction.set_rollback(True)
    except (flow.model.DoesNotExist, PermissionDenied):  # type: ignore[attr-defined]
        return "not mine"
    except Moved:
        return "not now"
    except Refused:
        return "not yet"
    return "taken"


def pairs(flow: Flow) -> Iterator[tuple[str, str]]:
    for state in states_of(flow):
        for step in flow.steps:
            yield state, step.name


def test_the_table_names_every_step_of_every_flow() -> None:
    assert {name: {step.name for step in flow.steps} for name, flow in FLOWS.items()} == {
        name: set(steps) for name, steps in TABLE.items()
    }


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_step_is_taken_by_those_the_table_names_and_only_where_it_begins(name: str, stage: Stage) -> None:
    flow, case = FLOWS[name], stage.cases[name]
    wrong = []
    for state, step in pairs(flow):
        flow.model._default_manager.filter(pk=case.pk).update(state=state, **ALONG.get(name, {}))
        begins = state in flow.step(step).source
        for part, me in stage.people.items():
            said = answer(flow, step, case.pk, me)
            mine = part in TABLE[name][step] and (name, state, part) not in OUT_OF_SIGHT
            expected = {"taken", "not yet"} if mine and begins else {"not now"} if mine else {"not mine"}
            if said not in expected:
                wrong.append(f"{state}: {step} by {part} is {said}, not {' or '.join(sorted(expected))}")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(TABLE))
def test_what_the_page_offers_is_what_the_door_takes(name: str, stage: Stage) -> None:
    """The annotation behind buttons and lists, and the desk, agree with the table in every state."""
    flow, case = FLOWS[name], stage.cases[name]
    rows = flow.model._default_manager.filter(pk=case.pk)
    wrong = []
    for state in states_of(flow):
        rows.update(state=state, **ALONG.get(name, {}))
        for part, me in stage.people.items():
            row = flow.with_steps(rows, me).get()
            offered = {step.name for step in flow.steps if getattr(row, f"may_{step.name}")}
            expected = {
                step.name for step in flow.steps if part in TABLE[name][step.name] and state in step.source
            }
            if offered != expected:
                wrong.append(f"{state}: {part} is offered {offered}, not {expected}")
            waits = any(flow.step(step).waits for step in expected)
            if flow.waiting(me, RIPE).filter(pk=case.pk).exists() != waits:
                wrong.append(f"{state}: on the desk of {part}: {not waits}")
    assert wrong == []
