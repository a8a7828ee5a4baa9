"""Keeping a section of a form without overwriting another's words."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from office.filing.fields import Section, value_of
from office.models import Filing
from office.models.filing import FILLED


class Overtaken(Exception):
    """The section was changed elsewhere since it was read; ``filing`` is as it is now."""

    def __init__(self, filing: Filing) -> None:
        super().__init__("这一部分已在别处改过")
        self.filing = filing


class Closed(Exception):
    """The form is no longer in the hands of whoever fills it in."""


def stamp(filing: Filing, section: Section) -> str:
    """What tells whether a section is still as it was read: a digest of what it holds."""
    held = {field.key: value_of(filing, section, field) for field in section.fields}
    text = json.dumps(held, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def save_section(filing: Filing, section: Section, values: dict[str, Any], read: str, at: datetime) -> Any:
    """Keep ``values`` as the section; ``read`` is the stamp of what the writer had before them. Returns the row as kept.

    What is already so is no conflict, so that a save may be sent again. Raises Closed or Overtaken; then nothing
    is written.
    """
    rows = type(filing)._default_manager
    kept = rows.select_for_update(of=("self",), no_key=True).get(pk=filing.pk)
    if kept.state not in kept.mendable:
        raise Closed
    if _differs(kept, section, values):
        if stamp(kept, section) != read:
            raise Overtaken(kept)
        _write(kept, section, values)
        kept.version += 1
    kept.saved_at = at
    kept.save(update_fields=saved_columns(kept))
    return kept


def saved_columns(filing: Filing) -> list[str]:
    """The columns that saving a section may write."""
    own = [field.key for section in filing.layout.sections for field in section.fields if field.column]
    return [*sorted(FILLED), *own]


def _differs(filing: Filing, section: Section, values: dict[str, Any]) -> bool:
    return any(value_of(filing, section, field) != values[field.key] for field in section.fields)


def _write(filing: Filing, section: Section, values: dict[str, Any]) -> None:
    held = {}
    for field in section.fields:
        if field.column:
            setattr(filing, field.key, values[field.key])
        else:
            held[field.key] = values[field.key]
    if held:
        filing.content = filing.content | {section.key: held}
