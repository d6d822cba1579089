"""A program of its own: words on standard input, their sounds in IPA on standard output.

Uses libespeak-ng, which Charley's voice needs anyway. One line out for each line in; exit code 1 where it is missing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

_RETRIEVAL = 1  # make no sound
_UTF_8 = 1
_IPA = 2


def main() -> int:
    """Translate every line."""
    name = ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return 1
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    if library.espeak_Initialize(_RETRIEVAL, 0, None, 0) < 0 or library.espeak_SetVoiceByName(b"en-us") != 0:
        return 1
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        text = ctypes.c_char_p(line.strip().encode())
        said = []
        while text.value:
            said.append((library.espeak_TextToPhonemes(ctypes.byref(text), _UTF_8, _IPA) or b"").decode())
        print("".join(said).replace("\n", " "))
    return 0


if __name__ == "__main__":
    sys.exit(main())
