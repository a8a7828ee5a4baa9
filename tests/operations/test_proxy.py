"""deploy/nginx.conf in a real nginx before the real program: what it serves itself, and what it never hands out."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.demonstration import ROOT
from tests.operations.composed import PROGRAMS, up
from tests.operations.conftest import Site, until
from tests.servers import free_port

pytestmark = pytest.mark.celery
NAME = "studios.example.cn"
NGINX = shutil.which("nginx") or shutil.which(PROGRAMS.parent / "nginx/usr/sbin/nginx")

DOCUMENT = """
from datetime import date
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from accounts.ground import lay
from office.models import OfficialDocument
bureau = lay()
for public in (True, False):
    print(OfficialDocument.objects.create(
        content_type=ContentType.objects.get_for_model(bureau), object_id=bureau.pk, kind="notice",
        issuer=bureau, title="关于公布名单的通知", facts={}, issued_on=date(2026, 3, 2), public=public,
        pdf=default_storage.save("documents/2026/a1b2c3.pdf", ContentFile(b"%PDF-1.7 " + b"x" * 5000)),
        created_at=timezone.now()).pk)
"""


@dataclass(frozen=True)
class Proxy:
    """The proxy's two doors on this machine."""

    plain: int
    secure: int

    def get(self, path: str, *, host: str = NAME, plain: bool = False, **headers: str) -> Answer:
        return self._ask("GET", path, None, plain, {"Host": host} | headers)

    def post(self, path: str, form: str, **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, form, False, {"Host": NAME} | kind | headers)

    def _ask(self, method: str, path: str, body: str | None, plain: bool, headers: dict[str, str]) -> Answer:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line: http.client.HTTPConnection = (
            http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30)
            if plain
            else http.client.HTTPSConnection("127.0.0.1", self.secure, timeout=30, context=context)
        )
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            line.close()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


def certificate(folder: Path) -> None:
    """A certificate for the site's name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def proxy(site: Site) -> Iterator[Proxy]:
    """nginx with the configuration of the project; only addresses and folders are this machine's."""
    if NGINX is None:
        pytest.skip("no nginx: script/setup dev unpacks one where apt-get can be asked")
    doors = Proxy(free_port(), free_port())
    home = site.folder / "proxy"
    home.mkdir()
    certificate(home / "certificates")
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "/etc/nginx/certificates": f"{home}/certificates",
        " /data/": f" {site.folder}/",
        " /tmp/": f" {home}/",
        "http://web:8000": f"http://127.0.0.1:{site.port}",
        "listen 8080": f"listen 127.0.0.1:{doors.plain}",
        "listen 8443": f"listen 127.0.0.1:{doors.secure}",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{free_port()}",
    }
    assert all(there in text for there in changes)
    text = re.sub("|".join(map(re.escape, changes)), lambda found: changes[found[0]], text)
    (home / "nginx.conf").write_text(text, encoding="utf-8")
    # The container has the owner of the files as its user; root would hand its workers to "nobody".
    owner = "user root;" if os.geteuid() == 0 else ""
    command = [NGINX, "-p", str(home), "-c", str(home / "nginx.conf"), "-e", "stderr"]
    command += ["-g", f"daemon off; {owner}"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with up(command, os.environ, home / "log"):
        until((home / "nginx.pid").exists, (home / "log").read_text())
        yield doors


@pytest.fixture(scope="module")
def documents(site: Site) -> list[str]:
    """A public document and one that is not, by key."""
    return site.shell(DOCUMENT).split()


def test_the_program_is_asked_through_tls_only(proxy: Proxy) -> None:
    assert proxy.get("/healthz").content == b"ok"
    answer = proxy.get("/login/", plain=True)
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/login/")
    page = proxy.get("/")
    assert page.status == 200, "HTTPS=1 behind the proxy is no endless redirect"
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]


def test_another_name_is_not_answered(proxy: Proxy) -> None:
    assert proxy.get("/", host="elsewhere.example.cn").status == 400


def test_static_files_come_from_the_proxy_compressed_and_for_good(site: Site, proxy: Proxy) -> None:
    sheet = next((site.folder / "static").rglob("base.*.css.gz"), None) or next(
        (site.folder / "static").rglob("*.*.css.gz")
    )
    path = "/static/" + str(sheet.relative_to(site.folder / "static")).removesuffix(".gz")
    answer = proxy.get(path, **{"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content == sheet.read_bytes()


def test_a_protected_file_is_sent_by_the_proxy_on_the_programs_word(
    site: Site, proxy: Proxy, documents: list[str]
) -> None:
    answer = proxy.get(f"/documents/{documents[0]}/pdf/?view")
    assert answer.status == 200
    assert answer.content.startswith(b"%PDF-1.7")
    assert len(answer.content) == 5009
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "X-Accel-Redirect" not in answer.headers
    assert "Accept-Ranges" in answer.headers, "it was nginx that sent it"


def test_no_file_is_reached_by_address(proxy: Proxy, documents: list[str]) -> None:
    assert proxy.get(f"/documents/{documents[1]}/pdf/").status == 404, "not public: asked, and refused"
    for path in (
        "/protected/documents/2026/a1b2c3.pdf",
        "/static/../files/documents/2026/a1b2c3.pdf",
        "/static../files/documents/2026/a1b2c3.pdf",
        "/files/documents/2026/a1b2c3.pdf",
    ):
        assert proxy.get(path).status in (400, 404), path


def test_a_client_cannot_make_up_where_it_comes_from(site: Site, proxy: Proxy) -> None:
    """Whatever is written into X-Forwarded-For, the lockout counts the address that the proxy saw."""
    form = proxy.get("/login/")
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    token = re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', form.content)[0].decode()
    sent = {"csrfmiddlewaretoken": token, "username": "nobody", "password": "wrong"}
    refused = proxy.post(
        "/login/",
        urlencode(sent),
        **{"Cookie": cookie, "Referer": f"https://{NAME}/login/", "X-Forwarded-For": "203.0.113.9"},
    )
    assert refused.status == 200
    asked = "from axes.models import AccessAttempt as A; print(A.objects.get(username='nobody').ip_address)"
    assert site.shell(asked) == "127.0.0.1"
