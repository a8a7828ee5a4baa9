"""manage.py flows: every flow as a table and a diagram."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from office.diagram import document

PATH = settings.BASE_DIR / "docs" / "flows.md"


class Command(BaseCommand):
    help = "打印全部流程：步骤表和状态图（Mermaid）；--write 写入 docs/flows.md。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="写入 docs/flows.md")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        text = document()
        if write:
            PATH.parent.mkdir(exist_ok=True)
            PATH.write_text(text, encoding="utf-8")
            self.stdout.write("已写入 docs/flows.md")
        else:
            self.stdout.write(text)
