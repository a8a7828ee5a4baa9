"""One's own account and record, and the logs of sign-ins."""

from __future__ import annotations

from tests.access.expected.readers import (
    CORRECTION,
    KEEPING_OFFICERS,
    RECORD_KEEPERS,
)
from tests.access.rules import (
    GOES,
    NO_ROWS,
    PART,
    Page,
    Rule,
    everybody,
    only,
    public,
    seen,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
    # the security auditor's logs
    "audit:sign_ins": Page(get=only("security")),
    "audit:entries": Page(get=only("security")),
    "audit:verify": Page(post=only("security", status=GOES)),
    "safety": Page(get=only("admin"), post=only("admin")),
    "data-notice": Page(get=only("admin leader"), post=only("admin leader")),
}
