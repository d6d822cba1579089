"""The recipe of Charley's ear: from a list of sentences to a Vosk model directory, on synthetic voices alone."""
