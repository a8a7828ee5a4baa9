"""What a studio does and brings out, advises, is given, and who helps it."""

from __future__ import annotations

from tests.access.expected.readers import (
    ACTIVITY_READERS,
    KEPT_BY_LEAD,
    OF_NEIGHBOUR,
    PLAN_READERS,
    PLEDGES,
    of_activity,
)
from tests.access.rules import (
    EVERYBODY,
    GOES,
    NO_ROWS,
    PART,
    PRINCIPALS,
    STAFF,
    Page,
    only,
    seen,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
}
