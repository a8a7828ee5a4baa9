"""What a case page shows of each flow: its subtitle, its tabs, who may read its history.

Each app describes its own pages in its module ``pages``, found at start like its ``flows``. Everything else
of a case page (state, way, steps, history) is read from the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.capacity import Capacity


def always(case: Any, me: Capacity) -> bool:
    """Whoever sees the case."""
    return True


def _no_words(case: Any) -> str:
    return ""


def _no_owner(case: Any) -> int | None:
    return None


def _no_links(case: Any, me: Capacity, at: datetime) -> Sequence[Link]:
    return ()


@dataclass(frozen=True)
class Link:
    """A button or a crumb that leads to another page. ``tone``: plain, primary or danger."""

    label: str
    url: str
    tone: str = "plain"


@dataclass(frozen=True)
class Tab:
    """One section of a case page, at ``?tab=<key>``.

    ``template`` is included below the tabs, with the page's context (``case``, ``me``, ``at``, ``flow``) and what
    ``context`` adds to it. Where ``context`` brings ``files`` or ``upload`` (components/files.html, upload.html),
    the page shows them below. ``scripts`` are module scripts (paths below static/) the section needs.
    """

    key: str
    label: str
    template: str
    context: Callable[[Any, Capacity, datetime], Mapping[str, Any]] = lambda case, me, at: {}
    visible: Callable[[Any, Capacity], bool] = always
    count: Callable[[Any, Capacity], int | None] = lambda case, me: None
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CasePage:
    """The page of one flow's cases. ``title`` is its heading; the number stands below it, with ``subtitle``.

    ``history``: who reads entries and opinions, and sees on the way who acted when. ``holder`` says who has the
    case now (红山区教育局). ``related`` are the paths for select_related that subtitle, rules and tabs read.
    ``standing`` says what to read beside the steps when nobody has one to take (工作室建设中).
    ``owner`` is the key of the organisation whose officers and leaders see of every notice whether it arrived.
    ``crumbs`` lead back to the list; ``actions`` are buttons to pages beside the steps (填写申报表).
    """

    flow_name: str
    title: Callable[[Any], str] = str
    subtitle: Callable[[Any], str] = _no_words
    tabs: tuple[Tab, ...] = ()
    history: Callable[[Any, Capacity], bool] = always
    related: tuple[str, ...] = ()
    holder: Callable[[Any], str] = _no_words
    standing: Callable[[Any], str] = _no_words
    owner: Callable[[Any], int | None] = _no_owner
    crumbs: Callable[[Any, Capacity], Sequence[Link]] = lambda case, me: ()
    actions: Callable[[Any, Capacity, datetime], Sequence[Link]] = _no_links


Links = Callable[[Any, Capacity, datetime], Sequence[Link]]

PAGES: dict[str, CasePage] = {}
MORE: dict[str, list[Links]] = {}


def register(page: CasePage) -> CasePage:
    """Make the page of a flow known; returns it. Raises ValueError when the flow has one already."""
    if page.flow_name in PAGES:
        raise ValueError(f"page of {page.flow_name} registered twice")
    PAGES[page.flow_name] = page
    return page


def page_of(flow_name: str) -> CasePage:
    """The page registered for the flow, or one without tabs."""
    return PAGES.get(flow_name) or CasePage(flow_name)


def also_links(flow_name: str) -> Callable[[Links], Links]:
    """Declare, beside the code of another page or a higher app, further buttons on the pages of a flow."""

    def declare(links: Links) -> Links:
        MORE.setdefault(flow_name, []).append(links)
        return links

    return declare


def actions_of(page: CasePage, case: Any, me: Capacity, at: datetime) -> list[Link]:
    """All buttons beside the steps of ``case``: the page's own, then those declared elsewhere."""
    sources = [page.actions, *MORE.get(page.flow_name, ())]
    return [link for source in sources for link in source(case, me, at)]
