"""Official documents read back from paper: the geometry of GB/T 9704-2012."""

import dataclasses
from datetime import date
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from office.paper import engine
from office.paper.blocks import Heading1, Heading2, Heading3, NumberedLine, Paragraph, Table
from office.paper.official import Annex, Official, render_official
from tests.office.printed import Page, fonts, read

TOP, LEFT, WIDTH, HEIGHT = 37, 28, 156, 225
LINE = HEIGHT / 22
PITCH = WIDTH / 28
NAMES = "李堃、王喆、赵㐂、孙昇、周玥、吴祎、郑珺、冯镕、包·格日乐图"
SENTENCE = f"经专家评审并公示无异议，决定设立“包·格日乐图名校长工作室”等工作室，{NAMES}等校长名列其中。"
LIST = Table(("序号", "领衔校长"), tuple((str(at), "包·格日乐图") for at in range(1, 60)), (1, 3))


def announcement(**changes) -> Official:
    """The announcement of Art. 9(2), signed and sealed, with copies to others."""
    document = Official(
        issuer="赤峰市教育局",
        number="赤教发〔2026〕1号",
        title_lines=("赤峰市教育局关于公布首批", "名校长工作室名单的通知"),
        addressee="各旗县区教育局，市直各学校、幼儿园",
        body=(Heading1("一、设立工作室"), Paragraph(SENTENCE), Paragraph(SENTENCE)),
        dated=date(2026, 1, 5),
        copies_to=("赤峰市财政局", "各旗县区人民政府"),
        printing_office="赤峰市教育局办公室",
        printed_on=date(2026, 1, 6),
    )
    return dataclasses.replace(document, **changes)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return read(render_official(announcement()))


def test_the_sheet_is_a4(pages):
    assert {(round(page.width), round(page.height)) for page in pages} == {(210, 297)}


def test_a_full_page_holds_22_lines_of_28_characters_in_16_points():
    squares = "国" * 25 + "㐂" + ("国" * 27 + "㐂") * 70
    page = read(render_official(announcement(body=(Paragraph(squares),))))[1]
    lines = page.body()
    assert [len(text) for _, _, text in lines] == [28] * 22
    assert {round(x, 1) for _, x, _ in lines} == {LEFT}
    assert {round(run.size, 1) for run in page.runs if run.y < TOP + HEIGHT} == {16.0}
    gaps = [lower[0] - upper[0] for upper, lower in pairwise(lines)]
    assert all(gap == pytest.approx(LINE, abs=0.11) for gap in gaps)
    assert TOP < lines[0][0] < TOP + LINE
    assert TOP + HEIGHT - LINE < lines[-1][0] < TOP + HEIGHT
    last = [run.x for run in page.runs if run.text == "㐂"]
    assert last == pytest.approx([LEFT + 27 * PITCH] * 22, abs=0.1)


def test_a_paragraph_begins_two_characters_in_and_returns_to_the_edge(pages):
    first = pages[0].run("经专家评审")
    following = next(run for run in pages[0].runs if run.y > first.y + 1)
    assert first.x == pytest.approx(LEFT + 2 * PITCH, abs=0.1)
    assert following.x == pytest.approx(LEFT, abs=0.1)


def test_the_red_head_stands_35_mm_below_the_top_of_the_type_area_in_red(pages):
    mark = pages[0].run("赤峰市教育局文件")
    with TTFont(engine.font_files()["FandolSong"]) as font:
        glyphs, outlines = font.getBestCmap(), font.getGlyphSet()
        tops = [outlines[glyphs[ord(character)]] for character in mark.text]
        bounds = font["CFF "].cff.topDictIndex[0].CharStrings
        top = max(bounds[glyph.name].calcBounds(outlines)[3] for glyph in tops) / font["head"].unitsPerEm
    assert mark.y - top * mark.size * 25.4 / 72 == pytest.approx(TOP + 35, abs=0.5)
    letters = len(mark.text) * mark.size * 25.4 / 72
    assert mark.x + letters / 2 == pytest.approx(LEFT + WIDTH / 2, abs=0.3)


