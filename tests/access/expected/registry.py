"""Organisations, people, appointments, records, rosters."""

from __future__ import annotations

from tests.access.expected.readers import (
    ADMINISTRATORS,
    IMPORTS,
    IN_BUREAU,
    RECORD,
    RECORD_KEEPERS,
    RECORD_OF_HONGSHAN,
    RECORDS,
    SCHOOL_OF_HONGSHAN,
    TEMPLATES,
    reveal,
)
from tests.access.rules import (
    GOES,
    KEEPERS,
    NO_ROWS,
    Page,
    only,
)  # fmt: skip

PAGES: dict[str, Page] = {
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
