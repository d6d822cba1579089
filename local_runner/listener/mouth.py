"""What is being said: segments rendered just in time, a queue that can be cut, held, and said again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from local_runner.audio.player import Player
from local_runner.listener.night_voice import Manner
from local_runner.speech import Piece, Segment, Speech, Voice, in_sentences

AHEAD_SECONDS = 0.8
"""How much is rendered before it is needed: a sentence takes hundredths of a second to render."""
TONE_LEVEL = 0.02
"""Amplitude of the tone, of full scale (-34 dBFS)."""

_TONE = "tone"


class Mouth:
    """Feeds a player. ``work`` must be called often; time passes only in the player."""

    def __init__(self, voice: Voice, player: Player) -> None:
        self._voice = voice
        self._player = player
        self._plain: tuple[Segment, ...] = ()
        """What is being said, sentence by sentence, before any manner."""
        self._offset = 0
        self._pieces: Iterator[Piece] | None = None
        self._names: dict[str, int] = {}
        self._given = 0
        self._reached = 0
        self._saying = False
        self._held = False

    @property
    def busy(self) -> bool:
        """Whether something is being said, or held, or the tone sounds."""
        return self._saying or self._player.busy

    def say(self, segments: Sequence[Segment], manner: Manner) -> None:
        """Say this now, instead of anything that was being said."""
        self._plain = tuple(in_sentences(segments))
        self._begin(0, manner)

    def say_again(self, manner: Manner) -> None:
        """The sentence that is being said, from its beginning, and what follows; or all of it, when it was over."""
        whole = self._reached >= len(self._plain)
        self._begin(0 if whole else self._sentence(self._reached), manner)

    def hush(self) -> None:
        """Stop at once."""
        self._player.stop()
        self._player.resume()
        self._saying = self._held = False
        self._pieces = None

    def hold(self) -> None:
        """Stop at once and keep the place."""
        self._held = True
        self._player.pause()

    def go_on(self) -> None:
        """Speak on from the place that was kept."""
        self._held = False
        self._player.resume()

    def tone(self, rate: int) -> None:
        """Sound the soft tone."""
        self._player.play(_TONE, soft_tone(rate))

    def aside(self, segments: Sequence[Segment], manner: Manner) -> None:
        """Say a line of the device's own, after whatever is being said; nobody is told when it is over."""
        self._player.play("aside", self._voice.render(manner.of(segments)).samples)

    def recent_words(self) -> tuple[str, ...]:
        """The words of the sentence being said and of the one before it, lower case."""
        spoken = [s.text for s in self._plain[max(0, self._reached - 2) : self._reached + 2] if isinstance(s, Speech)]
        return tuple("".join(c if c.isalnum() or c == "'" else " " for c in " ".join(spoken).lower()).split())

    def work(self) -> bool:
        """Render what will be needed soon; True once when everything has been played."""
        for name in self._player.take_finished():
            self._reached = max(self._reached, self._names.pop(name, -1) + 1)
        if not self._saying or self._held:
            return False
        while self._pieces is not None and self._player.waiting_seconds < AHEAD_SECONDS:
            piece = next(self._pieces, None)
            if piece is None:
                self._pieces = None
                break
            self._play(piece)
        if self._pieces is None and not self._player.busy:
            self._saying = False
            self._reached = len(self._plain)
            return True
        return False

    def _begin(self, index: int, manner: Manner) -> None:
        if self._player.busy:
            self._player.stop()
        self._player.resume()
        self._held = False
        self._offset = index
        self._given = 0
        self._reached = index
        self._names.clear()
        self._spoken = manner.of(self._plain[index:])
        self._pieces = self._voice.pieces(self._spoken)
        self._saying = True

    def _play(self, piece: Piece) -> None:
        name = f"gap {self._offset + self._given}"
        if self._given < len(self._spoken) and piece.segment == self._spoken[self._given]:
            name = f"piece {self._offset + self._given}"
            self._names[name] = self._offset + self._given
            self._given += 1
        self._player.play(name, piece.sound.samples)

    def _sentence(self, index: int) -> int:
        """The nearest place at or before ``index`` where something is spoken."""
        while index > 0 and not isinstance(self._plain[index], Speech):
            index -= 1
        return index


def soft_tone(rate: int) -> NDArray[np.int16]:
    """Two soft notes, a quarter of a second, with slow edges: to be noticed by one who waits for it, not to wake."""
    notes = []
    for hertz, seconds in ((440.0, 0.11), (587.3, 0.16)):
        time_axis = np.arange(int(rate * seconds)) / rate
        edges = np.sin(np.pi * np.arange(len(time_axis)) / len(time_axis)) ** 2
        notes.append(np.sin(2 * np.pi * hertz * time_axis) * edges)
    return (np.concatenate(notes) * TONE_LEVEL * 32767).astype(np.int16)
