"""Long work: run once to its end, also when a worker dies; its result is only for whoever asked for it."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import CLOCK, Capacity
from office import jobs
from office.jobs import Impossible, Later, LostLease, Progress, enqueue, job, run_due
from office.models import Job, Notice
from tests.office.conftest import Cast

behaviour: dict[str, Callable[[Job, Progress], jobs.Result]] = {}


@job("test-work")
def work(row: Job, progress: Progress) -> jobs.Result:
    """Does what the test at hand says."""
    return behaviour["now"](row, progress)


def after(**time: int) -> timedelta:
    return timedelta(**time)


@pytest.mark.django_db
@pytest.mark.core
class TestRunning:
    def test_a_job_runs_to_its_end_and_tells_whoever_asked(self, cast: Cast) -> None:
        def export(row: Job, progress: Progress) -> jobs.Result:
            progress(1, 2)
            assert Job.objects.get(pk=row.pk).state == "running"
            progress(2, 2)
            return "名单.xlsx", b"rows of " + row.arguments["call"].encode()

        behaviour["now"] = export
        now = timezone.now()
        row = enqueue("test-work", "导出名单", cast.officer, now, call="2026")
        assert run_due(now) == 1
        row.refresh_from_db()
        assert (row.state, row.done, row.total, row.attempts) == ("done", 2, 2, 1)
        assert row.file.read() == b"rows of 2026"
        assert "名单" not in row.file.name
        (notice,) = Notice.objects.filter(user=cast.officer.user)
        assert (notice.text, notice.url) == ("导出名单：已完成", reverse("job", args=[row.pk]))
        assert run_due(now + after(hours=1)) == 0

    def test_a_result_given_as_a_file_is_moved_to_the_private_store(self, cast: Cast, tmp_path: Path) -> None:
        made = tmp_path / "made.xlsx"
        made.write_bytes(b"rows")
        behaviour["now"] = lambda row, progress: ("名单.xlsx", made)
        row = enqueue("test-work", "导出名单", cast.officer, timezone.now())
        run_due(timezone.now())
        row.refresh_from_db()
        assert row.file.read() == b"rows"
        assert not made.exists()

    def test_a_job_that_fails_is_tried_three_times_and_then_says_so(self, cast: Cast) -> None:
        runs = []

        def fail(row: Job, progress: Progress) -> jobs.Result:
            runs.append(row.attempts)
            raise RuntimeError("the details are for the log alone")

        behaviour["now"] = fail
        now = timezone.now()
        row = enqueue("test-work", "导出名单", cast.officer, now)
        run_due(now)
        assert Job.objects.get().message == "办理时出错，稍后会自动重试。"
        assert run_due(now) == 0, "not again at once"
        for hour in range(1, 6):
            run_due(now + after(hours=hour))
        row.refresh_from_db()
        assert runs == [1, 2, 3]
        assert row.state == "failed"
        assert f"任务编号 {row.pk}" in row.message
        assert Notice.objects.get(user=cast.officer.user).text.startswith("导出名单：没有完成。")

    def test_what_is_impossible_is_not_tried_again(self, cast: Cast) -> None:
        def refuse(row: Job, progress: Progress) -> jobs.Result:
            raise Impossible("批次已经取消，没有可导出的内容。")

        behaviour["now"] = refuse
        row = enqueue("test-work", "导出名单", cast.officer, timezone.now())
        run_due(timezone.now())
        row.refresh_from_db()
        assert (row.state, row.message) == ("failed", "批次已经取消，没有可导出的内容。")

    def test_a_full_disk_is_waited_out_however_long_it_takes(self, cast: Cast) -> None:
        def no_room(row: Job, progress: Progress) -> jobs.Result:
            raise OSError(errno.ENOSPC, "No space left on device")

        behaviour["now"] = no_room
        now = timezone.now()
        row = enqueue("test-work", "导出名单", cast.officer, now)
        for hour in range(6):
            run_due(now + after(hours=hour))
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("waiting", 0)
        assert "存储空间已满" in row.message
        behaviour["now"] = lambda row, progress: ("名单.xlsx", b"rows")
        run_due(now + after(hours=7))
        row.refresh_from_db()
        assert row.state == "done"

    def test_what_can_not_be_done_at_present_waits_without_counting(self, cast: Cast) -> None:
        def later(row: Job, progress: Progress) -> jobs.Result:
            raise Later("短信网关暂时不通")

        behaviour["now"] = later
        now = timezone.now()
        enqueue("test-work", "导出名单", cast.officer, now)
        for hour in range(5):
            run_due(now + after(hours=hour))
        row = Job.objects.get()
        assert (row.state, row.message, row.attempts) == ("waiting", "短信网关暂时不通", 0)
        assert not Notice.objects.exists()

    def test_a_kind_the_program_no_longer_knows_ends_plainly(self, cast: Cast) -> None:
        enqueue("forgotten", "旧任务", cast.officer, timezone.now())
        run_due(timezone.now())
        assert Job.objects.get().message == "程序里已经没有这种任务，请重新发起。"

    def test_a_worker_that_lost_its_lease_writes_nothing(self, cast: Cast) -> None:
        def slow(row: Job, progress: Progress) -> jobs.Result:
            behaviour["now"] = lambda row, progress: ("第二次.txt", b"second")
            run_due(timezone.now() + after(hours=1))
            with pytest.raises(LostLease):
                progress(1, 1)
            return "第一次.txt", b"first"

        behaviour["now"] = slow
        row = enqueue("test-work", "导出名单", cast.officer, timezone.now())
        run_due(timezone.now())
        row.refresh_from_db()
        assert (row.file_name, row.file.read()) == ("第二次.txt", b"second")
        assert Notice.objects.filter(user=cast.officer.user).count() == 1
        assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1

    def test_progress_renews_the_lease(self, cast: Cast) -> None:
        seen = []

        def long_work(row: Job, progress: Progress) -> jobs.Result:
            Job.objects.filter(pk=row.pk).update(lease_until=timezone.now())
            progress(5, 10)
            seen.append(Job.objects.get(pk=row.pk))

        behaviour["now"] = long_work
        enqueue("test-work", "导出名单", cast.officer, timezone.now())
        run_due(timezone.now())
        assert (seen[0].done, seen[0].total) == (5, 10)
        assert seen[0].lease_until > timezone.now() + after(seconds=60)

    def test_work_without_an_owner_tells_nobody(self) -> None:
        behaviour["now"] = lambda row, progress: None
        enqueue("test-work", "夜间整理", CLOCK, timezone.now())
        run_due(timezone.now())
        assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.core
class TestPages:
    @pytest.fixture
    def finished(self, cast: Cast) -> Job:
        behaviour["now"] = lambda row, progress: ("名单.xlsx", b"rows")
        enqueue("test-work", "导出申报名单", cast.officer, timezone.now())
        run_due(timezone.now())
        return Job.objects.get()

    def test_my_jobs_show_how_far_they_are_and_what_came_of_them(
        self, cast: Cast, finished: Job, as_person: Callable[[Capacity], Client]
    ) -> None:
        waiting = enqueue("test-work", "导出专家名单", cast.officer, timezone.now())
        page = as_person(cast.officer).get(reverse("jobs")).content.decode()
        assert page.index("导出专家名单") < page.index("导出申报名单")
        assert f'hx-get="{reverse("job-progress", args=[waiting.pk])}"' in page
        assert f'hx-get="{reverse("job-progress", args=[finished.pk])}"' not in page
        assert "下载 名单.xlsx" in page

    def test_the_result_is_handed_out_under_its_name(
        self, cast: Cast, finished: Job, as_person: Callable[[Capacity], Client]
    ) -> None:
        answer = as_person(cast.officer).get(reverse("job-file", args=[finished.pk]))
        assert answer.getvalue() == b"rows"
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")
        assert "filename*=utf-8''%E5%90%8D%E5%8D%95.xlsx" in answer["Content-Disposition"]

    def test_another_persons_jobs_are_not_there(
        self, cast: Cast, finished: Job, as_person: Callable[[Capacity], Client]
    ) -> None:
        browser = as_person(cast.leader)
        assert "导出申报名单" not in browser.get(reverse("jobs")).content.decode()
        for name in ("job", "job-progress", "job-file"):
            assert browser.get(reverse(name, args=[finished.pk])).status_code == 404

    def test_the_end_of_an_appointment_closes_what_was_made_under_it(self, cast: Cast, finished: Job) -> None:
        now = timezone.now()
        assert finished in jobs.mine(cast.officer, now)
        appointment = cast.officer.appointment
        appointment.ends = timezone.localdate(now) - after(days=1)  # type: ignore[union-attr]
        appointment.save()  # type: ignore[union-attr]
        assert finished not in jobs.mine(cast.officer, now)


# Real processes

KILLED = """
import sys, time
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from office import jobs

