"""Everything that can go wrong, in one tree; every message says what is wrong and what to do.

::

    CharleyError
    ├── InputError              exit code 2: the call or what it was given is wrong
    │   ├── UsageError            options that do not fit together, text that cannot be used
    │   ├── AudioFileError        a recording that cannot be read
    │   ├── ModelFileError        an interaction model that cannot be read or is not one
    │   ├── SkillLoadError        --skill names nothing that can be called
    │   └── SettingsError         a wrong value in the settings
    └── Failure                 exit code 1: asked rightly, could not be done
        ├── RecogniserError       the voice model is missing or damaged
        ├── VoiceError            the speech synthesiser is missing or failed
        ├── SoundDeviceError      no microphone or loudspeaker, or it went away
        ├── SkillError            the skill raised, or answered with something that is not a response
        └── DownloadError         a voice model could not be fetched
"""

from __future__ import annotations


class CharleyError(Exception):
    """Base of all errors that a person is meant to read.

    Args:
        problem: what is wrong, one clause, without a full stop.
        mend: what to do about it, one clause, without a full stop.
    """

    exit_code = 1

    def __init__(self, problem: str, mend: str = "") -> None:
        self.problem = problem
        self.mend = mend
        # One line, always: messages from libraries may carry line breaks.
        super().__init__(" ".join(f"{problem}: {mend}".split()) if mend else " ".join(problem.split()))


class InputError(CharleyError):
    """The call, or what it was given, is wrong."""

    exit_code = 2


class UsageError(InputError):
    """Options that do not fit together, or text that cannot be used."""


class AudioFileError(InputError):
    """A recording that cannot be read."""


class ModelFileError(InputError):
    """An interaction model that cannot be read, or is not one."""


class SkillLoadError(InputError):
    """``--skill`` names nothing that can be called."""


class SettingsError(InputError):
    """A wrong value in the settings."""


class Failure(CharleyError):
    """Asked rightly, but it could not be done."""


class RecogniserError(Failure):
    """The voice model is missing or damaged, or the recogniser failed."""


class VoiceError(Failure):
    """The speech synthesiser is missing or failed."""


class SoundDeviceError(Failure):
    """No microphone or loudspeaker, or it went away."""


class SkillError(Failure):
    """The skill raised, or answered with something that is not a response."""


class DownloadError(Failure):
    """A voice model could not be fetched."""
