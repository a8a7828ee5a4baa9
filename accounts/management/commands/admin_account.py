"""The first system administrator of a new installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.ground import lay
from accounts.models import Appointment, Organisation, Role, User
from accounts.passwords import first_password


class Command(BaseCommand):
    help = "建立系统管理员账号，初始密码只显示一次，首次登录须修改。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("name", help="姓名")
        parser.add_argument("organisation", help="所在机构的名称，如：赤峰市教育局")

    @transaction.atomic
    def handle(self, *args: Any, username: str, name: str, organisation: str, **options: Any) -> None:
        lay()
        place = Organisation.objects.filter(name=organisation).first()
        if place is None:
            raise CommandError(f"没有名为“{organisation}”的机构。")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"用户名“{username}”已被使用。")
        password = first_password()
        user = User(username=username, name=name, must_change_password=True)
        user.set_password(password)
        user.set_keys()
        user.save()
        Appointment.objects.create(
            user=user, role=Role.ADMIN, organisation=place, starts=timezone.localdate()
        )
        self.stdout.write(f"已建立系统管理员 {username}（{name}，{place}）。初始密码：{password}")
