"""Loads Vosk models: silently, once for all who use the same one, and with errors a person can read."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local_runner.errors import RecogniserError

_loaded: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def load_vosk_model(path: Path) -> Any:
    """A ``vosk.Model``, shared with everybody who loads the same directory while it is in use.

    Never looks for a model anywhere else, and never uses the network.

    Raises:
        RecogniserError: Vosk cannot load it.
    """
    import vosk

    key = str(path.resolve())
    with _lock:
        model = _loaded.get(key)
        if model is None:
            vosk.SetLogLevel(-1)
            try:
                with _silent_stderr():
                    model = vosk.Model(key)
                    # Damaged graphs show only here.
                    vosk.KaldiRecognizer(model, 16_000.0)
            except Exception as error:  # Vosk raises plain Exception
                raise RecogniserError(
                    f"the voice model in {path} is damaged (Vosk cannot load it)",
                    "fetch it again with `charley voices fetch NAME`, or choose another with --model",
                ) from error
            _loaded[key] = model
        return model


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Keeps the C++ library's own complaints, which ignore its log level, off the terminal."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
