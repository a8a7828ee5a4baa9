"""The rows of a sheet that is taken in: what each says, what it becomes, why it can't be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from office.sheets import ROW_NUMBER

Mark = Literal["new", "changed", "same", "refused"]


@dataclass
class Given:
    """One row: ``words`` by column as they stand in the sheet, ``was`` what a changed cell holds now; ``kept`` is what is written."""

    number: str
    words: dict[str, str]
    fresh: bool = True
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    was: dict[str, str] | None = None
    kept: Any = None

    @property
    def mark(self) -> Mark:
        """As the pattern of imports marks rows."""
        if self.reasons:
            return "refused"
        if self.fresh:
            return "new"
        return "same" if self.was == {} else "changed"

    @property
    def as_read(self) -> dict[str, str]:
        """The row as it was read from the sheet."""
        return {ROW_NUMBER: self.number, **self.words}

    @property
    def cells(self) -> list[dict[str, str | None]]:
        """Each cell with what it replaces."""
        was = self.was or {}
        return [{"value": word, "was": was.get(name)} for name, word in self.words.items()]
