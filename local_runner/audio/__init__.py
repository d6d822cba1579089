"""Microphone, loudspeaker, recording: two protocols, so that a night can be replayed from a file."""

from local_runner.audio.files import FRAME_SECONDS, FileMicrophone, FileSpeaker
from local_runner.audio.protocols import FRAME_SAMPLES, EndOfRecording, Frame, Microphone, SampleSource, Speaker
from local_runner.audio.sound_file import LONGEST_QUESTION, WavWriter, read_blocks, read_sound, write_wav

__all__ = [
    "FRAME_SAMPLES",
    "FRAME_SECONDS",
    "LONGEST_QUESTION",
    "EndOfRecording",
    "FileMicrophone",
    "FileSpeaker",
    "Frame",
    "Microphone",
    "SampleSource",
    "Speaker",
    "WavWriter",
    "read_blocks",
    "read_sound",
    "write_wav",
]
