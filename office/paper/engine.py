"""From HTML to PDF: fonts found, nothing fetched, WeasyPrint imported only when a document is asked for."""

import base64
import gc
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from PIL import ImageFile

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STYLES = TEMPLATES / "documents" / "css"
FAMILIES = {
    "FandolFang": "仿宋",
    "FandolKai": "楷体",
    "FandolHei": "黑体",
    "FandolSong": "宋体",
    "Noto Serif CJK SC": "生僻字",
}
NO_PANGO = (
    "服务器缺少排版组件 Pango，暂不能生成 PDF。请以管理员身份执行："
    "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
)
NO_PACKAGE = "Python 环境里没有 WeasyPrint，暂不能生成 PDF。请执行：script/setup"
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

# Pango's font maps must not be used by two threads at once.
_one_at_a_time = threading.Lock()


class PdfUnavailable(Exception):
    """This server can't print; the message is a Chinese sentence with the command that mends it."""


def font_folder() -> Path:
    """Where script/fonts puts the fonts: FONT_DIR, or .fonts in the checkout."""
    return Path(os.environ.get("FONT_DIR") or ROOT / ".fonts")


def _find_fonts() -> None:
    """Point fontconfig at our fonts, unless someone chose a configuration: Pango reads it when loaded."""
    configuration = font_folder() / "fonts.conf"
    if configuration.is_file():
        os.environ.setdefault("FONTCONFIG_FILE", str(configuration.resolve()))


def _installed() -> dict[str, str]:
    """The font files by family, as fontconfig knows them; of several files the plain weight."""
    _find_fonts()
    try:
        fields = "%{family}\t%{style}\t%{file}\n"
        answer = subprocess.run(["fc-list", "--format", fields], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise PdfUnavailable(NO_PANGO) from error
    found: dict[str, str] = {}
    for line in answer.stdout.splitlines():
        families, style, file = line.split("\t")
        for family in families.split(","):
            if "Regular" in style or family not in found:
                found[family] = file
    return found


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for garbage meanwhile: laying out makes millions of objects that live to the end, looked at in vain.

    A fifth of the time of a long list.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _library() -> Any:
    """WeasyPrint, the one font configuration of the process, and a fetcher that opens nothing but pictures
    written into the page itself (data:). Raises PdfUnavailable (not cached).
    """
    _find_fonts()
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except ImportError as error:
        raise PdfUnavailable(NO_PACKAGE) from error
    except OSError as error:
        raise PdfUnavailable(NO_PANGO) from error
    # WeasyPrint lets Pillow open torn pictures everywhere in the process; uploads must go on refusing them.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint, FontConfiguration(), URLFetcher(allowed_protocols=("data",))


@cache
def font_files() -> dict[str, str]:
    """The file of each family a document needs. Raises PdfUnavailable when one is missing (not cached)."""
    installed = _installed()
    missing = [f"{words}（{family}）" for family, words in FAMILIES.items() if family not in installed]
    if missing:
        raise PdfUnavailable(
            f"服务器缺少公文字体：{'、'.join(missing)}，暂不能生成 PDF。请执行：script/fonts"
        )
    return {family: installed[family] for family in FAMILIES}


def available() -> str | None:
    """None when documents can be printed; else what lacks and the command that mends it, in Chinese."""
    try:
        font_files()
        _library()
    except PdfUnavailable as reason:
        return str(reason)
    return None


def html(template: str, context: Mapping[str, Any]) -> str:
    """A template of templates/documents filled in; every text is escaped."""
    return str(render_to_string(f"documents/{template}", dict(context)))


@cache
def _stylesheet(name: str) -> Any:
    weasyprint, fonts, fetcher = _library()
    rules = (STYLES / name).read_text(encoding="utf-8")
    return weasyprint.CSS(string=rules, font_config=fonts, url_fetcher=fetcher)


def picture(data: bytes) -> str:
    """A PNG or JPEG as the data address under which a document may show it; ValueError for others."""
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            return f"data:{kind};base64,{base64.b64encode(data).decode()}"
    raise ValueError("图片须为 PNG 或 JPEG 格式")


def pdf(html: str, *, css: tuple[str, ...]) -> bytes:
    """The PDF of an HTML page under style sheets of templates/documents/css, by file name.

    Nothing is fetched but pictures inside the page (see picture). Raises PdfUnavailable when Pango or a font
    is missing: a document with blank boxes for characters must never leave the house.
    """
    font_files()
    weasyprint, fonts, fetcher = _library()
    with _one_at_a_time, _no_collection():
        document = weasyprint.HTML(string=html, url_fetcher=fetcher)
        printed = document.write_pdf(stylesheets=[_stylesheet(name) for name in css], font_config=fonts)
    return bytes(printed)
