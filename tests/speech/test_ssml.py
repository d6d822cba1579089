"""SSML → segments: what is written is what will be heard."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_runner.errors import CharleyError
from local_runner.speech import Segment, Silence, Speech, SsmlError, in_sentences, parse_ssml, plain_text, read_ssml
from local_runner.speech.say_as import spoken
from local_runner.speech.segments import LONGEST_TEXT


def parsed(inside: str) -> tuple[Segment, ...]:
    return parse_ssml(f"<speak>{inside}</speak>")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("Straighten that leg.", [Speech("Straighten that leg.")]),
        ("one<break time='1s'/>two", [Speech("one"), Silence(1.0), Speech("two")]),
        ("<break time='250ms'/>", [Silence(0.25)]),
        ("a<break time='5s'/><break time='5s'/>", [Speech("a"), Silence(10.0)]),
        ("a<break strength='none'/>b", [Speech("a"), Speech("b")]),
        ("a<break strength='x-strong'/>b", [Speech("a"), Silence(1.2), Speech("b")]),
        ("<p>a</p><p>b</p>", [Speech("a"), Silence(1.2), Speech("b")]),
        ("<p>a</p><break time='3s'/>b", [Speech("a"), Silence(3.0), Speech("b")]),
        ("<p><s>a</s><s>b</s></p>", [Speech("a"), Silence(0.4), Speech("b")]),
        ("<prosody rate='slow'>a</prosody>", [Speech("a", rate=0.8)]),
        ("<prosody rate='50%'>a</prosody>", [Speech("a", rate=0.5)]),
        ("<prosody rate='5%'>a</prosody>", [Speech("a", rate=0.2)]),
        ("<prosody volume='soft'>a</prosody>", [Speech("a", volume=-6.0)]),
        ("<prosody volume='-4dB'>a</prosody>", [Speech("a", volume=-4.0)]),
        ("<prosody volume='+40dB'>a</prosody>", [Speech("a", volume=4.08)]),
        ("<prosody pitch='+10%'>a</prosody>", [Speech("a", pitch=1.1)]),
        ("<emphasis level='strong'>a</emphasis>", [Speech("a", emphasis="strong")]),
        ("<amazon:effect name='whispered'>a</amazon:effect>", [Speech("a", whispered=True)]),
        ("10 <sub alias='minutes'>min</sub>", [Speech("10 minutes")]),
        ("<say-as interpret-as='digits'>105</say-as> x", [Speech("one zero five x")]),
        ("Tom &amp; Ann &nbsp;ate R&D &lt;3", [Speech("Tom & Ann ate R&D <3")]),
        ("<!-- note -->a", [Speech("a")]),
        (" \n ", []),
        ("<![CDATA[a < b]]>", [Speech("a < b")]),
    ],
)
def test_each_element(inside: str, expected: list[Segment]) -> None:
    assert list(parsed(inside)) == expected


def test_manners_nest_and_end() -> None:
    inside = "<prosody rate='slow'>a <prosody volume='loud'>b</prosody> c</prosody> d"
    assert parsed(inside) == (
        Speech("a", rate=0.8),
        Speech("b", rate=0.8, volume=3.0),
        Speech("c", rate=0.8),
        Speech("d"),
    )


def test_text_without_speak_is_plain_text() -> None:
    assert parse_ssml("Bend it, then rest & wait.") == (Speech("Bend it, then rest & wait."),)


@pytest.mark.parametrize(
    "ssml",
    ["<speak>a", "<speak>a</p></speak>", "<speak a=1>a</speak>", "<speak>a < b</speak>", "<speak>a</speak>b"],
)
def test_malformed_ssml_is_one_clear_error_or_spoken_plainly(ssml: str) -> None:
    with pytest.raises(SsmlError, match="line 1"):
        parse_ssml(ssml)
    script = read_ssml(ssml)
    assert "a" in script.text
    assert script.notes


def test_a_document_type_is_refused_and_never_expanded() -> None:
    bomb = "<?xml version='1.0'?><!DOCTYPE speak [<!ENTITY a 'aaaa'>]><speak>&a;</speak>"
    # Not an answer in SSML: it does not begin with <speak>, so it can only be read as text.
    assert "aaaa" not in plain_text(read_ssml(bomb.replace("<?xml version='1.0'?>", "")).segments).replace("'aaaa'", "")
    with pytest.raises(SsmlError):
        parse_ssml("<speak><!DOCTYPE x></speak>")


@pytest.mark.parametrize(
    ("inside", "note"),
    [
        ("<audio src='https://x'/>a", "audio"),
        ("<break time='soon'/>a", "soon"),
        ("<break time='11s'/>a", "10 s"),
        ("<prosody rate='quick'>a</prosody>", "quick"),
        ("<prosody volume='11'>a</prosody>", "11"),
        ("<prosody pitch='up'>a</prosody>", "up"),
        ("<amazon:effect name='sung'>a</amazon:effect>", "sung"),
        ("<voice name='Ivy'>a</voice>", "voice"),
        ("<marquee>a</marquee>", "marquee"),
    ],
)
def test_what_cannot_be_done_leaves_a_note_and_the_words(inside: str, note: str) -> None:
    script = read_ssml(f"<speak>{inside}</speak>")
    assert script.text == "a"
    assert any(note in said for said in script.notes)


@pytest.mark.parametrize(
    ("text", "kind", "form", "words"),
    [
        ("1,500", "cardinal", "", "1500"),
        ("3", "ordinal", "", "3rd"),
        ("112", "ordinal", "", "112th"),
        ("0815", "digits", "", "zero eight one five"),
        ("rls 2", "spell-out", "", "R, L, S, two"),
        ("(888) 555-1212", "telephone", "", "eight eight eight, five five five, one two one two"),
        ("+1 206x9", "telephone", "", "plus one, two zero six, extension nine"),
        ("3/20", "fraction", "", "3 20ths"),
        ("1+1/2", "fraction", "", "1 and 1 half"),
        ("10 mg", "unit", "", "10 milligrams"),
        ("1 ft", "unit", "", "1 foot"),
        ("2ft", "unit", "", "2 feet"),
        ("5 smoots", "unit", "", "5 smoots"),
        ("11/22/2026", "date", "mdy", "November 22nd, 2026"),
        ("22/11", "date", "dm", "November 22nd"),
        ("20261122", "date", "", "November 22nd, 2026"),
        ("????1122", "date", "", "????1122"),
        ("13/45/2026", "date", "mdy", "13/45/2026"),
        ("2:05 pm", "time", "", "2 oh 5 p m"),
        ("14:00", "time", "", "14 o'clock"),
        ("1'21\"", "time", "", "1 minute 21 seconds"),
        ("anything", "mystery", "", "anything"),
    ],
)
def test_say_as(text: str, kind: str, form: str, words: str) -> None:
    assert spoken(text, kind, form) == words


def test_sentences_are_parted_but_abbreviations_are_not() -> None:
    pieces = list(in_sentences([Speech("Call Dr. Lee at once. Then rest! Ready?"), Silence(1.0)]))
    assert pieces == [Speech("Call Dr. Lee at once."), Speech("Then rest!"), Speech("Ready?"), Silence(1.0)]


@given(st.text(max_size=3000))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_reader_and_no_piece_is_too_long(text: str) -> None:
    try:
        segments = parse_ssml(f"<speak>{text}</speak>")
    except CharleyError:
        segments = read_ssml(f"<speak>{text}</speak>").segments
    for piece in in_sentences(segments):
        if isinstance(piece, Speech):
            assert 0 < len(piece.text) <= LONGEST_TEXT


def test_a_long_text_keeps_every_word() -> None:
    text = "word " * 4000
    pieces = [piece.text for piece in in_sentences([Speech(text.strip())]) if isinstance(piece, Speech)]
    assert " ".join(pieces).split() == text.split()
