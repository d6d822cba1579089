"""The synthetic voices that read the prompts: which engines and speakers, and how each reading is varied."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

ESPEAK_DATA = Path("/usr/lib/x86_64-linux-gnu/espeak-ng-data")

ACCENTS: tuple[tuple[str, int], ...] = (
    ("en-us", 10),
    ("en-us-nyc", 1),
    ("en-gb", 3),
    ("en-gb-x-rp", 2),
    ("en-gb-scotland", 1),
    ("en-gb-x-gbclan", 1),
    ("en-gb-x-gbcwmd", 1),
    ("en-029", 1),
)
"""espeak-ng's English accents, with how often each is taken."""

VARIANTS: tuple[str, ...] = (
    "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt", "klatt2", "klatt3",
    "klatt4", "klatt5", "klatt6", "adam", "Alex", "Alicia", "Andrea", "Andy", "Annie", "anika", "announcer",
    "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "Denis", "Diogo", "ed", "edward",
    "edward2", "Gene", "Gene2", "grandma", "grandpa", "gustave", "Henrique", "Hugo", "iven", "iven2", "iven3",
    "iven4", "Jacky", "john", "kaukovalta", "Lee", "linda", "marcelo", "Marco", "Mario", "max", "Michael", "michel",
    "miguel", "Mike", "norbert", "pablo", "paul", "pedro", "quincy", "RicishayMax", "RicishayMax2", "rob", "robert",
    "sandro", "shelby", "steph", "steph2", "steph3", "travis", "victor", "zac", "whisper", "whisperf",
)  # fmt: skip
"""The variants that espeak-ng ships and that sound like people (its robots and demons are left out)."""

FLITE_VOICES: dict[str, float | None] = {"rms": 100.0, "slt": 175.0, "awb": 120.0, "kal16": None}
"""flite's 16 kHz voices and their mean pitch in hertz (None: the diphone voice, whose pitch is left alone)."""

FESTIVAL_VOICES: dict[str, str] = {
    "kal": "voice_kal_diphone",
    "ked": "voice_ked_diphone",
    "slt-hts": "voice_cmu_us_slt_arctic_hts",
}
"""festival's English voices and the Scheme functions that choose them."""


@dataclass(frozen=True)
class Reading:
    """One prompt to be read by one voice."""

    name: str
    """File name without its ending; unique."""
    text: str
    """What is said: lower-case words."""
    engine: str
    """`espeak`, `flite` or `festival`."""
    voice: str
    """The speaker, in the engine's own naming."""
    rate: float
    """Words a minute for espeak; stretch of durations (1 = the voice's own) for the others."""
    pitch: float
    """espeak's 0–99 scale; hertz of the mean for the others; 0 leaves it alone."""

    @property
    def speaker(self) -> str:
        """Engine and voice as one name, by which voices are held out."""
        return f"{self.engine}:{self.voice}"


def invented_variant(rng: random.Random) -> str:
    """The text of an espeak-ng voice variant nobody recorded: another throat, another breath, another melody.

    All formants are scaled together (vocal tract length) and a little each by themselves.
    """
    female = rng.random() < 0.5
    tract = rng.uniform(1.02, 1.28) if female else rng.uniform(0.86, 1.08)
    low = rng.uniform(130, 210) if female else rng.uniform(65, 120)
    lines = ["language variant", "name invented", f"gender {'female' if female else 'male'}"]
    lines.append(f"pitch {low:.0f} {low * rng.uniform(1.2, 1.7):.0f}")
    for formant in range(9):
        each = round(100 * tract * rng.uniform(0.95, 1.05))
        height = round(100 * rng.uniform(0.75, 1.15) * (1.0 if formant < 4 else rng.uniform(0.4, 1.1)))
        lines.append(f"formant {formant} {each} {height} {round(100 * rng.uniform(0.8, 1.5))}")
    lines.append(f"roughness {rng.choice([0, 0, 0, 1, 2, 3, 4])}")
    lines.append(f"voicing {rng.randint(60, 120)}")
    lines.append(f"consonants {rng.randint(70, 130)} {rng.randint(70, 130)}")
    if rng.random() < 0.4:
        tilt = rng.uniform(0.5, 2.0)
        lines.append("breath " + " ".join(str(round(tilt * rng.uniform(0, 12))) for _ in range(8)))
        lines.append("breathw " + " ".join(str(rng.randint(50, 300)) for _ in range(8)))
    if rng.random() < 0.5:
        lines.append(f"tone {rng.randint(100, 700)} 255 {rng.randint(1000, 2200)} {rng.randint(60, 255)} 4000 60")
    if rng.random() < 0.25:
        lines.append(f"flutter {rng.randint(1, 8)}")
    return "\n".join(lines) + "\n"


def prepare_espeak(folder: Path, invented: int, seed: int) -> list[str]:
    """A data folder for espeak-ng (links to the installed one) that also holds `invented` new variants.

    Returns the names of all variants to use.
    """
    data = folder / "espeak-ng-data"
    shutil.rmtree(data, ignore_errors=True)
    variants = data / "voices" / "!v"
    variants.mkdir(parents=True)
    for entry in ESPEAK_DATA.iterdir():
        if entry.name != "voices":
            (data / entry.name).symlink_to(entry)
    for entry in (ESPEAK_DATA / "voices" / "!v").iterdir():
        (variants / entry.name).symlink_to(entry)
    names = [name for name in VARIANTS if (variants / name).exists()]
    for number in range(invented):
        rng = random.Random(seed * 100_003 + number)  # noqa: S311
        name = f"charley{number}"
        (variants / name).write_text(invented_variant(rng), encoding="ascii")
        names.append(name)
    return names


def plan_readings(prompts: list[str], counts: dict[str, int], variants: list[str], seed: int) -> list[Reading]:
    """Who reads what: `counts` readings an engine, prompts dealt in turn, every choice drawn from `seed`.

    Args:
        prompts: what can be read; dealt again from the start when they run out.
        counts: readings for `espeak`, and for `flite:VOICE` and `festival:VOICE`.
        variants: names of espeak-ng variants.
        seed: the same seed gives the same readings.
    """
    rng = random.Random(seed)  # noqa: S311
    accents = [name for name, weight in ACCENTS for _ in range(weight)]
    readings: list[Reading] = []
    for key, count in counts.items():
        engine, _, voice = key.partition(":")
        for number in range(count):
            text = prompts[len(readings) % len(prompts)]
            name = f"{engine}-{voice or 'any'}-{number:06d}"
            if engine == "espeak":
                speaker = f"{rng.choice(accents)}+{rng.choice(variants)}"
                readings.append(Reading(name, text, engine, speaker, rng.randint(110, 250), rng.randint(15, 85)))
            else:
                mean = FLITE_VOICES.get(voice) if engine == "flite" else {"kal": 105.0, "ked": 105.0}.get(voice)
                pitch = 0.0 if mean is None else mean * rng.uniform(0.72, 1.35)
                readings.append(Reading(name, text, engine, voice, round(rng.uniform(0.75, 1.35), 2), round(pitch)))
    return readings
