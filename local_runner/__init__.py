"""The bedside device: hears, turns speech into Alexa requests, calls a skill, speaks its answer.

Nothing here knows about cramps: any skill built on ask-sdk-core runs from its interaction model.
"""
