"""Taking Charley's own voice out of what the microphone hears: an adaptive filter in the frequency domain. Pure.

Partitioned-block frequency-domain adaptive filter with gradient constraint and per-bin normalisation (Soo and Pang,
'Multidelay block frequency domain adaptive filter', IEEE Trans. ASSP 38(2), 1990). A background filter always adapts;
the foreground filter, whose output is used, takes its weights over only while they are better (Ochiai et al., 'Echo
canceler with two echo path models', IEEE Trans. Comm. 25(6), 1977): somebody who talks at the same time can spoil the
first, not the second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from local_runner.audio.protocols import FRAME_SAMPLES, Frame

TAIL_SECONDS = 0.4
"""Longest echo that can be taken out: playback delay and the room together."""

_STEP = 0.6
"""Share of the error that one block corrects, 0 to 1."""
_BETTER = 0.7
"""The background filter must leave this share of the foreground's error, or less, to be taken over."""
_BETTER_BLOCKS = 2
_PASSES = 3
"""Corrections with each block: a voice has few different sounds a second, and each teaches more than once."""
_WORSE = 4.0
_TRUSTED = 0.1
_NO_ECHO_BLOCKS = 40
"""Blocks with sound, 1.6 s, after which an echo would have been found if there were one."""
_SMOOTHING = 0.8
"""Share of the past in the power that steps are normalised by, and in the errors that are compared."""
_ACTIVE = 30.0**2
"""Mean square of a reference block that is loud enough to learn from (-61 dBFS)."""


class EchoCanceller:
    """Frames of the microphone in, the same frames without the loudspeaker out.

    Where there is no echo (headphones, a recording as the microphone), nothing is learnt and nothing is changed.
    """

    def __init__(self, tail: float = TAIL_SECONDS) -> None:
        self._block = FRAME_SAMPLES
        self._parts = max(1, round(tail * 16_000 / self._block))
        bins = self._block + 1
        self._front = np.zeros((self._parts, bins), np.complex64)
        self._back = np.zeros((self._parts, bins), np.complex64)
        self._spectra = np.zeros((self._parts, bins), np.complex64)
        self._last = np.zeros(self._block, np.float32)
        self._power = np.zeros(bins, np.float32)
        self._now = self._power
        self._errors = np.zeros(3)
        self._better = 0
        self._quiet_blocks = self._parts
        self.learned = False
        """Whether an echo has been found at all."""
        self.trusted = False
        """Whether what is left can be taken for somebody else: the echo is 10 dB down, or there is none."""
        self._active_blocks = 0
        self.echo_level = -96.0
        """Of what was taken out of the last frame, in decibels below full scale."""

    def cancel(self, frame: Frame, reference: NDArray[np.int16]) -> Frame:
        """Take the echo of ``reference`` (what the loudspeaker was given in the same 40 ms) out of ``frame``."""
        played = reference.astype(np.float32)
        loud = float(np.dot(played, played)) / self._block > _ACTIVE
        self._quiet_blocks = 0 if loud else self._quiet_blocks + 1
        self.echo_level = -96.0
        if self._quiet_blocks > self._parts:
            # Nothing was played for longer than any echo lasts: an idle night costs nothing here.
            self._last = played
            self._spectra[:] = 0
            return frame
        spectrum = np.fft.rfft(np.concatenate([self._last, played])).astype(np.complex64)
        self._last = played
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = spectrum
        self._now = (np.abs(self._spectra) ** 2).sum(axis=0)
        self._power = _SMOOTHING * self._power + (1 - _SMOOTHING) * self._now
        heard = frame.astype(np.float32)
        front_echo = self._echo(self._front)
        front = heard - front_echo
        back = heard - self._echo(self._back)
        self._compare(heard, front, back)
        self._judge(loud)
        self._learn(back)
        for _ in range(_PASSES - 1):
            self._learn(heard - self._echo(self._back))
        if not self.learned:
            return frame
        self.echo_level = max(-96.0, 20 * float(np.log10(np.sqrt(np.mean(front_echo**2)) / 32768 + 1e-9)))
        cleaned: Frame = np.clip(np.rint(front), -32768, 32767).astype(np.int16)
        return cleaned

    def _judge(self, loud: bool) -> None:
        self._active_blocks += loud
        if self.trusted or not loud:
            return
        whole, front_error, _ = self._errors
        if self.learned:
            self.trusted = bool(front_error < _TRUSTED * whole)
        else:
            self.trusted = self._active_blocks > _NO_ECHO_BLOCKS

    def _echo(self, weights: NDArray[np.complex64]) -> NDArray[np.float32]:
        whole = np.fft.irfft((weights * self._spectra).sum(axis=0), 2 * self._block)
        echo: NDArray[np.float32] = whole[self._block :].astype(np.float32)
        return echo

    def _learn(self, error: NDArray[np.float32]) -> None:
        norm = np.maximum(self._power, self._now) + self._block * _ACTIVE
        padded = np.concatenate([np.zeros(self._block, np.float32), error])
        gradient = np.conj(self._spectra) * (np.fft.rfft(padded) / norm)
        # The constraint: only the first half of each partition's impulse response may be anything but zero.
        response = np.fft.irfft(gradient, axis=1)
        response[:, self._block :] = 0
        self._back += (_STEP * np.fft.rfft(response, axis=1)).astype(np.complex64)

    def _compare(self, heard: NDArray[np.float32], front: NDArray[np.float32], back: NDArray[np.float32]) -> None:
        now = np.array([float(np.dot(x, x)) for x in (heard, front, back)])
        self._errors = _SMOOTHING * self._errors + (1 - _SMOOTHING) * now
        whole, front_error, back_error = self._errors
        if back_error < _BETTER * front_error and back_error < _BETTER * whole:
            self._better += 1
            if self._better >= _BETTER_BLOCKS:
                self._front = self._back.copy()
                self.learned = True
        else:
            self._better = 0
            if back_error > _WORSE * min(front_error, whole):
                self._back = self._front.copy()
                self._errors[2] = front_error
