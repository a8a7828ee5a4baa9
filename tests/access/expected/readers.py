"""Who reads what, case by case: the sets of people that the expectations name more than once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.cast import user
from tests.access.places import find
from tests.access.rules import (
    BUSINESS,
    EVERYBODY,
    KEEPERS,
    OFFICERS,
    OWNER,
    PRINCIPALS,
    Rule,
    only,
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
