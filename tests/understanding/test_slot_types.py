"""Built-in slot types: numbers, ordinals, durations, times and dates in words, in Alexa's formats."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from local_runner.understanding.numbers import number_at, ordinal_at
from local_runner.understanding.slot_types import readings_at
from local_runner.understanding.words import utterance

TODAY = date(2026, 11, 22)
"""A Sunday."""


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("NUMBER", "five", "5"),
        ("NUMBER", "twenty two", "22"),
        ("NUMBER", "a hundred and five", "105"),
        ("NUMBER", "two thousand three hundred", "2300"),
        ("NUMBER", "1,500", "1500"),
        ("NUMBER", "3 million", "3000000"),
        ("NUMBER", "half a dozen", "6"),
        ("ORDINAL", "third", "3"),
        ("ORDINAL", "twenty first", "21"),
        ("ORDINAL", "3rd", "3"),
        ("Ordinal", "two hundredth", "200"),
        ("FOUR_DIGIT_NUMBER", "one two three four", "1234"),
        ("FOUR_DIGIT_NUMBER", "nineteen eighty four", "1984"),
        ("FOUR_DIGIT_NUMBER", "twelve oh five", "1205"),
        ("PhoneNumber", "five five five one two three four", "5551234"),
        ("DURATION", "thirty seconds", "PT30S"),
        ("DURATION", "an hour and a half", "PT1H30M"),
        ("DURATION", "half a minute", "PT30S"),
        ("DURATION", "half an hour", "PT30M"),
        ("DURATION", "two and a half minutes", "PT2M30S"),
        ("DURATION", "one hour and twenty minutes", "PT1H20M"),
        ("DURATION", "three days", "P3D"),
        ("DURATION", "a fortnight", "P2W"),
        ("DURATION", "a couple of weeks", "P2W"),
        ("DURATION", "six months", "P6M"),
        ("DURATION", "a year and a half", "P1Y6M"),
        ("TIME", "half past seven", "07:30"),
        ("TIME", "quarter to eight", "07:45"),
        ("TIME", "ten p m", "22:00"),
        ("TIME", "7:30 pm", "19:30"),
        ("TIME", "noon", "12:00"),
        ("TIME", "twelve a m", "00:00"),
        ("TIME", "nine in the morning", "09:00"),
        ("TIME", "three in the afternoon", "15:00"),
        ("TIME", "seven oh five", "07:05"),
        ("TIME", "seven o'clock", "07:00"),
        ("TIME", "this evening", "EV"),
        ("DATE", "today", "2026-11-22"),
        ("DATE", "tomorrow", "2026-11-23"),
        ("DATE", "the day after tomorrow", "2026-11-24"),
        ("DATE", "friday", "2026-11-27"),
        ("DATE", "last friday", "2026-11-20"),
        ("DATE", "this weekend", "2026-W47-WE"),
        ("DATE", "next week", "2026-W48"),
        ("DATE", "next month", "2026-12"),
        ("DATE", "july fourth", "2027-07-04"),
        ("DATE", "the third of december", "2026-12-03"),
        ("DATE", "march", "2027-03"),
        ("DATE", "march third twenty twenty eight", "2028-03-03"),
        ("DATE", "nineteen ninety nine", "1999"),
        ("DATE", "now", "PRESENT_REF"),
    ],
)
def test_values_as_alexa_writes_them(kind: str, said: str, value: str) -> None:
    words = utterance(said).words
    assert readings_at(f"AMAZON.{kind}", words, 0, TODAY) == [(len(words), value)]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("NUMBER", "a plant"),
        ("NUMBER", "and"),
        ("DURATION", "five"),
        ("DURATION", "seconds"),
        ("TIME", "hello"),
        ("DATE", "may i"),
        ("DATE", "the garden"),
        ("FOUR_DIGIT_NUMBER", "one two three"),
        ("ORDINAL", "three"),
    ],
)
def test_what_is_not_a_value(kind: str, said: str) -> None:
    assert readings_at(f"AMAZON.{kind}", utterance(said).words, 0, TODAY) == []


@given(st.integers(0, 999_999))
def test_every_number_that_can_be_said_is_read(n: int) -> None:
    words = utterance(num2words(n)).words
    assert number_at(words, 0) == (len(words), n)


@given(st.integers(1, 999))
def test_every_ordinal_that_can_be_said_is_read(n: int) -> None:
    words = utterance(num2words(n, to="ordinal")).words
    assert ordinal_at(words, 0) == (len(words), n)


_MIXED = (
    "a an one two twenty hundred thousand and half past to seven of july first the oh minutes hours quarter next "
    "friday p m noon dozen couple 7 12:30"
)


@given(st.lists(st.sampled_from(_MIXED.split()), min_size=1, max_size=8))
def test_no_order_of_words_breaks_a_reader(words: list[str]) -> None:
    for kind in ("NUMBER", "ORDINAL", "FOUR_DIGIT_NUMBER", "PhoneNumber", "DURATION", "TIME", "DATE"):
        for start in range(len(words)):
            for end, value in readings_at(f"AMAZON.{kind}", words, start, TODAY):
                assert start < end <= len(words)
                assert value
