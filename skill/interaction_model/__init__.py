"""The Alexa interaction model and the manifest, made from the content; checked in, and proven in step by a test."""