@jobs.job("test-killed")
def work(row, progress):
    if row.attempts == 1:
        print("started", flush=True)
        time.sleep(60)
    return "end.txt", b"reached"

jobs.run_due(timezone.now() + timedelta(seconds=float(sys.argv[1])))
"""


def environment(**more: str) -> dict[str, str]:
    """The variables with which another process meets the test's database and files, without Redis."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        host = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
        url = f"postgres://{host}/{database['NAME']}"
    here = {
        "DATABASE_URL": url,
        "DATA_DIR": str(Path(settings.MEDIA_ROOT).parent),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REDIS_URL": "",
    }
    return os.environ | here | more


def process(*command: str, stdout: int | None = None, **more: str) -> subprocess.Popen[str]:
    """Python with this command, beside the test."""
    return subprocess.Popen(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=environment(**more), text=True, stdout=stdout
    )


@pytest.mark.django_db(transaction=True)
def test_when_a_worker_is_killed_its_job_runs_again_after_the_lease_and_to_its_end(cast: Cast) -> None:
    enqueue("test-killed", "导出名单", cast.officer, timezone.now())
    worker = process("-c", KILLED, "0", stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "started\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    row = Job.objects.get()
    assert (row.state, row.attempts) == ("running", 1)
    assert run_due(timezone.now()) == 0, "the lease still runs"
    process("-c", KILLED, "180").wait(30)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.file.read()) == ("done", 2, b"reached")
    assert Notice.objects.filter(user=cast.officer.user).count() == 1


