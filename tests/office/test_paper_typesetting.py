"""Lines of Chinese: nothing lost, no line begun by a closing mark, none wider than its measure."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from office.paper.typesetting import BODY, HANGING, NOT_FIRST, NOT_LAST, clean, day, extent, set_lines

WORDS = st.lists(
    st.sampled_from(
        [
            "校长工作室",
            "，",
            "。",
            "《办法》",
            "“引领”",
            "（见附件）",
            "2026年1月5日",
            "㐂",
            "Art. 9",
            "——",
            " ",
            "x" * 17,
        ]
    ),
    min_size=1,
    max_size=90,
)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_every_character_is_set_once_and_in_order(words):
    text = clean("".join(words))
    lines = set_lines(text, BODY)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_a_line_is_as_wide_as_its_measure_and_only_a_comma_or_stop_hangs_over(words):
    for line in set_lines("".join(words), BODY)[:-1]:
        inside = line.text[:-1] if line.text[-1] in HANGING else line.text
        spread = extent(inside, BODY) + len(inside) * (float(line.spacing) - BODY.spacing)
        assert float(line.indent) + spread <= BODY.width + 0.2


def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark():
    sentence = "他说：“教育是一棵树摇动另一棵树”，《办法》（第九条）也这样写；"
    for shift in range(28):
        lines = set_lines("国" * shift + sentence * 5, BODY)
        assert not any(line.text[0] in NOT_FIRST for line in lines)
        assert not any(line.text[-1] in NOT_LAST for line in lines[:-1])


def test_a_comma_behind_the_last_square_hangs_in_the_margin():
    first = set_lines("国" * 26 + "，" + "国" * 30, BODY)[0]
    assert first.text == "国" * 26 + "，"
    assert float(first.spacing) == round(BODY.spacing, 3)


def test_a_date_stays_with_its_digits_and_a_long_address_may_break():
    assert any(line.text.startswith("2026") for line in set_lines("国" * 25 + "2026年1月5日", BODY))
    address = "https://example.cn/" + "a" * 200
    assert "".join(line.text for line in set_lines(address, BODY)) == address


def test_characters_that_print_nothing_are_left_out():
    assert clean("张\u200b三\x00\t 李\u202e四") == "张三 李四"
    assert clean("　公　示　") == "公　示"
    assert set_lines("\u200b", BODY) == []


def test_dates_are_written_in_full_without_leading_zeros():
    assert day(date(2026, 1, 5)) == "2026年1月5日"
