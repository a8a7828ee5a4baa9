"""manage.py audit_verify: is the history whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from office.audit import verify
from office.history import seal
from office.models import Entry, Seal


class Command(BaseCommand):
    help = "封存新的办理记录，然后核对全部办理记录；不完整时指出第一条，退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", help="上次核对后记下的封存校验码：还在链上，才说明末尾没有被整体截去"
        )

    def handle(self, *args: Any, head: str, **options: Any) -> None:
        seal(timezone.now())
        if broken := verify():
            raise CommandError(f"不完整：{broken}")
        if head and not Seal.objects.filter(mac=head).exists():
            raise CommandError("不完整：上次核对的封存已不在链上，其后的办理记录连同封存一起被删除")
        last = Seal.objects.order_by("-pk").first()
        self.stdout.write(f"完整：{Entry.objects.count()} 条办理记录，{Seal.objects.count()} 次封存。")
        if last:
            self.stdout.write(f"封存校验码 {last.mac}（请另行保存，下次以 --head 核对）")
