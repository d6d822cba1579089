"""What people say for Alexa's built-in intents, which interaction models declare without samples (English)."""

from __future__ import annotations

SAFETY = {
    "stop": "AMAZON.StopIntent",
    "cancel": "AMAZON.CancelIntent",
    "help": "AMAZON.HelpIntent",
}
"""Words that are never blocked by a threshold, by another intent or by what the session expects."""

PHRASES: dict[str, tuple[str, ...]] = {
    "AMAZON.StopIntent": (
        "stop", "stop it", "stop now", "stop that", "stop talking", "be quiet", "quiet", "shut up", "shush", "silence",
        "enough", "that is enough", "off", "turn off", "exit", "quit", "i am done", "goodbye", "bye", "end",
    ),
    "AMAZON.CancelIntent": ("cancel", "cancel that", "cancel it", "never mind", "nevermind", "forget it"),
    "AMAZON.HelpIntent": (
        "help", "help me", "can you help me", "what can you do", "what can i say", "what can i ask", "what do i say",
        "what do i do", "how does this work", "how do i use this", "i need help", "what are my options",
    ),
    "AMAZON.YesIntent": (
        "yes", "yes please", "sure", "okay", "yes i do", "yes i am", "yes it is", "yes it does", "of course", "right",
        "correct", "please do", "go ahead", "absolutely", "definitely", "i do", "why not", "alright", "all right",
        "that is right", "sounds good", "uh huh", "mhm", "aye", "yes yes", "sure thing",
    ),
    "AMAZON.NoIntent": (
        "no", "no thanks", "no thank you", "no i do not", "no i am not", "no it is not", "no it does not", "not really",
        "not now", "do not", "i do not", "no way", "not at all", "definitely not", "absolutely not", "no no", "uh uh",
    ),
    "AMAZON.RepeatIntent": (
        "repeat", "repeat that", "say that again", "again", "say it again", "what did you say", "once more", "pardon",
        "what was that", "come again", "can you repeat that", "one more time", "i did not hear that",
        "i did not catch that", "say again", "repeat please", "could you say that again", "sorry what",
    ),
    "AMAZON.NextIntent": ("next", "skip", "next one", "skip this", "skip it", "go on to the next", "what is next"),
    "AMAZON.PreviousIntent": ("previous", "go back", "back", "previous one", "the one before", "last one"),
    "AMAZON.PauseIntent": ("pause", "pause it", "hold on", "wait", "hang on", "pause that", "wait a minute"),
    "AMAZON.ResumeIntent": ("resume", "continue", "keep going", "carry on", "go on", "unpause"),
    "AMAZON.StartOverIntent": ("start over", "restart", "start again", "begin again", "from the beginning"),
    "AMAZON.MoreIntent": ("more", "tell me more", "more please", "more information"),
    "AMAZON.SelectIntent": ("select", "choose this", "select this"),
    "AMAZON.NavigateHomeIntent": ("go home", "home", "go to the home screen", "take me home", "home screen"),
    "AMAZON.NavigateSettingsIntent": ("settings", "go to settings", "open settings"),
    "AMAZON.LoopOnIntent": ("loop", "loop on", "turn on loop"),
    "AMAZON.LoopOffIntent": ("loop off", "turn off loop", "stop looping"),
    "AMAZON.ShuffleOnIntent": ("shuffle", "shuffle on", "turn on shuffle", "mix it up"),
    "AMAZON.ShuffleOffIntent": ("shuffle off", "turn off shuffle", "stop shuffling"),
    "AMAZON.ScrollUpIntent": ("scroll up",),
    "AMAZON.ScrollDownIntent": ("scroll down",),
    "AMAZON.ScrollLeftIntent": ("scroll left",),
    "AMAZON.ScrollRightIntent": ("scroll right",),
    "AMAZON.PageUpIntent": ("page up",),
    "AMAZON.PageDownIntent": ("page down",),
}  # fmt: skip
"""Intent name → what people say for it."""
