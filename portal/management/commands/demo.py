"""The demonstration: an empty database becomes a bureau in the middle of its rounds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.consent import lay as lay_notice
from accounts.ground import lay as lay_organisations
from accounts.models import User
from evaluations.defaults import lay as lay_rubric
from office.history import seal
from office.models import Notice
from portal.demo import founding, questions
from portal.demo.cast import ACCOUNTS, PASSWORD, SINCE, Cast
from portal.demo.colleagues import ask_a_colleague, name_a_deputy
from portal.demo.correction import ask_for_a_correction
from portal.demo.counties import plan_the_year
from portal.demo.rounds import Rounds
from programmes.ground import lay as lay_programme


class Command(BaseCommand):
    help = "在空数据库中建立演示数据；--accounts 只列出演示账号。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="只列出演示账号")

    def handle(self, *args: Any, accounts: bool, **options: Any) -> None:
        if not accounts:
            self._play()
        self.stdout.write(f"演示账号（密码均为 {PASSWORD}）：")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.username:<11}{account.role.label}：{account.purpose}")

    def _play(self) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只在 DEMO=1 时建立。")
        if User.objects.exists():
            raise CommandError("数据库中已有账号，演示数据只能建立在空数据库中。")
        now = timezone.now()
        with transaction.atomic():
            bureau = lay_organisations()
            programme = lay_programme(bureau)
            lay_notice(timezone.make_aware(datetime.combine(SINCE, time(9))))
            cast = Cast(bureau, programme)
            self._say("导入名册，开通账号")
            cast.assemble(now)
            rounds = Rounds(cast, lay_rubric(programme), now, self._say)
            rounds.play()
            self._say("更早的两轮：第二年、第三年的工作室")
            founding.play(rounds)
            rounds.ask_the_member()
            plan_the_year(cast, now)
            questions.play(cast, now)
            ask_a_colleague(cast, now)
            name_a_deputy(cast, now)
            ask_for_a_correction(cast, now)
            cast.welcome(now)
            cast.agree(now)
            Notice.objects.filter(at__lt=now - timedelta(days=20)).update(read_at=now)
        self._say(f"封存办理记录 {seal(timezone.now())} 条")

    def _say(self, words: str) -> None:
        self.stdout.write(f"  {words}…")
        self.stdout.flush()
