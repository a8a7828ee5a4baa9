"""Rubrics, calls, applications, reviews, publicity, objections, announcements."""

from __future__ import annotations

from tests.access.expected.readers import (
    APPLICATION_READERS,
    APPLICATIONS,
    CALL_READERS,
    FILLING,
    IDENTITY,
    RECOMMENDING,
    REVIEWS,
    _assign,
    _draw,
    _invite,
    _programme,
    of_application,
    of_call,
)
from tests.access.rules import (
    BUSINESS,
    EXPERTS,
    GOES,
    NO_ROWS,
    OFFICERS,
    OWNER,
    PRINCIPALS,
    STAFF,
    Page,
    only,
    seen,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
}
