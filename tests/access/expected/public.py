"""The public site, and questions on the measures."""

from __future__ import annotations

from tests.access.expected.readers import (
    QUESTIONS,
)
from tests.access.rules import (
    GOES,
    NO_ROWS,
    Page,
    everybody,
    only,
    public,
    seen,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
}
