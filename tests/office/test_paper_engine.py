"""The printing engine: what it refuses to fetch, and what it says when something lacks."""

import io
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pypdf import PdfReader

from office.paper import engine
from office.paper.blocks import Paragraph
from office.paper.official import Official, render_official

ROOT = Path(__file__).resolve().parents[2]
REACHING_OUT = """
<link rel="stylesheet" href="{address}style.css"><link rel="attachment" href="{address}secret">
<style>@import url({address}more.css); p {{ background: url({address}ground.png) }}
@font-face {{ font-family: x; src: url({address}x.otf) }}</style>
<p style="font-family: x">正文</p><img src="{address}picture.png">
<object data="{address}object.svg"></object><embed src="{address}embed.svg">
<svg width="10" height="10"><image href="{address}inner.png" width="9" height="9"/></svg>
"""


@pytest.fixture
def listener():
    """A web server that notes every request: its address, and the list of requests."""
    asked: list[str] = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """The tests' output is no place for a server's log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def test_a_page_that_asks_for_anything_on_the_net_gets_nothing(listener):
    address, asked = listener
    pdf = engine.pdf(REACHING_OUT.format(address=address), css=("page.css",))
    assert "正文" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert asked == []


def test_a_page_that_asks_for_a_file_gets_nothing(tmp_path):
    (tmp_path / "secret").write_text("机密内容")
    pdf = engine.pdf(REACHING_OUT.format(address=f"file://{tmp_path}/"), css=("page.css",))
    assert not PdfReader(io.BytesIO(pdf)).attachments
    assert "机密内容".encode() not in pdf


def test_markup_in_a_text_is_printed_as_it_was_typed():
    typed = '<img src="file:///etc/passwd"><script>alert(1)</script>'
    document = Official("赤峰市教育局", "", (typed,), typed, (Paragraph(typed),), date(2026, 1, 5))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_official(document))).pages)
    assert text.replace("\n", "").count("<script>alert(1)</script>") == 3


def test_several_people_may_print_at_once():
    def printed(name: str) -> str:
        document = Official("赤峰市教育局", "", (name,), "", (Paragraph(name * 9),), date(2026, 1, 5))
        return PdfReader(io.BytesIO(render_official(document))).pages[0].extract_text()

    names = [f"第{at}中学" for at in range(12)]
    with ThreadPoolExecutor(4) as people:
        texts = list(people.map(printed, names))
    assert all(name * 3 in text.replace("\n", "") for name, text in zip(names, texts, strict=True))


def test_a_picture_is_a_png_or_a_jpeg():
    assert engine.picture(b"\xff\xd8\xff\xe0").startswith("data:image/jpeg;base64,")
    with pytest.raises(ValueError, match="PNG 或 JPEG"):
        engine.picture(b"<svg/>")


def test_this_server_can_print():
    assert engine.available() is None


def test_without_chinese_fonts_it_says_which_lack_and_how_to_get_them(tmp_path):
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    asked = subprocess.run(
        [sys.executable, "-c", "from office.paper import engine; print(engine.available())"],
        cwd=ROOT,
        env={**os.environ, "FONTCONFIG_FILE": str(bare), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert "仿宋（FandolFang）" in asked
    assert "生僻字（Noto Serif CJK SC）" in asked
    assert "script/fonts" in asked
