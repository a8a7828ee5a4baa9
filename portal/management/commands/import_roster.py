"""Rosters on the command line: the same reading, checking and writing as in the browser."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.capacity import CLOCK
from accounts.ground import lay
from office.sheets import BadSheet, read_table
from portal.registry.rosters import ROSTERS


class Command(BaseCommand):
    help = "导入学校或校长名册；不加 --commit 只检查，不写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=["schools", "principals"], help="schools 学校；principals 校长")
        parser.add_argument("file", type=Path, help="Excel 文件（.xlsx）")
        parser.add_argument("--commit", action="store_true", help="写入通过检查的行")

    def handle(self, *args: Any, kind: str, file: Path, commit: bool, **options: Any) -> None:
        lay()
        resource = ROSTERS[kind](CLOCK, timezone.now())
        try:
            with file.open("rb") as opened:
                dataset = read_table(opened, resource.columns).dataset()
        except (BadSheet, OSError) as error:
            raise CommandError(str(error)) from error
        outcome = resource.commit(dataset) if commit else resource.preview(dataset)
        self.stdout.write(f"accepted: {outcome.accepted}")
        self.stdout.write(f"refused: {len(outcome.refused)}")
        for line in outcome.refused:
            self.stdout.write(f"第 {line.row} 行 {line.name or '（无名称）'}：{'；'.join(line.reasons)}")
