"""Questions: a short answer first, more on request, and where it comes from."""

from __future__ import annotations

from skill.content_types import Answer, Content, Question
from skill.handlers.base import Handler
from skill.session import Session
from skill.spoken import Reply
from skill.turn import Turn


def answer_for(question: Question, turn: Turn) -> Answer:
    """The first answer whose conditions the turn's slots meet; the default answer stands last."""
    for answer in question.answers:
        if all(turn.id(slot) in ids for slot, ids in answer.when.items()):
            return answer
    raise AssertionError("the loader demands a default answer")


class QuestionHandler(Handler):
    """Answers every subject of `content/questions/`."""

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._questions = {q.utterances.intent: q for q in content.questions}
        self.intents = frozenset(self._questions)

    def reply(self, turn: Turn, session: Session) -> Reply:
        question = self._questions[turn.intent]
        answer = answer_for(question, turn)
        session.more = answer.id if answer.more else ""
        ask, asked = "", ""
        if session.relief:
            # A question inside a routine does not lose the routine.
            ask, asked = self.phrases["relief.go_on"], "go_on"
        elif session.bedtime is not None:
            ask, asked = self.phrases["bedtime.go_back"], "bedtime"
        elif answer.more:
            ask, asked = self.phrases["more.ask"], "more"
        return Reply(
            say=(answer.say,),
            topic=question.utterances.topic,
            ask=ask,
            asked=asked,
            level=answer.level,
            sources=answer.sources,
            card=answer.card,
        )


class MoreHandler(Handler):
    """'Tell me more', or 'yes' to the offer of more."""

    intents = frozenset({"TellMoreIntent"})

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._answers = {a.id: (q, a) for q in content.questions for a in q.answers}

    def takes(self, turn: Turn, session: Session) -> bool:
        return turn.intent in self.intents or (turn.intent == "AMAZON.YesIntent" and session.asked == "more")

    def reply(self, turn: Turn, session: Session) -> Reply:
        going = (self.phrases["relief.go_on"], "go_on") if session.relief else ("", "")
        found = self._answers.get(session.more)
        session.more = ""
        if found is None:
            return Reply(say=(self.phrases["more.none"],), topic="help", ask=going[0], asked=going[1])
        question, answer = found
        return Reply(
            say=(answer.more,),
            topic=question.utterances.topic,
            ask=going[0],
            asked=going[1],
            level=answer.level,
            sources=answer.sources,
            card=answer.card,
        )


class SourceHandler(Handler):
    """'Who says so?' names the sources of what was said last."""

    intents = frozenset({"SourceIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        named = [self.content.sources[s] for s in session.sources if s in self.content.sources]
        published = list(dict.fromkeys(s.spoken for s in named if s.confirmed != "general"))
        if published:
            listed = " and ".join(", ".join(published).rsplit(", ", 1)) if len(published) > 1 else published[0]
            say = self.phrases["source.say"].format(sources=listed)
        elif named:
            say = self.phrases["source.general"]
        else:
            say = self.phrases["source.none"]
        going = session.relief is not None
        return Reply(
            say=(say,),
            topic="help",
            ask=self.phrases["relief.go_on"] if going else "",
            asked="go_on" if going else "",
            sources=tuple(session.sources),
        )