def test_a_red_line_as_wide_as_the_type_area_lies_4_mm_below_the_number(pages):
    line = next(shape for shape in pages[0].rectangles if shape.height < 2)
    assert line.colour == pytest.approx((0.847, 0, 0.059), abs=0.01)
    assert (line.x, line.width) == pytest.approx((LEFT, WIDTH), abs=0.05)
    assert 0.5 <= line.height <= 1
    number = pages[0].run("赤教发〔2026〕1号")
    descent = 0.14 * number.size * 25.4 / 72
    assert line.y - (number.y + descent) == pytest.approx(4, abs=0.5)
    assert number.size == pytest.approx(16, abs=0.1)


def test_the_title_is_broken_as_given_in_22_points_and_the_addressee_ends_with_a_colon(pages):
    upper, lower = pages[0].run("关于公布首批"), pages[0].run("名单的通知")
    assert (round(upper.size), round(lower.size)) == (22, 22)
    assert upper.text.strip() == "赤峰市教育局关于公布首批"
    addressee = pages[0].run("各旗县区教育局")
    assert addressee.text.endswith("幼儿园：")
    assert addressee.x == pytest.approx(LEFT, abs=0.1)
    assert addressee.y - lower.y == pytest.approx(2 * LINE, abs=1.5)


def test_headings_have_their_own_letters():
    body = (Heading1("一、黑体"), Heading2("（一）楷体"), Heading3("1.仿宋"), NumberedLine(2, "也是仿宋"))
    document = announcement(body=(*body, Paragraph(SENTENCE), Paragraph(SENTENCE)))
    page = read(render_official(document))[0]
    assert page.run("一、黑体").font == "FandolHei"
    assert page.run("（一）楷体").font == "FandolKai"
    assert page.run("1.仿宋").font == "FandolFang"
    assert page.run("2. 也是仿宋").font == "FandolFang"


def test_a_sealed_date_stands_four_characters_in_and_the_signer_is_centred_above_it(pages):
    page = next(page for page in pages if "2026年1月5日" in page.text)
    dated, signer = page.run("2026年1月5日"), [run for run in page.runs if run.text == "赤峰市教育局"][-1]
    assert signer.y == pytest.approx(dated.y - LINE, abs=0.2)
    middle = (dated.x + LEFT + WIDTH - 4 * PITCH) / 2
    assert signer.x + 3 * PITCH == pytest.approx(middle, abs=0.3)


def test_without_a_seal_the_date_begins_two_characters_behind_the_signer():
    pages = read(render_official(announcement(sealed=False)))
    page = next(page for page in pages if "2026年1月5日" in page.text)
    dated, signer = page.run("2026年1月5日"), [run for run in page.runs if run.text == "赤峰市教育局"][-1]
    assert dated.x - signer.x == pytest.approx(2 * PITCH, abs=0.2)


@pytest.mark.parametrize("length", range(60, 640, 28))
def test_a_signature_never_stands_on_a_page_without_text(length):
    document = announcement(body=(Paragraph("国" * length),), annexes=(Annex("名单", (LIST,)),))
    page = next(page for page in read(render_official(document)) if "2026年1月5日" in page.text)
    assert "国" in page.text


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages_7_mm_below():
    pages = read(render_official(announcement(body=(Paragraph(SENTENCE * 12),))))
    odd, even = pages[0].run("— 1 —"), pages[1].run("— 2 —")
    assert round(odd.size) == round(even.size) == 14
    assert even.x == pytest.approx(LEFT + 14 * 25.4 / 72, abs=0.5)
    assert odd.x > LEFT + WIDTH - 30
    dash = 0.35 * 14 * 25.4 / 72
    assert odd.y - dash == pytest.approx(TOP + HEIGHT + 7, abs=0.7)


