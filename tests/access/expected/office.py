"""What every flow shares: reminding, consulting, desk, notices, documents, files."""

from __future__ import annotations

from portal.demo.stage import paper
from tests.access.expected.readers import (
    APPLICATIONS,
    ASKING,
    CALL_READERS,
    MEMBERSHIPS,
    PROPOSALS,
    RECORDED,
    REVIEWS,
    of_application,
)
from tests.access.rules import (
    GOES,
    NO_ROWS,
    OWNER,
    PART,
    STAFF,
    Page,
    everybody,
    only,
    public,
    seen,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
}
