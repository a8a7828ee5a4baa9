"""What a scenario found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Finding:
    """One row of the table: what was done, what was seen, how it was checked that the rest never was."""

    failure: str
    done: str
    checked: str
    seen: str = ""
    faults: list[str] = field(default_factory=list)

    def expect(self, true: object, fault: str) -> None:
        """Note a fault unless it is true."""
        if not true:
            self.faults.append(fault)

    @property
    def ok(self) -> bool:
        return not self.faults
