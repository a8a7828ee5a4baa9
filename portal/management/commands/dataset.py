"""The data sets of docs/performance.md: an empty PostgreSQL database becomes a city, or a nation, to measure on."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from portal.dataset.making import DataSet, NotEmpty
from portal.dataset.sizes import SIZES


class Command(BaseCommand):
    help = "在空的 PostgreSQL 数据库中建立测速用的数据集（city 或 nation），数据均为虚构。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(SIZES), help="city：一个市；nation：全国规模")
        parser.add_argument("--scale", type=float, default=1.0, help="规模倍数，如 0.1；默认 1")
        parser.add_argument("--seed", type=int, default=1, help="随机种子，同日同种子得到相同的数据")

    def handle(self, *args: Any, name: str, scale: float, seed: int, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("数据集只能建立在 PostgreSQL 数据库中。")
        if scale <= 0:
            raise CommandError("规模倍数应大于 0。")
        began = time.monotonic()
        size = SIZES[name] if scale == 1 else SIZES[name].scaled(scale)
        try:
            rows = DataSet(size, timezone.now(), seed, self._say).make()
        except NotEmpty as error:
            raise CommandError("数据库中已有账号，数据集只能建立在空数据库中。") from error
        for table, number in sorted(rows.items(), key=lambda row: -row[1]):
            self.stdout.write(f"{table:<36}{number:>12,}")
        self.stdout.write(f"共 {sum(rows.values()):,} 行，用时 {time.monotonic() - began:.0f} 秒")

    def _say(self, words: str) -> None:
        self.stdout.write(f"  {words}…")
        self.stdout.flush()
