"""Speech to words: Vosk behind one small protocol, listening for what a skill wants to hear."""

from local_runner.recognition.decoding import DecodingSettings
from local_runner.recognition.graph import GraphSettings
from local_runner.recognition.protocol import Recogniser, RecognitionStream
from local_runner.recognition.voice_model import VoiceModel, default_voice_model, find_voice_model
from local_runner.recognition.vosk_recogniser import VoskRecogniser, VoskStream

__all__ = [
    "DecodingSettings",
    "GraphSettings",
    "Recogniser",
    "RecognitionStream",
    "VoiceModel",
    "VoskRecogniser",
    "VoskStream",
    "default_voice_model",
    "find_voice_model",
]
