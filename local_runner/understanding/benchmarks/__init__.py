"""Public benchmarks of understanding, as commands: ``python -m local_runner.understanding.benchmarks``."""
