"""A night from a recording: the same loop, in audio time and as fast as the machine can."""

from __future__ import annotations

from local_runner.audio import FRAME_SAMPLES, FRAME_SECONDS, EndOfRecording, FileMicrophone, FileSpeaker
from local_runner.audio.player import Player
from local_runner.listener.bedside import Bedside
from local_runner.listener.reference import Reference

LONGEST_TAIL = 60.0
"""Seconds of silence after the recording's end in which what was begun may come to an end."""


def replay(bedside: Bedside, microphone: FileMicrophone, speaker: FileSpeaker, player: Player) -> float:
    """Hear a recording to its end, and let an answer that is being spoken come to its end.

    Returns:
        The length of the night, in seconds of audio.
    """
    import numpy as np

    reference = Reference(player.pull, player.rate)
    speaker.open(reference.pull)
    microphone.open()
    silence = np.zeros(FRAME_SAMPLES, np.int16)
    tail = 0.0
    bedside.start(input=microphone.path.name)
    try:
        while tail < LONGEST_TAIL:
            try:
                frame = microphone.read()
            except EndOfRecording:
                if bedside.resting:
                    break
                frame = silence
                tail += FRAME_SECONDS
            # The loudspeaker plays these 40 ms while the microphone hears them.
            speaker.advance(FRAME_SECONDS)
            bedside.hear(frame, reference.frame())
    finally:
        bedside.stop()
        speaker.close()
        microphone.close()
    return bedside.now
