"""Files in a bucket (S3's protocol), for several machines: a real server holds them, over HTTP.

Sent, opened by whoever may, refused while the bucket is away; backed up from one bucket and restored into another.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import Application, Material
from office.attachments import BadFile, receive
from office.models import Attachment
from portal.registry import shelf
from tests.demonstration import ROOT
from tests.factories.accounts import make_capacity, make_county
from tests.office.conftest import AT, Cast
from tests.office.conftest import as_person as as_person
from tests.office.conftest import cast as cast
from tests.office.hostile import pdf
from tests.servers import free_port

pytestmark = pytest.mark.django_db
PATIENCE = 60.0  # seconds


@dataclass
class Store:
    """A server of buckets."""

    address: str
    process: subprocess.Popen[bytes]

    def environment(self, bucket: str) -> dict[str, str]:
        return {
            "FILES_S3_BUCKET": bucket,
            "FILES_S3_ENDPOINT": self.address,
            "FILES_S3_REGION": "us-east-1",
            "FILES_S3_KEY": "key",
            "FILES_S3_SECRET": "secret",
        }

    def client(self) -> Any:
        secret = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        return boto3.client("s3", endpoint_url=self.address, region_name="us-east-1", **secret)

    def names(self, bucket: str) -> list[str]:
        return [found["Key"] for found in self.client().list_objects_v2(Bucket=bucket).get("Contents", [])]


@contextmanager
def storing(log: Path) -> Iterator[Store]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        store = Store(f"http://127.0.0.1:{port}", process)
        try:
            _wait(store.address)
            yield store
        finally:
            process.kill()


def _wait(address: str) -> None:
    deadline = monotonic() + PATIENCE
    while True:
        with suppress(URLError, ConnectionError), urlopen(f"{address}/moto-api/"):
            return
        if monotonic() > deadline:
            raise TimeoutError(address)
        sleep(0.1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with storing(tmp_path / "store.log") as store:
        for bucket in ("here", "there"):
            store.client().create_bucket(Bucket=bucket)
        yield store


@pytest.fixture
def bucket(store: Store) -> Iterator[Store]:
    """The program of this process keeps its files in the bucket ``here``."""
    place = {
        "bucket_name": "here",
        "endpoint_url": store.address,
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
    }
    chosen = deepcopy(settings.STORAGES)
    for name, folder in (("default", "files"), ("shelf", "shelf")):
        more = {"location": folder, "file_overwrite": name == "shelf"}
        chosen[name] = {"BACKEND": "config.storage.Bucket", "OPTIONS": place | more}
    with override_settings(STORAGES=chosen):
        yield store


@pytest.fixture
def draft(cast: Cast) -> Application:
    Material.objects.create(
        call=cast.call, key="honours", label="荣誉证书", by="applicant", required=True, order=1
    )
    return cast.new_application("2026-0001")


def send(cast: Cast, draft: Application) -> Attachment:
    return receive(
        APPLICATION, draft.pk, ContentFile(pdf(), "证书.pdf"), slot="honours", me=cast.applicant, at=AT
    )


def test_a_file_lies_in_the_bucket_and_is_opened_by_whoever_may(
    bucket: Store, cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    attachment = send(cast, draft)
    assert bucket.names("here") == [f"files/{attachment.file.name}"]
    address = reverse("attachment", args=[attachment.pk])
    answer = as_person(cast.applicant).get(address)
    assert answer.getvalue() == pdf()
    assert answer["Content-Length"] == str(len(pdf()))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    stranger = make_capacity(Role.OFFICER, make_county("松山区"), "宋立志")
    assert as_person(stranger).get(address).status_code == 404


def test_while_the_bucket_is_away_a_file_is_refused_with_the_reason(
    bucket: Store, cast: Cast, draft: Application, as_person: Callable[[Capacity], Client]
) -> None:
    attachment = send(cast, draft)
    bucket.process.kill()
    bucket.process.wait()
    assert as_person(cast.applicant).get(reverse("attachment", args=[attachment.pk])).status_code == 503
    with pytest.raises(BadFile, match="存储空间已满或暂时不可用"):
        send(cast, draft)
    assert Attachment.objects.get() == attachment


def test_what_waits_for_its_owner_waits_a_day_for_every_machine(bucket: Store) -> None:
    now = timezone.now()
    token = shelf.put("rosters", {"人": "张三"}, now)
    assert shelf.put("rosters", {"人": "李四"}, now, token) == token
    assert shelf.get("rosters", token) == {"人": "李四"}
    (name,) = bucket.names("here")
    with storages["shelf"].open(name.removeprefix("shelf/")) as file:
        assert "李四".encode() not in file.read()
    shelf.sweep(now + timedelta(days=1, minutes=1))
    assert shelf.get("rosters", token) is None
    assert bucket.names("here") == []


def test_a_backup_takes_the_files_out_of_one_bucket_and_into_another(store: Store, tmp_path: Path) -> None:
    def manage(machine: str, bucket: str, *words: str) -> str:
        """A command of the program on a machine of its own, whose files are in a bucket."""
        folder = tmp_path / machine
        folder.mkdir(exist_ok=True)
        keys = {name: getattr(settings, name) for name in ("SECRET_KEY", "HISTORY_KEY", "FIELD_KEY")}
        own = {"DATABASE_URL": "", "REDIS_URL": "", "DATA_DIR": str(folder), "DEMO": "0"}
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=os.environ | keys | own | store.environment(bucket),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    manage("old", "here", "migrate", "-v0")
    manage("old", "here", "ground")
    manage("old", "here", "admin_account", "admin", "张三", "赤峰市教育局")
    manage("old", "here", "shell", "--no-imports", "-c", JOB)
    assert len(store.names("here")) == 1
    manage("old", "here", "backup", str(tmp_path / "archives"))
    (archive,) = (tmp_path / "archives").iterdir()
    said = manage("new", "there", "restore", str(archive))
    assert "校验码全部一致" in said
    assert store.names("there") == store.names("here")
    assert not (tmp_path / "new" / "files").exists()


JOB = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from accounts.models import User
from office.models import Job
path = default_storage.save("jobs/2026/03/0a1b2c", ContentFile(b"ranking"))
Job.objects.create(kind="export", title="评审结果", user=User.objects.get(username="admin"), file=path,
    file_name="评审结果.xlsx", state="done", created_at=timezone.now(), finished_at=timezone.now())
"""
