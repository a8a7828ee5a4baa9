"""Who sees what (DOMAIN.md), address by address: written by hand, not derived from the program's own scopes.

The words of the table are those of ``rules``, the places those of ``places``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.demo.stage import paper
from tests.access.cast import user
from tests.access.places import find
from tests.access.rules import (
    BUSINESS,
    EVERYBODY,
    EXPERTS,
    GOES,
    KEEPERS,
    NO_ROWS,
    OFFICERS,
    OWNER,
    PART,
    PRINCIPALS,
    STAFF,
    Page,
    Rule,
    everybody,
    only,
    public,
    seen,
)  # fmt: skip

# --- applications -----------------------------------------------------------------------------------
# The owner all; a county of schools under it once submitted to it; a school of its principal once submitted;
# the principal the own; an expert the assigned in the review period; an auditor what the scope names.
APPLICATIONS = {
    "draft": f"{OWNER} auditor",
    "at_school": f"{OWNER} auditor school",
    "hongshan": f"{OWNER} auditor county school2",
    "songshan": f"{OWNER} auditor county2",
    "direct": f"{OWNER} auditor",
    "returned": f"{OWNER} auditor county principal",
    "judged": f"{OWNER} auditor expert",
    "publicised": f"{OWNER} auditor",
    "announced": f"{OWNER} auditor county2 lead",
}
APPLICATION_READERS = {place: seen(roles) for place, roles in APPLICATIONS.items()}


def of_application(allowed: dict[str, str], **more: Any) -> dict[str, Rule]:
    """``allowed`` may; whoever else sees the application is refused."""
    return {place: seen(roles, refused=APPLICATIONS[place], **more) for place, roles in allowed.items()}


# Identity number: the owner's officer, the school and the person in full; masked or never for all others.
IDENTITY = {
    "at_school": "bureau school",
    "hongshan": "bureau school2",
    "songshan": "bureau",
    "returned": "bureau principal",
    "judged": "bureau",
    "announced": "bureau lead",
}
RECOMMENDING = {
    "at_school": "",
    "hongshan": "county",
    "songshan": "county2",
    "direct": "bureau",
    "judged": "",
}
# Whoever has the case asks a colleague: the school while it reviews.
ASKING = RECOMMENDING | {"at_school": "school"}
FILLING = {"draft": "", "returned": "principal", "hongshan": "", "judged": ""}

# --- calls ------------------------------------------------------------------------------------------
CALL_READERS = {
    "unopened": f"{OWNER} finance",
    "open": BUSINESS,
    "judging": BUSINESS,
    "publicity": BUSINESS,
    "announced": BUSINESS,
}


def of_call(ok: str, *places: str, **more: Any) -> dict[str, Rule]:
    """``ok`` may; whoever else sees the call is refused."""
    return {place: seen(ok, refused=CALL_READERS[place], **more) for place in places}


# --- members ----------------------------------------------------------------------------------------
PROPOSALS = {
    "asked": f"{OWNER} member",
    "of_songshan": f"{OWNER} county2 school",
    "of_hongshan": f"{OWNER} county",
}
MEMBERSHIPS = {"active": f"{OWNER} finance county2 lead member", "waiting": f"{OWNER} finance"}

# --- corrections ------------------------------------------------------------------------------------
RECORDED = PRINCIPALS
CORRECTION = "bureau county principal"
KEEPING_OFFICERS = "bureau county county2"
ACTIVITY_READERS = {
    "held": f"{OWNER} finance auditor county2 lead member",
    "planned": f"{OWNER} finance auditor county2 lead member",
    "of_county": f"{OWNER} finance auditor county county2 lead member",
}
PLAN_READERS = f"{OWNER} finance auditor county2 lead member"
CAREER_READERS = f"{OWNER} finance lead member"
CHANGE_READERS = f"{OWNER} finance auditor"

PLEDGES = {"host": PLAN_READERS.replace(" member", ""), "member": PLAN_READERS}
KEPT_BY_LEAD = seen("lead", refused=EVERYBODY.replace("lead ", ""))
# A studio of the other county, with members from the first.
OF_NEIGHBOUR = f"{OWNER} finance auditor county county2"


def of_activity(ok: str, **more: Any) -> dict[str, Rule]:
    """``ok`` writes the studio's activity, the county's officer their own; whoever else sees one is refused."""
    return {
        "planned": seen(ok, refused=ACTIVITY_READERS["planned"], **more),
        "of_county": seen("county2", refused=ACTIVITY_READERS["of_county"], **more),
    }


# --- reviews ----------------------------------------------------------------------------------------
REVIEWS = {"mine": f"{OWNER} auditor expert", "colleague": f"{OWNER} auditor"}

# --- questions on the measures ------------------------------------------------------------------------
QUESTIONS = {"published": f"{OWNER} auditor school", "asked": f"{OWNER} auditor principal"}

# --- registry ---------------------------------------------------------------------------------------
SCHOOL_OF_HONGSHAN = only("bureau admin county", missing="county2")
RECORD_OF_HONGSHAN = only("bureau county", missing="county2")
IN_BUREAU = only("bureau admin", missing="county county2")
ADMINISTRATORS = only("admin", missing="bureau county county2")
RECORDS = "bureau county county2 school school2"
RECORD_KEEPERS = "bureau county county2"
RECORD = {
    "at_school": only("bureau county school", missing="county2 school2"),
    "songshan": only("bureau county2", missing="county school school2"),
}

# The registry's keepers import its rosters; the programme's owner holidays and experts, rubrics into a draft only.
IMPORTS = {
    "schools": only(KEEPERS),
    "people": only(KEEPERS),
    "appointments": only(KEEPERS),
    "holidays": only("bureau"),
    "experts": only("bureau"),
    "rubrics": only("", missing=OFFICERS),
}
TEMPLATES = IMPORTS | {"rubrics": only(OFFICERS)}


def reveal(name: str) -> Callable[[], dict[str, Any]]:
    return lambda: {"field": name}


def _draw() -> dict[str, Any]:
    return {"act": "draw"}


def _assign() -> dict[str, Any]:
    return {"application": find("application", "judged").pk, "expert": find("expert", "expert").pk}


def _invite() -> dict[str, Any]:
    return {"principal": user("outsider").principal.pk}


def _programme() -> dict[str, Any]:
    return {"programme": find("call", "open").programme_id}


MATRIX: dict[str, Page] = {
    # the public site
    "healthz": Page(get=public()),
    "home": Page(get=public(status=(200, 302))),
    "directory": Page(get=public()),
    "directory-studio": Page(get={"songshan": public(), "preparing": public()}),
    "public-documents": Page(get=public()),
    "robots": Page(get=public()),
    "privacy": Page(get=public()),
    "privacy-version": Page(get=public()),
    "icon": Page(get=public(status=GOES)),
    "articles": Page(get=public()),
    "article": Page(get=public()),
    "interpretations": Page(get=public()),
    # questions on the measures: the issuer's people all, an auditor those on measures in the scope, others the own
    "interpretation-list": Page(get=everybody()),
    "interpretation-ask": Page(get=everybody(), post=everybody()),
    "interpretation-new": Page(get=only("bureau"), post=only("bureau")),
    "case-interpretation": Page(get={place: seen(roles) for place, roles in QUESTIONS.items()}),
    "step-interpretation": Page(
        post={
            "published": seen("leader", refused="bureau auditor school"),
            "asked": seen("leader", refused="bureau auditor principal"),
        }
    ),
    "batch-interpretation": Page(post=only("leader", status=NO_ROWS)),
    "check-form": Page(get=public()),
    "check": Page(get={"notice": public(), "publicity": public()}),
    "public-publicity": Page(get={"running": public(), "over": seen("", public="404")}),
    "public-object": Page(
        get={"received": public(), "investigating": public(), "answered": seen("", public="404")},
        post={"received": public(), "answered": seen("", public="404")},
    ),
    "public-follow": Page(get=public()),
    "public-objection": Page(get={"received": public(), "answered": public()}),
    # one's own account
    "login": Page(get=public(status=(200, 302)), post=public()),
    "demo_login": Page(post=public(data=lambda: {"username": "bureau"}, status=GOES)),
    # without a password given a moment before there is no second page
    "login-code": Page(get=Rule(rest="login"), post=Rule(rest="login")),
    "logout": Page(post=Rule(rest="login")),
    "password": Page(get=everybody(), post=everybody()),
    "capacity": Page(post=seen("")),
    "own": Page(get=everybody()),
    "own-edit": Page(get=everybody(), post=everybody()),
    "own-export": Page(post=everybody()),
    # who owes nothing is led to the text
    "consent": Page(get=everybody(status=GOES), post=everybody(status=GOES)),
    "second-factor": Page(get=everybody()),
    "second-factor-new": Page(get=everybody(), post=everybody()),
    "second-factor-codes": Page(post=everybody(status=GOES)),
    "second-factor-off": Page(post=everybody(status=GOES)),
    "own-deputies": Page(get=everybody(), post=everybody()),
    # the leader who is away and the deputy
    "own-deputy-end": Page(post={"of_bureau": seen("leader finance", status=GOES)}),
    # 催办: whoever has a stake, while it waits for somebody else; the part is empty for the others who see the case
    "remind-application": Page(
        get={"hongshan": seen(APPLICATIONS["hongshan"], status=PART)},
        post={"hongshan": seen(f"{OWNER} school2", refused="county auditor")},
    ),
    "remind-call": Page(
        get={"open": seen(CALL_READERS["open"], status=PART)},
        post={"open": seen("", refused=CALL_READERS["open"])},
    ),
    "remind-proposedmember": Page(
        get={place: seen(roles, status=PART) for place, roles in PROPOSALS.items()},
        post={"asked": seen(OWNER, "member"), "of_songshan": seen(f"{OWNER} school", "county2")},
    ),
    "remind-review": Page(
        get={place: seen(roles, status=PART) for place, roles in REVIEWS.items()},
        post={"mine": seen(OWNER, "auditor expert")},
    ),
    "remind-membership": Page(
        get={"waiting": seen(MEMBERSHIPS["waiting"], status=PART)},
        post={"waiting": seen(MEMBERSHIPS["waiting"])},
    ),
    "remind-publicity": Page(
        get={"running": seen(f"{OWNER} auditor", status=PART)},
        post={"running": seen("", f"{OWNER} auditor")},
    ),
    "remind-objection": Page(
        get={"received": seen(OWNER, status=PART)}, post={"received": seen("leader", "bureau")}
    ),
    "remind-announcement": Page(
        get={"issued": seen(f"{OWNER} auditor", status=PART)},
        post={"issued": seen("", f"{OWNER} auditor")},
    ),
    # whoever has asked already is led to the case
    "own-identity": Page(get=seen(RECORDED, status=(200, 302)), post=seen(RECORDED, status=(422,))),
    # a correction of an identity number: the person, the authority of the school, the bureau
    "identitycorrection-list": Page(get=only(RECORD_KEEPERS)),
    "case-identitycorrection": Page(get={"asked": seen(CORRECTION)}),
    "step-identitycorrection": Page(post={"asked": seen("county", refused=CORRECTION.replace("county", ""))}),
    "batch-identitycorrection": Page(post=only(KEEPING_OFFICERS, status=NO_ROWS)),
    "remind-identitycorrection": Page(
        get={"asked": seen(CORRECTION, status=PART)},
        post={"asked": seen("principal", refused="bureau county")},
    ),
    "correction-numbers": Page(post={"asked": seen("county", refused=CORRECTION.replace("county", ""))}),
    # 征求意见: the leader has asked the finance officer about the objection that is being investigated
    "consult-application": Page(
        get=of_application(ASKING), post=of_application(ASKING, data=lambda: {"question": "?"})
    ),
    "consult-objection": Page(
        get={"investigating": seen("leader", refused="bureau finance"), "received": seen("bureau", "leader")},
        post={"received": seen("bureau", "leader")},
    ),
    "case-consultation": Page(get={"of_bureau": seen("leader finance")}),
    "step-consultation": Page(post={"of_bureau": seen("finance", "leader")}),
    "batch-consultation": Page(post=only(f"{STAFF} finance thirdparty assessor", status=NO_ROWS)),
    "remind-consultation": Page(
        get={"of_bureau": seen("leader finance", status=PART)},
        post={"of_bureau": seen("leader", "finance")},
    ),
    # desk, notices, jobs
    "desk": Page(get=everybody()),
    "desk-waiting": Page(get=public(status=(200, 204))),
    "notices": Page(get=everybody()),
    "notices-unread": Page(get=public(status=(200, 204))),
    "notices-read": Page(post=everybody(status=GOES)),
    "notice-open": Page(post={"of_county": seen("county", status=GOES)}),
    "notice-choices": Page(get=everybody(), post=everybody(status=(422,))),
    "mails": Page(get=only("admin")),
    "mail-again": Page(post={"unconfirmed": only("admin", status=GOES)}),
    # the owner's people see all, others only what they told of themselves; experts nothing
    "told": Page(
        get={
            "hongshan": seen(f"{OWNER} school2"),
            "returned": seen(f"{OWNER} county principal"),
            "judged": seen(OWNER),
            "draft": seen(OWNER),
        }
    ),
    "help": Page(get=everybody(status=GOES)),
    "manual": Page(get=everybody()),
    "jobs": Page(get=everybody()),
    "job": Page(get={"of_county": seen("county")}),
    "job-progress": Page(get={"of_county": seen("county")}),
    "job-file": Page(get={"of_county": seen("county")}),
    # documents and files
    "document-list": Page(get=everybody()),
    "document": Page(get={"notice": public(), "publicity": seen(f"{OWNER} finance auditor", public="404")}),
    "document-state": Page(
        get={"notice": public(), "publicity": seen(f"{OWNER} finance auditor", public="404")}
    ),
    "document-pdf": Page(
        get={"notice": public(), "publicity": seen(f"{OWNER} finance auditor", public="404")}
    ),
    "attachment-upload": Page(
        post=of_application(
            {"returned": "principal", "at_school": "school", "judged": "", "draft": ""},
            data=lambda: {"file": paper("材料"), "slot": "nothing"},
            headers={"X-Upload": "1"},
            status=(403,),
        )
    ),
    "attachment": Page(
        get={
            "material": seen(APPLICATIONS["hongshan"]),
            "identity": seen(f"{OWNER} county school2"),
            "returned": seen(APPLICATIONS["returned"]),
            "judged": seen(APPLICATIONS["judged"]),
            "judged_identity": seen(OWNER),
            "judged_by_school": seen(f"{OWNER} auditor"),
        }
    ),
    "attachment-remove": Page(
        post={
            "returned": seen("principal", refused=APPLICATIONS["returned"]),
            "material": seen("", refused=APPLICATIONS["hongshan"]),
            "judged": seen("", refused=APPLICATIONS["judged"]),
            "judged_by_school": seen("", refused=f"{OWNER} auditor"),
        }
    ),
    # rubrics, experts, holidays
    "rubric-list": Page(get=only(STAFF)),
    "rubric-default": Page(post=only("bureau", missing=OFFICERS, data=_programme)),
    "rubric": Page(get={"used": seen(OWNER)}),
    "rubric-edit": Page(
        get={"used": seen("bureau", "leader", status=GOES)}, post={"used": seen("bureau", "leader")}
    ),
    "rubric-version": Page(post={"used": seen("bureau", "leader")}),
    "expert-list": Page(get=only(OWNER)),
    "expert-new": Page(get=only("bureau"), post=only("", missing="bureau")),
    "expert-edit": Page(get={"expert": only("bureau")}, post={"expert": only("bureau")}),
    "programme": Page(get=only("bureau"), post=only("bureau")),
    "holidays": Page(get=only("bureau"), post=only("bureau")),
    "holiday-remove": Page(post={"any": only("bureau")}),
    # calls
    "call-board": Page(get=only(f"{OWNER} county county2")),
    "call-list": Page(get=only(BUSINESS)),
    "case-call": Page(get={place: seen(roles) for place, roles in CALL_READERS.items()}),
    "step-call": Page(post=of_call("bureau", "unopened", "open", "judging")),
    "batch-call": Page(post=only(OFFICERS, status=NO_ROWS)),
    "call-new": Page(get=only("bureau"), post=only("bureau")),
    "call-edit": Page(
        get=of_call("bureau", "unopened") | of_call("bureau", "open", status=GOES),
        post=of_call("bureau", "unopened", "open"),
    ),
    "call-notice": Page(get=of_call(OWNER, "unopened", "open")),
    "call-supplement": Page(get=of_call("bureau", "open", status=GOES)),
    "call-supplement-preview": Page(
        get=of_call("bureau", "open", status=(404,)), post=of_call("bureau", "open")
    ),
    "call-division": Page(
        get=of_call(OWNER, "open", "judging"), post=of_call(OWNER, "open", "judging", status=GOES)
    ),
    "call-panel": Page(
        get=of_call(OWNER, "open", "judging"), post=of_call("bureau", "open", "judging", data=_draw)
    ),
    "call-progress": Page(get=of_call(OWNER, "open", "judging")),
    "call-assign": Page(post=of_call("bureau", "judging", data=_assign)),
    "call-results": Page(
        get=of_call(OWNER, "judging", "announced"), post=of_call(OWNER, "judging", "announced")
    ),
    "call-table": Page(
        get=of_call(f"{OWNER} county county2", "open", "judging", "announced") | of_call(OWNER, "unopened")
    ),
    "call-apply": Page(
        post={
            "open": seen(PRINCIPALS, refused=BUSINESS, status=GOES),
            "unopened": seen("", refused=f"{OWNER} finance"),
        }
    ),
    # applications
    "application-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} auditor")),
    "case-application": Page(get=APPLICATION_READERS),
    "step-application": Page(post=of_application(RECOMMENDING)),
    "batch-application": Page(post=only("bureau county county2", status=NO_ROWS)),
    "form-application": Page(
        get=of_application(FILLING), post=of_application(FILLING, data=lambda: {"version": ""})
    ),
    "application-identity": Page(post=of_application(IDENTITY)),
    "application-print": Page(
        get={place: seen(APPLICATIONS[place]) for place in ("at_school", "hongshan", "returned", "judged")}
    ),
    "member-propose": Page(post=of_application(FILLING, data=_invite)),
    # members, proposed and of studios
    "proposedmember-list": Page(get=only(f"{STAFF} {PRINCIPALS}")),
    "case-proposedmember": Page(get={place: seen(roles) for place, roles in PROPOSALS.items()}),
    "step-proposedmember": Page(
        post={
            "asked": seen("", refused=PROPOSALS["asked"]),
            "of_songshan": seen("", refused=PROPOSALS["of_songshan"]),
            "of_hongshan": seen("", refused=PROPOSALS["of_hongshan"]),
        }
    ),
    "batch-proposedmember": Page(post=only("school school2", status=NO_ROWS)),
    "membership-list": Page(get=only(f"{STAFF} finance {PRINCIPALS}")),
    "case-membership": Page(get={place: seen(roles) for place, roles in MEMBERSHIPS.items()}),
    "step-membership": Page(post={place: seen("", refused=roles) for place, roles in MEMBERSHIPS.items()}),
    "batch-membership": Page(post=only("school school2", status=NO_ROWS)),
    "membership-consent": Page(
        get={
            "active": seen("lead member", refused=MEMBERSHIPS["active"]),
            "waiting": seen("", refused=MEMBERSHIPS["waiting"]),
        }
    ),
    # what becomes of a studio
    "studio-change-new": Page(
        get={
            "songshan": seen("bureau county2 lead", refused=EVERYBODY),
            "preparing": seen("bureau", refused=EVERYBODY),
        },
        post={"preparing": seen("bureau", refused=EVERYBODY, status=(422,))},
    ),
    "case-studiochange": Page(get={"extension": seen(CHANGE_READERS)}),
    "step-studiochange": Page(post={"extension": seen("", refused=CHANGE_READERS)}),
    "batch-studiochange": Page(post=only("school school2", status=NO_ROWS)),
    "remind-studiochange": Page(
        get={"extension": seen(CHANGE_READERS, status=PART)},
        post={"extension": seen("bureau finance", refused="leader auditor")},
    ),
    "career-list": Page(get=only(f"{STAFF} finance {PRINCIPALS}")),
    "case-careerplan": Page(get={"agreed": seen(CAREER_READERS), "draft": seen("")}),
    "step-careerplan": Page(
        post={"agreed": seen("lead member", refused=CAREER_READERS, status=(422,)), "draft": seen("")}
    ),
    "batch-careerplan": Page(post=only(PRINCIPALS, status=NO_ROWS)),
    "form-careerplan": Page(
        get={"agreed": seen("lead member", refused=CAREER_READERS, status=GOES), "draft": seen("")},
        post={"agreed": seen("lead member", refused=CAREER_READERS, status=GOES), "draft": seen("")},
    ),
    "remind-careerplan": Page(
        get={"agreed": seen(CAREER_READERS, status=PART)},
        post={"agreed": seen("", refused=CAREER_READERS)},
    ),
    "career-print": Page(get={"agreed": seen(CAREER_READERS), "draft": seen("")}),
    "career-note": Page(post={"agreed": seen("lead member", refused=CAREER_READERS), "draft": seen("")}),
    # what a studio plans
    "plan-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} thirdparty assessor auditor")),
    "case-plan": Page(get={"filed": seen(PLAN_READERS), "draft": seen("")}),
    "step-plan": Page(post={"filed": seen("lead", refused=PLAN_READERS), "draft": seen("")}),
    "batch-plan": Page(post=only(PRINCIPALS, status=NO_ROWS)),
    "form-plan": Page(
        get={"filed": seen("lead", refused=PLAN_READERS, status=GOES), "draft": seen("")},
        post={"filed": seen("lead", refused=PLAN_READERS, status=GOES), "draft": seen("")},
    ),
    "studio-ledger": Page(
        get={
            "songshan": seen(f"{OWNER} county2 lead", refused=EVERYBODY),
            "preparing": seen(OWNER, refused=EVERYBODY),
        }
    ),
    "studio-board": Page(get=only(f"{OWNER} county county2")),
    "county-plan": Page(get=only(f"{OWNER} finance county county2")),
    "county-plan-new": Page(get=only("county county2"), post=only("county county2")),
    "county-plan-import": Page(get=only("county county2"), post=only("county county2")),
    "county-plan-edit": Page(
        get={"of_songshan": only("county2", missing="county")},
        post={"of_songshan": only("county2", missing="county")},
    ),
    # what a studio does, and what comes of it
    "activity-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} thirdparty assessor auditor")),
    "activity-calendar": Page(get=only(f"{STAFF} finance {PRINCIPALS} thirdparty assessor auditor")),
    "activity-new": Page(
        get=only("bureau county county2 thirdparty lead"),
        post=only("bureau county county2 thirdparty lead", status=(422,)),
    ),
    "case-activity": Page(get={place: seen(roles) for place, roles in ACTIVITY_READERS.items()}),
    "step-activity": Page(
        post={
            "held": seen("lead", refused=ACTIVITY_READERS["held"], status=(409,)),
            "planned": seen("lead", refused=ACTIVITY_READERS["planned"], status=(422,)),
            "of_county": seen("county2", refused=ACTIVITY_READERS["of_county"], status=(422,)),
        }
    ),
    "batch-activity": Page(post=only(f"bureau county county2 {PRINCIPALS} thirdparty", status=NO_ROWS)),
    "activity-edit": Page(get=of_activity("lead"), post=of_activity("lead", status=(422,))),
    "activity-report": Page(get=of_activity("lead"), post=of_activity("lead", status=(409,))),
    "activity-schools": Page(get=of_activity("lead"), post=of_activity("lead", status=GOES)),
    "activity-diagnosis": Page(
        get={"held": seen("lead", refused=ACTIVITY_READERS["held"])},
        post={"held": seen("lead", refused=ACTIVITY_READERS["held"], status=(409,))},
    ),
    "attachment-preview": Page(get={"of_activity": seen(ACTIVITY_READERS["held"])}),
    "output-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} thirdparty assessor auditor")),
    "output-new": Page(get=only("lead"), post=only("lead", status=(422,))),
    "case-output": Page(get={place: seen(PLAN_READERS) for place in ("public", "recorded")}),
    "step-output": Page(post={"public": seen("lead", refused=PLAN_READERS, status=(409,))}),
    "batch-output": Page(post=only(PRINCIPALS, status=NO_ROWS)),
    "output-edit": Page(
        get={"recorded": seen("lead", refused=PLAN_READERS)},
        post={"recorded": seen("lead", refused=PLAN_READERS, status=(422,))},
    ),
    "plan-print": Page(get={"filed": seen(PLAN_READERS), "draft": seen("")}),
    "plan-items-import": Page(
        get={"filed": seen("lead", refused=PLAN_READERS, status=GOES), "draft": seen("")},
        post={"filed": seen("lead", refused=PLAN_READERS, status=GOES), "draft": seen("")},
    ),
    "annualsummary-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} thirdparty assessor auditor")),
    "case-annualsummary": Page(get={"filed": seen(OF_NEIGHBOUR), "draft": seen("lead")}),
    "step-annualsummary": Page(post={"filed": seen("", refused=OF_NEIGHBOUR), "draft": seen("lead")}),
    "batch-annualsummary": Page(post=only(PRINCIPALS, status=NO_ROWS)),
    "form-annualsummary": Page(
        get={"filed": seen("", refused=OF_NEIGHBOUR), "draft": seen("lead")},
        post={"filed": seen("", refused=OF_NEIGHBOUR), "draft": seen("lead", status=(409, 422))},
    ),
    "summary-pictures": Page(
        get={"filed": seen("", refused=OF_NEIGHBOUR), "draft": seen("lead")},
        post={"filed": seen("", refused=OF_NEIGHBOUR), "draft": seen("lead", status=(409, 422))},
    ),
    "summary-print": Page(get={"filed": seen(OF_NEIGHBOUR), "draft": seen("")}),
    # advice to the owner
    "advice-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} thirdparty assessor auditor")),
    "advice-new": Page(
        get={"songshan": seen("lead", refused=EVERYBODY)}, post={"songshan": seen("lead", refused=EVERYBODY)}
    ),
    "advice-edit": Page(
        get={"answered": seen("lead", refused=PLAN_READERS, status=GOES)},
        post={"answered": seen("lead", refused=PLAN_READERS)},
    ),
    "case-advice": Page(get={"answered": seen(PLAN_READERS), "waiting": seen(OF_NEIGHBOUR)}),
    "step-advice": Page(
        post={
            "answered": seen("bureau", refused=PLAN_READERS),
            "waiting": seen("bureau", refused=OF_NEIGHBOUR),
        }
    ),
    "batch-advice": Page(post=only("bureau county county2 school school2", status=NO_ROWS)),
    "remind-advice": Page(
        get={"answered": seen(PLAN_READERS, status=PART)}, post={"answered": seen("", refused=PLAN_READERS)}
    ),
    "remind-plan": Page(
        get={"filed": seen(PLAN_READERS, status=PART)}, post={"filed": seen("", refused=PLAN_READERS)}
    ),
    "remind-annualsummary": Page(
        get={"filed": seen(OF_NEIGHBOUR, status=PART)}, post={"filed": seen("", refused=OF_NEIGHBOUR)}
    ),
    # what schools give: each school its own, the host all of its studio
    "supportpledge-list": Page(get=only(f"{STAFF} finance {PRINCIPALS} auditor")),
    "case-supportpledge": Page(get={place: seen(roles) for place, roles in PLEDGES.items()}),
    "step-supportpledge": Page(post={place: seen("", refused=roles) for place, roles in PLEDGES.items()}),
    "batch-supportpledge": Page(post=only("school school2", status=NO_ROWS)),
    "remind-supportpledge": Page(
        get={"host": seen(PLEDGES["host"], status=PART)}, post={"host": seen("", refused=PLEDGES["host"])}
    ),
    # advisors, assistants, trainees: the studio's own decision
    "staff-new": Page(get={"songshan": KEPT_BY_LEAD}, post={"songshan": KEPT_BY_LEAD}),
    "staff-edit": Page(get={"assistant": KEPT_BY_LEAD}, post={"assistant": KEPT_BY_LEAD}),
    "staff-end": Page(get={"assistant": KEPT_BY_LEAD}, post={"assistant": KEPT_BY_LEAD}),
    "staff-draft": Page(post={"assistant": KEPT_BY_LEAD}),
    # reviews
    "review-list": Page(get=only(f"{OWNER} county county2 {EXPERTS}")),
    "case-review": Page(get={place: seen(roles) for place, roles in REVIEWS.items()}),
    "step-review": Page(
        post={
            "mine": seen("expert", refused=REVIEWS["mine"]),
            "colleague": seen("", refused=REVIEWS["colleague"]),
        }
    ),
    "batch-review": Page(post=only(EXPERTS, status=NO_ROWS)),
    "review-sheet": Page(
        get={"mine": seen("expert", f"{OWNER} auditor"), "colleague": seen("", f"{OWNER} auditor")},
        post={"mine": seen("expert", f"{OWNER} auditor"), "colleague": seen("", f"{OWNER} auditor")},
    ),
    "review-cell": Page(post={"mine": seen("expert"), "colleague": seen("")}),
    "review-comment": Page(post={"mine": seen("expert"), "colleague": seen("")}),
    # publicity, objections, announcement
    "publicity-list": Page(get=only(f"{STAFF} auditor")),
    "case-publicity": Page(get={"running": seen(f"{OWNER} auditor"), "over": seen(f"{OWNER} auditor")}),
    "step-publicity": Page(post={"running": seen("bureau", "leader auditor")}),
    "batch-publicity": Page(post=only(OFFICERS, status=NO_ROWS)),
    "publicity-new": Page(
        get={"publicity": seen("bureau"), "unopened": seen("bureau")}, post={"open": seen("bureau")}
    ),
    "publicity-edit": Page(
        get={"running": seen("bureau", "leader auditor", status=GOES)},
        post={"running": seen("bureau", "leader auditor", status=GOES)},
    ),
    "publicity-preview": Page(
        get={"running": seen(f"{OWNER} auditor")}, post={"running": seen(f"{OWNER} auditor")}
    ),
    "objection-new": Page(
        get={"running": seen("bureau"), "over": seen("bureau")}, post={"running": seen("bureau")}
    ),
    "objection-list": Page(get=only(STAFF)),
    "case-objection": Page(
        get={"received": seen(OWNER), "investigating": seen(f"{OWNER} finance"), "answered": seen(OWNER)}
    ),
    "step-objection": Page(post={"received": seen("bureau", "leader")}),
    "batch-objection": Page(post=only(OFFICERS, status=NO_ROWS)),
    "objection-objector": Page(post={"received": seen(OWNER), "answered": seen(OWNER)}),
    "announcement-list": Page(get=only(f"{STAFF} auditor")),
    "case-announcement": Page(get={"issued": seen(f"{OWNER} auditor")}),
    "step-announcement": Page(post={"issued": seen("leader", "bureau auditor")}),
    "batch-announcement": Page(post=only("leader", status=NO_ROWS)),
    "announcement-new": Page(
        get={"publicity": seen("bureau"), "announced": seen("bureau")}, post={"publicity": seen("bureau")}
    ),
    "announcement-edit": Page(
        get={"issued": seen("bureau", "leader auditor", status=GOES)},
        post={"issued": seen("bureau", "leader auditor", status=GOES)},
    ),
    "announcement-preview": Page(
        get={"issued": seen(f"{OWNER} auditor")}, post={"issued": seen(f"{OWNER} auditor")}
    ),
    # studios: whoever has an account sees of each at least what the public directory shows
    "studio-list": Page(get=only(BUSINESS)),
    "studio-invite": Page(
        get={"songshan": seen("lead", refused=EVERYBODY), "preparing": seen("", refused=EVERYBODY)},
        post={"preparing": seen("", refused=EVERYBODY)},
    ),
    "case-studio": Page(get={"songshan": everybody(), "preparing": everybody()}),
    "step-studio": Page(post={"songshan": seen("", refused=EVERYBODY)}),
    "batch-studio": Page(post=only("")),
    "plaque": Page(get={"songshan": seen(f"{OWNER} lead", refused=EVERYBODY)}),
    # the security auditor's logs
    "audit:sign_ins": Page(get=only("security")),
    "audit:entries": Page(get=only("security")),
    "audit:verify": Page(post=only("security", status=GOES)),
    "safety": Page(get=only("admin"), post=only("admin")),
    "data-notice": Page(get=only("admin leader"), post=only("admin leader")),
    # registry
    "registry:index": Page(get=only(f"{RECORDS} admin", status=GOES)),
    "registry:organisations": Page(get=only(KEEPERS)),
    "registry:organisation_new": Page(get=only(KEEPERS), post=only(KEEPERS)),
    "registry:organisation": Page(
        get={
            "school": SCHOOL_OF_HONGSHAN,
            "school_songshan": only("bureau admin county2", missing="county"),
            "county": SCHOOL_OF_HONGSHAN,
            "bureau": IN_BUREAU,
        }
    ),
    "registry:organisation_edit": Page(
        get={"school": SCHOOL_OF_HONGSHAN, "county": IN_BUREAU},
        post={"school": SCHOOL_OF_HONGSHAN, "county": IN_BUREAU},
    ),
    "registry:people": Page(get=only(KEEPERS)),
    "registry:person_new": Page(get=only(KEEPERS), post=only(KEEPERS)),
    "registry:person": Page(
        get={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU, "administrator": IN_BUREAU}
    ),
    "registry:person_switch": Page(
        post={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU, "administrator": ADMINISTRATORS}
    ),
    "registry:person_password": Page(
        post={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU, "administrator": ADMINISTRATORS}
    ),
    "registry:person_second_factor": Page(
        post={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU, "administrator": ADMINISTRATORS}
    ),
    "registry:appointment_new": Page(
        get={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU},
        post={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU},
    ),
    "registry:appointments": Page(get=only(KEEPERS)),
    "registry:appointments_end": Page(post=only(KEEPERS, status=NO_ROWS)),
    "registry:appointment_end": Page(
        get={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU, "administrator": ADMINISTRATORS},
        post={"at_school": SCHOOL_OF_HONGSHAN, "in_bureau": IN_BUREAU, "administrator": ADMINISTRATORS},
    ),
    "registry:principals": Page(get=only(RECORDS)),
    "registry:principal_new": Page(get=only(RECORD_KEEPERS), post=only(RECORD_KEEPERS)),
    "registry:principal": Page(get=RECORD),
    "registry:principal_edit": Page(
        get={"at_school": RECORD_OF_HONGSHAN}, post={"at_school": RECORD_OF_HONGSHAN}
    ),
    "registry:principal_reveal": Page(
        post={
            # unmasked for the bureau's officer and the own school; a county sees it masked
            "at_school": only("bureau school", missing="county county2 school2", data=reveal("identity")),
            "songshan": only("bureau county2", missing="county school school2", data=reveal("phone")),
        }
    ),
    # every principal of the demonstration has an account already
    "registry:principal_account": Page(
        get={"at_school": only("", missing=RECORD_KEEPERS)},
        post={"at_school": only("", missing=RECORD_KEEPERS)},
    ),
    # a batch of accounts is its maker's alone
    "registry:accounts": Page(get=only(KEEPERS)),
    "registry:accounts_template": Page(get=only(KEEPERS)),
    "registry:accounts_principals": Page(post=only(KEEPERS, status=GOES)),
    "registry:accounts_officers": Page(post=only(KEEPERS, status=(422,))),
    "registry:accounts_batch": Page(get=only("county", missing=KEEPERS)),
    "registry:accounts_open": Page(post=only("county", missing=KEEPERS, status=GOES)),
    "registry:accounts_slips": Page(post=only("county", missing=KEEPERS, data=lambda: {"format": "xlsx"})),
    "registry:roster": Page(get=IMPORTS, post=IMPORTS),
    "registry:roster_template": Page(get=TEMPLATES),
    # a roster between preview and confirmation is its owner's alone
    "registry:roster_preview": Page(get=only("county", missing=KEEPERS)),
    "registry:roster_confirm": Page(post=only("county", missing=KEEPERS)),
    "registry:roster_refused": Page(get=only("county", missing=KEEPERS)),
}
