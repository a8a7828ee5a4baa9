"""Forms, lists and the plaque read back from paper."""

import io
from datetime import date

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from office.paper.forms import FormPaper, Grid, LongText, Opinion, Rows, Section, render_form
from office.paper.plaque import Plaque, render_plaque
from office.paper.tables import render_table
from tests.office.printed import fonts, read

ADDRESS = "https://studio.example.cn/check/plaque/CFMX-2026-001/"


def photo() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (295, 413), (90, 120, 160)).save(data, "JPEG")
    return data.getvalue()


def application_form(**changes) -> FormPaper:
    """An application as it is printed before it is sent: opinions still empty."""
    parts = {
        "title": "赤峰市名校长工作室申报表",
        "subtitle": "2026年度首批",
        "number": "2026-0017",
        "cover": (("申报人", "包·格日乐图"), ("所在学校", "红山区第二中学")),
        "sections": (
            Section(
                "一、申报人情况",
                (
                    Grid(
                        (
                            (("姓名", "包·格日乐图"), ("性别", "男")),
                            (("民族", "蒙古族"), ("出生年月", "1970年5月")),
                            (("职务", "校长"), ("任职时间", "2015年8月"), ("正职年限", "11年")),
                        ),
                        photo=photo(),
                    ),
                    Rows(("起止时间", "单位", "职务"), (), label="培训经历"),
                ),
            ),
            Section("二、办学情况", (LongText("办学思想", "立德树人，五育并举。\n第二段。"),)),
            Section(
                "三、拟聘成员",
                (Rows(("姓名", "学校"), tuple(("李堃㐂", f"第{at}中学") for at in range(90)), (1, 3)),),
            ),
            Section(
                "四、意见",
                (
                    Opinion("学校意见", seal=True),
                    Opinion("旗县区意见", "同意推荐。", "王喆", "红山区教育局", date(2026, 11, 9), seal=True),
                ),
            ),
        ),
    }
    return FormPaper(**{**parts, **changes})


def test_the_form_carries_its_number_and_page_at_every_foot():
    pages = read(render_form(application_form()))
    assert len(pages) > 4
    for at, page in enumerate(pages, 1):
        foot = "".join(run.text for run in page.runs if run.y > 278)
        assert "编号：2026-0017" in foot
        assert f"第 {at} 页" in foot
        assert f"共 {len(pages)} 页" in foot


def test_the_form_begins_with_its_cover():
    pages = read(render_form(application_form()))
    assert "包·格日乐图" in pages[0].text
    assert "一、申报人情况" not in pages[0].text
    bare = read(render_form(application_form(cover=())))
    assert "赤峰市名校长工作室申报表" in bare[0].text
    assert "一、申报人情况" in bare[0].text


def test_the_head_of_a_list_is_repeated_on_every_page_it_fills():
    pages = [page for page in read(render_form(application_form())) if "李堃㐂" in page.text]
    assert len(pages) >= 3
    assert all("姓名" in page.text and "学校" in page.text for page in pages)


def test_values_texts_and_opinions_stand_on_the_form_and_what_is_empty_waits_for_the_hand():
    pdf = render_form(application_form())
    text = "\n".join(page.text for page in read(pdf))
    for expected in (
        "1970年5月",
        "11年",
        "第二段。",
        "同意推荐。",
        "签名：王喆",
        "红山区教育局（盖章）",
        "（无）",
    ):
        assert expected in text
    assert "2026年11月9日" in text
    assert "年　　月　　日" in text
    assert all(fonts(pdf).values())


def test_the_photo_is_on_the_form_and_does_not_stretch_its_rows():
    pdf = render_form(application_form())
    assert [image.image.size for image in PdfReader(io.BytesIO(pdf)).pages[1].images] == [(295, 413)]
    page = read(pdf)[1]
    assert page.run("民族").y - page.run("姓名").y == pytest.approx(
        page.run("职务").y - page.run("民族").y, abs=3
    )


def test_a_photo_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="PNG 或 JPEG"):
        render_form(application_form(sections=(Section("", (Grid(((("姓名", "甲"),),), photo=b"GIF89a"),)),)))


def test_a_list_must_fit_its_head():
    with pytest.raises(ValueError, match="列数"):
        Rows(("姓名", "学校"), (("甲",),))


def test_a_recommendation_list_lies_on_its_side_with_its_head_on_every_page():
    rows = tuple((str(at), "包·格日乐图", "¥50,000.00") for at in range(1, 61))
    pdf = render_table(
        "红山区推荐名单", ("序号", "申报人", "金额"), rows, landscape=True, notes=("审核人：王喆",)
    )
    pages = read(pdf)
    assert all(page.width > page.height and "申报人" in page.text for page in pages)
    assert f"第 1 页　共 {len(pages)} 页" in pages[0].text
    assert sum(page.text.count("包·格日乐图") for page in pages) == 60
    assert "审核人：王喆" in pages[-1].text


def plaque(**changes) -> Plaque:
    parts = {
        "studio_name": "包·格日乐图名校长工作室",
        "title": "赤峰市名校长工作室",
        "number": "CFMX-2026-001",
        "issuer": "赤峰市教育局",
        "dated": date(2026, 1, 5),
        "term_text": "建设周期：2026年1月1日—2028年12月31日",
        "check_url": ADDRESS,
    }
    return Plaque(**{**parts, **changes})


def test_the_plaque_is_600_by_400_mm_and_says_whose_studio_it_is():
    pdf = render_plaque(plaque())
    (page,) = read(pdf)
    assert (round(page.width), round(page.height)) == (600, 400)
    for expected in ("包·格日乐图名校长工作室", "编号：CFMX-2026-001", "赤峰市教育局", "2026年1月5日"):
        assert expected in page.text
    assert all(fonts(pdf).values())


def test_a_long_name_stays_within_the_rim():
    (page,) = read(render_plaque(plaque(studio_name="赵㐂" + "很长的名称" * 6 + "名校长工作室")))
    run = page.run("很长的名称")
    assert run.x > 15
    assert 38 * run.size * 25.4 / 72 < 560


def test_the_code_on_the_plaque_leads_to_its_check_page():
    (image,) = PdfReader(io.BytesIO(render_plaque(plaque()))).pages[0].images
    expected = segno.make(ADDRESS, error="q", micro=False)
    printed = image.image.convert("L")
    modules = expected.symbol_size(border=2)[0]
    step = printed.width // modules
    dark = tuple(
        tuple(
            printed.getpixel(((2 + x) * step + step // 2, (2 + y) * step + step // 2)) < 128
            for x in range(modules - 4)
        )
        for y in range(modules - 4)
    )
    assert dark == tuple(tuple(bool(module) for module in row) for row in expected.matrix)
