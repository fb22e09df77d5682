"""Thinking tags, such as ``<think>...</think>``: some servers leave the reasoning in the text, between tags."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from sse_events.chat.events import (
    Done,
    Finish,
    Reasoning,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from sse_events.chat.state import State

# These events come after the text before them: text that was held is returned first, to keep the order.
_AFTER_TEXT = (Reasoning, Refusal, ToolCallStart, ToolCallArgs, ToolCallEnd, Finish)


class Thinking(State):
    """Divides the text of every choice into Reasoning and Token events.

    If the first text of a choice, after white space, begins with the first tag, then it is reasoning up to the second
    tag. The tags and the white space next to them are dropped.

    Args:
        tags: The tag before the reasoning, and the one after it.

    Raises:
        ValueError: A tag is empty, or begins or ends with white space.
        TypeError: `tags` is not two strings.
    """

    __slots__ = ("_choices", "_tags")

    def __init__(self, tags: tuple[str, str]) -> None:
        if not isinstance(tags, tuple | list) or len(tags) != 2 or not all(isinstance(tag, str) for tag in tags):
            raise TypeError(f'thinking_tags must be two strings, such as ("<think>", "</think>"), not {tags!r}')
        if any(not tag or tag != tag.strip() for tag in tags):
            raise ValueError(f"thinking_tags must not be empty, nor have white space around them: {tags!r}")
        self._tags = (tags[0], tags[1])
        self._choices: dict[int, _Text] = {}

    def divide(self, events: Iterable[StreamEvent]) -> list[StreamEvent]:
        """`events`, with their text divided. What may be the beginning of a tag is held until the next event."""
        divided: list[StreamEvent] = []
        for event in events:
            if isinstance(event, Token):
                if event.choice not in self._choices:
                    self._choices[event.choice] = _Text(event.choice, *self._tags)
                divided += self._choices[event.choice].feed(event.text)
                continue
            if isinstance(event, Done):
                for text in self._choices.values():
                    divided += text.end()
            elif isinstance(event, _AFTER_TEXT) and event.choice in self._choices:
                divided += self._choices[event.choice].end()
            divided.append(event)
        return divided


class _State(enum.Enum):
    BEFORE = "the first tag may come"
    INSIDE = "reasoning, until the second tag"
    BEHIND = "after the second tag, where white space is dropped"
    TEXT = "text, whatever it holds"


class _Text(State):
    """The text of one choice."""

    __slots__ = ("_begun", "_choice", "_first_tag", "_second_tag", "_space", "_state", "_tag")

    def __init__(self, choice: int, first_tag: str, second_tag: str) -> None:
        self._choice = choice
        self._first_tag = first_tag
        self._second_tag = second_tag
        self._state = _State.BEFORE
        self._begun = False  # some reasoning was returned
        self._space: list[str] = []  # white space that may be next to a tag; joined once, so the time is linear
        self._tag = ""  # what may be the beginning of a tag

    def feed(self, text: str) -> Iterator[Token | Reasoning]:
        text = self._tag + text
        self._tag = ""
        if self._state is _State.BEFORE:
            rest = text.lstrip()
            self._space.append(text[: len(text) - len(rest)])
            if rest.startswith(self._first_tag):
                self._state = _State.INSIDE
                self._space.clear()
                text = rest.removeprefix(self._first_tag)
            elif self._first_tag.startswith(rest):
                self._tag = rest
                return
            else:
                self._state = _State.TEXT
                text = self._take_space() + rest
        if self._state is _State.INSIDE:
            thought, found, text = text.partition(self._second_tag)
            if not found:
                begun = len(thought) - _beginning(self._second_tag, thought)
                thought, self._tag = thought[:begun], thought[begun:]
            yield from self._reason(thought)
            if not found:
                return
            self._space.clear()
            self._state = _State.BEHIND
        if self._state is _State.BEHIND:
            text = text.lstrip()
            if text:
                self._state = _State.TEXT
        if text:
            yield Token(text, self._choice)

    def _reason(self, thought: str) -> Iterator[Reasoning]:
        if not self._begun:
            thought = thought.lstrip()
        core = thought.rstrip()
        if core:
            self._begun = True
            yield Reasoning(self._take_space() + core, self._choice)
        self._space.append(thought[len(core) :])

    def end(self) -> Iterator[Token | Reasoning]:
        """The text that was held: no more text comes before the next event."""
        text = self._take_space() + self._tag
        self._tag = ""
        if not text:
            return
        if self._state is _State.INSIDE:
            self._begun = True
            yield Reasoning(text, self._choice)
        else:
            self._state = _State.TEXT
            yield Token(text, self._choice)

    def _take_space(self) -> str:
        space = "".join(self._space)
        self._space.clear()
        return space


def _beginning(tag: str, text: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next(size for size in range(min(len(tag) - 1, len(text)), -1, -1) if text.endswith(tag[:size]))
