"""How the recorded fixtures of this folder are made: ``script/make-fixtures``."""
