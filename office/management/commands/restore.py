"""manage.py restore: an archive into an empty database, proved before it is kept."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.backup.archive import Unusable
from office.backup.restoring import Restored, restore


class Command(BaseCommand):
    help = (
        "把备份恢复到空数据库；先放好原来的密钥，停止其他服务。没有通过核对的，什么也不留下，可以再来一次。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="manage.py backup 制作的文件")

    def handle(self, *args: Any, archive: Path, **options: Any) -> None:
        try:
            self._report(restore(archive, self._say))
        except Unusable as reason:
            raise CommandError(f"没有恢复：{reason}") from reason
        except OSError as error:
            raise CommandError(f"没有恢复：{error.strerror}（{error.filename}）。") from error

    def _report(self, found: Restored) -> None:
        self.stdout.write(f"已恢复 {found.rows} 行数据，行数与备份一致。")
        self.stdout.write(f"已恢复 {found.files} 个文件，校验码全部一致。")
        self.stdout.write(f"办理记录完整：{found.entries} 条，{found.seals} 次封存。")
        self.stdout.write(f"封存校验码 {found.head or '（没有）'}")
        for path in found.missing:
            self.stdout.write(f"注意：文件 {path} 在备份时就已缺失。")
        for path in found.damaged:
            self.stdout.write(f"注意：文件 {path} 在备份时内容就已与登记不符。")

    def _say(self, words: str) -> None:
        self.stdout.write(f"→ {words}")
        self.stdout.flush()