def test_the_imprint_closes_the_last_page():
    pages = read(render_official(announcement(annexes=(Annex("名单", (LIST,)),))))
    rules = [shape for shape in pages[-1].rectangles if shape.width == pytest.approx(WIDTH, abs=0.1)]
    assert [round(rule.height, 2) for rule in rules] == [0.35, 0.25, 0.35]
    assert rules[-1].y + rules[-1].height == pytest.approx(TOP + HEIGHT, abs=0.1)
    copies, office = pages[-1].run("抄送："), pages[-1].run("赤峰市教育局办公室")
    printed = pages[-1].run("2026年1月6日印发")
    assert copies.text == "抄送：赤峰市财政局，各旗县区人民政府。"
    assert office.x == pytest.approx(LEFT + 14 * 25.4 / 72, abs=0.1)
    assert printed.y == pytest.approx(office.y, abs=0.1)
    assert round(office.size) == 14
    assert all("印发" not in page.text for page in pages[:-1])


def test_annexes_begin_pages_of_their_own_and_are_named_under_the_text():
    document = announcement(annexes=(Annex("工作室名单", (LIST,)), Annex("经费分配表", (LIST,))))
    pages = read(render_official(document))
    labels = {page.body()[0][2]: page for page in pages}
    label = labels["附件1"].run("附件")
    assert label.font == "FandolHei"
    assert label.x == pytest.approx(LEFT, abs=0.1)
    assert labels["附件2"].body()[1][2] == "经费分配表"
    named = next(page for page in pages if "附件：1. 工作室名单" in page.text)
    second = named.run("2. 经费分配表")
    assert second.x == pytest.approx(named.run("附件：").x + 3 * PITCH, abs=0.2)
    heads = [page for page in pages if "领衔校长" in page.text]
    assert (
        len(heads)
        == len([page for page in pages if "包·格日乐图" in page.text and "附件：" not in page.text]) - 1
    )


def test_a_single_annex_carries_no_number():
    pages = read(render_official(announcement(annexes=(Annex("工作室名单", (LIST,)),))))
    assert any(page.body()[0][2] == "附件" for page in pages)
    assert any("附件：工作室名单" in page.text for page in pages)


def test_a_wide_annex_lies_on_its_side_and_the_imprint_keeps_upright():
    wide = Annex("横表", (LIST,), landscape=True)
    pages = read(render_official(announcement(annexes=(wide,))))
    turned = [page for page in pages if page.width > page.height]
    assert turned
    assert "领衔校长" in turned[0].text
    assert pages[-1].height > pages[-1].width
    assert "印发" in pages[-1].text


def test_what_is_shown_on_the_web_carries_no_red_head_and_no_number():
    document = announcement(red_head=False, number="", printing_office="", printed_on=None)
    page = read(render_official(document))[0]
    assert page.body()[0][2] == "赤峰市教育局关于公布首批"
    assert not page.rectangles
    assert "文件" not in page.text


def test_rare_characters_and_mongolian_names_are_in_embedded_fonts():
    pdf = render_official(announcement(title_lines=("关于赵㐂和李堃的通知",)))
    text = "".join(page.text for page in read(pdf)).replace("\n", "")
    assert all(character in text for character in NAMES)
    assert "包·格日乐图" in text
    embedded = fonts(pdf)
    assert all(embedded.values())
    assert {"FandolFang", "FandolSong", "FandolHei"} <= set(embedded)
    rare = [run for page in read(pdf) for run in page.runs if set(run.text) & set("堃喆㐂昇玥祎珺")]
    assert rare
    assert all("Noto" in run.font for run in rare)


def test_a_document_needs_a_title_a_text_and_a_date_of_printing():
    with pytest.raises(ValueError, match="标题和正文"):
        announcement(body=())
    with pytest.raises(ValueError, match="印发日期"):
        announcement(printed_on=None)
