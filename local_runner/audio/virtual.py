"""A microphone and a loudspeaker made of software: a headless PulseAudio that plays recordings in and records replies.

For tests and measurements on machines without sound. Needs the programs ``pulseaudio``, ``pactl``, ``paplay`` and
``parecord``. ``PULSE_SERVER`` must be set (``environment``) before PortAudio is loaded, so what is measured runs in a
process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from local_runner.errors import SoundDeviceError

_PROGRAMS = ("pulseaudio", "pactl", "paplay", "parecord")
_MEND = "install them (Debian: sudo apt-get install pulseaudio pulseaudio-utils libasound2-plugins)"
_MICROPHONE, _SPEAKER = "charley_microphone", "charley_speaker"


class VirtualSound:
    """A sound server of its own in ``folder``, with a virtual microphone and loudspeaker.

    Raises:
        SoundDeviceError: PulseAudio is not installed or does not start.
    """

    def __init__(self, folder: Path) -> None:
        missing = [program for program in _PROGRAMS if shutil.which(program) is None]
        if missing:
            raise SoundDeviceError(f"no virtual sound without {', '.join(missing)}", _MEND)
        self._folder = folder
        self._socket = folder / "pulse.socket"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._recorder: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which programs find this sound server, and no other."""
        home = {"HOME": str(self._folder), "XDG_RUNTIME_DIR": str(self._folder)}
        return {**os.environ, **home, "PULSE_SERVER": f"unix:{self._socket}", "PULSE_COOKIE": str(self._folder / "c")}

    def start(self) -> None:
        """Start the server, as after ``stop``."""
        sink = "module-null-sink sink_name={} rate={} channels=1 format=s16le norewinds=1"
        command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
        command += ["--disable-shm=yes", "--log-target=null"]
        for module in (
            f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            sink.format(_MICROPHONE, 16_000),
            sink.format(_SPEAKER, 22_050),
        ):
            command += ["-L", module]
        # A daemon of the same name from before would keep the socket.
        self._socket.unlink(missing_ok=True)
        self._daemon = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)  # noqa: S603
        deadline = time.monotonic() + 10
        while self._pactl("info", check=False) != 0:
            if time.monotonic() > deadline or self._daemon.poll() is not None:
                self.stop()
                raise SoundDeviceError("PulseAudio does not start here", "see what pulseaudio -v says")
            time.sleep(0.05)
        self._pactl("set-default-source", f"{_MICROPHONE}.monitor")
        self._pactl("set-default-sink", _SPEAKER)

    def stop(self) -> None:
        """Kill the server, as a crash would."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def close(self) -> None:
        """End everything that was started."""
        self.stop_recording()
        self.stop()

    def play(self, path: Path) -> None:
        """Play a recording into the microphone, and wait until it is over."""
        command = ["paplay", f"--device={_MICROPHONE}", str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=600)  # noqa: S603

    def start_playing(self, path: Path) -> subprocess.Popen[bytes]:
        """Play a recording into the microphone, without waiting."""
        command = ["paplay", f"--device={_MICROPHONE}", str(path)]
        return subprocess.Popen(command, env=self.environment)  # noqa: S603

    def record(self, path: Path) -> None:
        """Record what the loudspeaker plays, to a WAV file, until ``stop_recording``."""
        command = ["parecord", f"--device={_SPEAKER}.monitor", "--file-format=wav", "--latency-msec=50", str(path)]
        self._recorder = subprocess.Popen(command, env=self.environment)  # noqa: S603

    def stop_recording(self) -> None:
        """End the recording, so that its file is complete."""
        if self._recorder is not None:
            self._recorder.terminate()
            self._recorder.wait(10)
            self._recorder = None

    def unplug_microphone(self) -> None:
        """Remove the virtual microphone."""
        command = ["pactl", "list", "short", "modules"]
        listing = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout  # noqa: S603
        for line in listing.splitlines():
            if f"sink_name={_MICROPHONE}" in line:
                self._pactl("unload-module", line.split()[0])

    def plug_microphone(self) -> None:
        """Put it back, as the default source."""
        sink = [f"sink_name={_MICROPHONE}", "rate=16000", "channels=1", "format=s16le", "norewinds=1"]
        self._pactl("load-module", "module-null-sink", *sink)
        self._pactl("set-default-source", f"{_MICROPHONE}.monitor")
        self._pactl("set-default-sink", _SPEAKER)

    def __enter__(self) -> VirtualSound:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pactl(self, *arguments: str, check: bool = True) -> int:
        command = ["pactl", *arguments]
        quiet = subprocess.DEVNULL
        done = subprocess.run(command, env=self.environment, check=check, timeout=10, stdout=quiet, stderr=quiet)  # noqa: S603
        return done.returncode
