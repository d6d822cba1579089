"""Charley as an Alexa skill: one handler, whatever door the request came through."""
