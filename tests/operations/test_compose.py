"""docker-compose.yml: what can be said of it without an engine, and its commands given by hand, in earnest."""

from __future__ import annotations

import re
import stat
import subprocess
from typing import Any

import pytest

from tests.demonstration import ROOT
from tests.operations.composed import composed, here, raw
from tests.operations.conftest import Site, settings, until

OURS = ("web", "worker", "beat", "prepare", "backup")
ONCE = ("prepare", "backup")
SECRETS = ("POSTGRES_PASSWORD", "SECRET_KEY", "HISTORY_KEY", "FIELD_KEY")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(composed(settings())["services"])


@pytest.mark.parametrize("name", [*SECRETS, "DOMAIN"])
def test_nothing_starts_without_a_secret_of_its_own(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        composed(settings() | {name: ""})


def test_no_secret_is_kept_in_the_project() -> None:
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    for name in SECRETS:
        assert re.search(rf"^{name}=$", example, re.MULTILINE), name
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "*.env", "var", ".git"} <= set(ignored)
    assert ".env" in (ROOT / ".gitignore").read_text().split()


def test_every_service_comes_back_by_itself_and_says_how_it_is(services: dict[str, Any]) -> None:
    for name, service in services.items():
        if name in ONCE:
            assert service["restart"] == "no", name
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_nothing_of_ours_is_root_and_only_the_proxy_is_reachable(services: dict[str, Any]) -> None:
    for name in (*OURS, "proxy"):
        assert services[name]["user"] == "10001:10001", name
        assert services[name]["cap_drop"] == ["ALL"], name
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "--uid 10001" in dockerfile
    assert dockerfile.index("USER 10001:10001") < dockerfile.index("CMD")


def test_there_is_one_clock_and_as_many_web_servers_as_wanted(services: dict[str, Any]) -> None:
    assert "deploy" not in services["beat"]
    assert "beat" in services["beat"]["command"]
    assert not {"-B", "--beat"} & set(services["worker"]["command"])
    assert composed(settings() | {"WEB_REPLICAS": "5"})["services"]["web"]["deploy"]["replicas"] == "5"


def test_the_volumes_named_exist_and_keys_are_in_none_of_them(services: dict[str, Any]) -> None:
    named = set(raw()["volumes"])
    for service in services.values():
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            assert source in named or source.startswith("./"), volume
            assert target != "/data", "the folder of keys is nobody's volume"


def test_whatever_is_set_is_a_setting_of_the_program(services: dict[str, Any]) -> None:
    known = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    for name in services["web"]["environment"]:
        assert re.search(rf'env\.\w+\("{name}"', known), name
    environment = services["web"]["environment"]
    assert (environment["HTTPS"], environment["TRUSTED_PROXIES"], environment["ACCEL"]) == ("1", "1", "1")
    assert environment["ALLOWED_HOSTS"].startswith("studios.example.cn,")
    assert environment["SITE_URL"] == "https://studios.example.cn"


def test_what_the_image_is_made_of_is_there() -> None:
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY") and not line.startswith("COPY . "):
            for source in line.split()[1:-1]:
                assert (ROOT / source).is_file(), line
    for script in ("setup", "fonts"):
        assert (ROOT / "script" / script).stat().st_mode & stat.S_IXUSR


@pytest.mark.celery
@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_each_service_runs_as_commanded_and_its_health_check_says_so(site: Site, service: str) -> None:
    until(lambda: site.healthy(service), (site.folder / f"{service}.log").read_text())


@pytest.mark.celery
def test_the_clock_ticks_and_the_worker_does_what_is_due(site: Site) -> None:
    """beat → Redis → worker → PostgreSQL: a job that nobody nudged is taken up at the clock's next turn."""
    site.shell(
        "from django.utils import timezone; from office.models import Job; "
        "Job.objects.create(kind='forgotten', title='旧任务', created_at=timezone.now())"
    )
    asked = "from office.models import Job; print(Job.objects.get(kind='forgotten').state)"
    until(lambda: site.shell(asked) == "failed", (site.folder / "worker.log").read_text())


@pytest.mark.celery
def test_a_service_that_is_not_there_is_not_called_healthy(site: Site) -> None:
    elsewhere = Site(site.folder / "nowhere", site.services, site.addresses)
    elsewhere.folder.mkdir()
    assert not elsewhere.healthy("web")
    assert not elsewhere.healthy("beat")
    elsewhere.addresses = site.addresses | {"REDIS_URL": site.addresses["REDIS_URL"][:-1] + "10"}
    assert not elsewhere.healthy("worker")


@pytest.mark.celery
def test_the_backup_service_backs_up(site: Site) -> None:
    command = here(site.services["backup"]["command"], **{"/backups": str(site.folder / "backups")})
    subprocess.run(command, cwd=ROOT, env=site.environment("backup"), check=True, capture_output=True)
    assert [path.suffix for path in (site.folder / "backups").iterdir()] == [".tar"]
