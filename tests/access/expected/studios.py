"""Members, studios, their plans and what becomes of them."""

from __future__ import annotations

from tests.access.expected.readers import (
    CAREER_READERS,
    CHANGE_READERS,
    MEMBERSHIPS,
    PLAN_READERS,
    PROPOSALS,
)
from tests.access.rules import (
    BUSINESS,
    EVERYBODY,
    GOES,
    NO_ROWS,
    OWNER,
    PART,
    PRINCIPALS,
    STAFF,
    Page,
    everybody,
    only,
    seen,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
}
