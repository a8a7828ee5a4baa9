"""Whom a call is meant for: a bureau's programme for all under it, a county's own (Art. 19) for that county."""

from __future__ import annotations

from accounts.models import Organisation


def owners_above(organisation: Organisation) -> set[int]:
    """The keys of the organisations whose programmes reach ``organisation``: itself and what is above it, two levels.

    Reads ``organisation.parent``.
    """
    above = organisation.parent
    keys = {organisation.pk, above.pk if above else None, above.parent_id if above else None}
    return {key for key in keys if key is not None}
