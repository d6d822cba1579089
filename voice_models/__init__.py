"""Voice models: the small one made here, and the catalogue of larger ones to download."""
