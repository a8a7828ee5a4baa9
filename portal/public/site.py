"""What every public page shows around its content."""

from __future__ import annotations

from django.core.cache import cache
from django.urls import reverse

from programmes.models import Programme

MENU = (
    ("首页", "home"),
    ("工作室名录", "directory"),
    ("通知公告", "public-documents"),
    ("异议查询", "public-follow"),
    ("公文和牌匾查验", "check-form"),
    ("办法与解读", "articles"),
)
KEPT = 300  # seconds


def names() -> dict[str, str]:
    """The names of the first programme and of its owner, kept for a few minutes; empty before there is one."""
    kept: dict[str, str] | None = cache.get("site")
    if kept is None:
        row = Programme.objects.order_by("pk").values("name", "owner__name").first()
        kept = (
            {"programme": row["name"], "owner": row["owner__name"]} if row else {"programme": "", "owner": ""}
        )
        if row:
            cache.set("site", kept, KEPT)
    return kept


def menu(path: str) -> list[dict[str, object]]:
    """The public menu, the line of the page at ``path`` marked."""
    lines = [(label, reverse(name)) for label, name in MENU]
    return [
        {"label": label, "url": url, "active": path == url if url == "/" else path.startswith(url)}
        for label, url in lines
    ]
