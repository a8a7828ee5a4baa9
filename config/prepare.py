"""What must be done before the servers start; run by script/run as `python -m config.prepare`.

One process for all of it, because starting Django takes longer than most of the steps. Each step does
nothing when it was done before.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django


def static_signature() -> str:
    """A hash over path, size and time of every static file: the same as long as none has changed."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Collects and compresses the static files when one has changed; the mark is written last."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".signature"
    signature = static_signature()
    if mark.exists() and mark.read_text() == signature:
        return
    print("→ 收集并压缩静态文件", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(signature)


def migrate() -> None:
    """Brings the database up to date; then the checks that look into the database."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("→ 更新数据库结构", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("check", databases=["default"], stdout=io.StringIO())


def forget_unfinished(mark: Path) -> None:
    """A demonstration that was interrupted half way is no base for another: the embedded file is dropped.

    Another database is not ours to empty: SystemExit says so.
    """
    from django.conf import settings

    if not mark.exists():
        return
    embedded = Path(settings.DATA_DIR) / "db.sqlite3"
    if str(settings.DATABASES["default"]["NAME"]) != str(embedded):
        sys.exit(f"！ 上次生成演示数据时中断，数据不完整。请清空数据库并删除 {mark} 后再启动。")
    print("→ 上次生成演示数据时中断，重新开始", flush=True)
    for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"):
        embedded.with_name(name).unlink(missing_ok=True)
    mark.unlink()


def demonstrate(mark: Path) -> None:
    """Fills an empty database with the demonstration; `mark` exists while that is going on."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if get_user_model().objects.exists():
        return
    print("→ 生成演示数据（首次启动，需要几分钟）", flush=True)
    mark.touch()
    call_command("demo")
    mark.unlink()


def main() -> None:
    """Every step in its order."""
    django.setup()
    from django.conf import settings

    mark = Path(settings.DATA_DIR) / "demo-unfinished"
    if settings.DEMO:
        forget_unfinished(mark)
    migrate()
    if settings.DEMO:
        demonstrate(mark)
    collect_static()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
