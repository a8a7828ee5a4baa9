"""For the one administrator left, who has lost phone and recovery codes: whoever holds the server lets them in again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts import second_factor
from accounts.capacity import CLOCK
from accounts.models import User
from office.history import record
from portal.own.telling import tell


class Command(BaseCommand):
    help = "解除一个账号的双重验证（手机和恢复码都已遗失，又没有其他管理人员时使用），记入记录并告知本人。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")

    @transaction.atomic
    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None or second_factor.device_of(user.pk) is None:
            raise CommandError(f"没有启用双重验证的账号“{username}”。")
        second_factor.remove(user)
        entry = record(user, "second_factor", "解除双重验证", CLOCK, timezone.now(), {"方式": "在服务器上"})
        tell(user, entry, "您的双重验证已在服务器上解除。不是您本人要求的，请立即联系系统管理员。")
        self.stdout.write(f"已解除 {username} 的双重验证，登录只需密码。")
