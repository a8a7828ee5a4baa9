"""manage.py backup: the whole program in one file, made while it works."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from office.backup.archive import Unusable
from office.backup.making import make


class Command(BaseCommand):
    help = (
        "把全部数据和文件备份为一个文件（不含密钥），程序不必停止；有文件缺失或损坏时仍完成备份，退出码为 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="存放备份的目录，默认为数据目录中的 backups")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        try:
            made = make(folder or Path(settings.DATA_DIR) / "backups", timezone.now(), self._say)
        except Unusable as reason:
            raise CommandError(str(reason)) from reason
        except OSError as error:
            raise CommandError(f"备份没有完成：{error.strerror}（{error.filename}）。") from error
        self.stdout.write(f"已备份：{made.path}（{made.path.stat().st_size:,} 字节）")
        self.stdout.write(f"{made.rows} 行数据，{made.files} 个文件。封存校验码 {made.head or '（没有）'}")
        self.stdout.write("备份不含密钥，密钥请另行保存。")
        troubles = [f"缺失 {path}" for path in made.missing] + [f"内容已变 {path}" for path in made.damaged]
        if troubles:
            raise CommandError("备份已完成，但有文件在备份前就有问题：\n" + "\n".join(troubles))

    def _say(self, words: str) -> None:
        self.stdout.write(f"→ {words}")
        self.stdout.flush()
