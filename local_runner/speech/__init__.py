"""SSML → sound: pauses are real silence, whispering is quiet; pyttsx3 renders, we play, so a word can cut it off."""

from local_runner.speech.pyttsx3_voice import Pyttsx3Voice
from local_runner.speech.segments import Emphasis, Segment, Silence, Speech, in_sentences, plain_text
from local_runner.speech.ssml import Script, SsmlError, parse_ssml, read_ssml
from local_runner.speech.voice import Piece, RenderingVoice, Voice

__all__ = [
    "Emphasis",
    "Piece",
    "Pyttsx3Voice",
    "RenderingVoice",
    "Script",
    "Segment",
    "Silence",
    "Speech",
    "SsmlError",
    "Voice",
    "in_sentences",
    "parse_ssml",
    "plain_text",
    "read_ssml",
]
