"""Who sees what (DOMAIN.md), address by address: written by hand, not derived from the program's own scopes.

The words of the tables are those of ``rules``, the places those of ``places``.
"""

from __future__ import annotations

from tests.access.expected import calls, office, people, public, registry, studios, work
from tests.access.rules import Page

TABLES = (public, people, office, calls, studios, work, registry)
MATRIX: dict[str, Page] = {name: page for table in TABLES for name, page in table.PAGES.items()}
assert len(MATRIX) == sum(len(table.PAGES) for table in TABLES), "an address is expected twice"