NUDGED = """
import time
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from accounts.capacity import CLOCK
from office.jobs import enqueue

for _ in range(2):
    began = time.monotonic()
    with transaction.atomic():
        enqueue("forgotten", "没有中间件", CLOCK, timezone.now())
    print(time.monotonic() - began, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_a_step_is_not_slower_by_more_than_a_second_and_the_job_waits() -> None:
    alone = process("-c", NUDGED, stdout=subprocess.PIPE, REDIS_URL="redis://127.0.0.1:1/0")
    said, _ = alone.communicate(timeout=60)
    seconds = [float(line) for line in said.split()]
    assert len(seconds) == 2
    assert max(seconds) < 2
    assert Job.objects.filter(state="waiting").count() == 2
    assert run_due(timezone.now()) == 2


@pytest.mark.celery
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_runs_what_was_nudged(cast: Cast) -> None:
    row = enqueue("forgotten", "旧任务", cast.officer, timezone.now())
    worker = process("-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "warning")
    try:
        nudge = "import django; django.setup(); from office.jobs import nudge; nudge()"
        process("-c", nudge).wait(30)
        deadline = time.monotonic() + 40
        while Job.objects.get(pk=row.pk).state == "waiting" and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait(20)
    row.refresh_from_db()
    assert (row.state, row.message) == ("failed", "程序里已经没有这种任务，请重新发起。")
