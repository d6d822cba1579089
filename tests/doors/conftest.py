"""What the tests of the doors share."""

from __future__ import annotations

import sys
from pathlib import Path

# `authority` and `sample_skill` are also imported by the servers that some tests start, so they are plain modules.
sys.path.insert(0, str(Path(__file__).parent))
