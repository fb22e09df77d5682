"""The UI message stream of Vercel's AI SDK, which feeds its ``useChat``.

Source: the schema ``uiMessageChunkSchema`` and the reader of the npm package ``ai``, version 6. The response needs the
header ``x-vercel-ai-ui-message-stream: v1`` next to ``content-type: text/event-stream``. The stream is ``data:`` lines
of these parts:

===================================================== ==============================================================
``start`` (messageId), ``start-step``                 the beginning of the message
``text-start``, ``text-delta``, ``text-end`` (id)     text, also that of a refusal
``reasoning-start``, ``-delta``, ``-end`` (id)        reasoning
``tool-input-start`` (toolCallId, toolName)           a tool call begins; ``inputEncoding: "text"`` for a custom one
``tool-input-delta`` (inputTextDelta)                 a fragment of its arguments
``tool-input-available`` (input)                      the call is whole: the front end may run it
``tool-input-error`` (input, errorText)               the call is over and not whole
``source-url``, ``source-document`` (sourceId)        a citation with an address, and one without
``finish-step``, ``finish`` (finishReason), [DONE]    the end
``error`` (errorText)                                 the turn failed, and nothing comes after it
===================================================== ==============================================================

The stream has no part for signatures, log probabilities and usage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, ReasoningSignature, Usage
from sse_events.chat.json import decode_shallow
from sse_events.chat.writer import CallPart, Options, Part, Writer


class UIWriter(Writer):
    """Writes the chunks of a UI message."""

    wraps_custom: ClassVar[bool] = False
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("stop",),
        "length": ("length",),
        "tool_calls": ("tool-calls",),
        "content_filter": ("content-filter",),
        "other": ("other",),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._parts = 0
        self._sources = 0

    def preamble(self) -> None:
        self._chunk("start", messageId=self.options.id)
        self._chunk("start-step")

    def open(self, part: Part) -> None:
        if part.kind == "refusal":
            self.drop(part.first)  # it becomes text
        self._text_chunk(part, "start")

    def write(self, part: Part, text: str) -> None:
        self._text_chunk(part, "delta", delta=text)

    def close(self, part: Part) -> None:
        self._text_chunk(part, "end")
        self._parts += 1

    def open_call(self, call: CallPart) -> None:
        encoding = {"inputEncoding": "text"} if call.first.custom else {}
        self._call_chunk(call, "start", toolName=call.first.name, **encoding)

    def write_call(self, call: CallPart, fragment: str) -> None:
        self._call_chunk(call, "delta", inputTextDelta=fragment)

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        value: Any = "".join(call.written)
        if whole and not call.first.custom:
            try:
                value = decode_shallow(value)
            except ValueError:
                whole = False
        if whole:
            self._call_chunk(call, "available", toolName=call.first.name, input=value)
        else:
            error = "the tool call is not complete"
            self._call_chunk(call, "error", toolName=call.first.name, input=value, errorText=error)

    def cite(self, citation: Citation) -> None:
        source = {"sourceId": f"source_{self._sources}"}
        self._sources += 1
        if citation.url:
            title = {"title": citation.title} if citation.title else {}
            self._chunk("source-url", **source, url=citation.url, **title)
        else:
            self._chunk("source-document", **source, mediaType="text/plain", title=citation.title)

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        self._chunk("finish-step")
        self._chunk("finish", finishReason=self.word(finishes[0]))
        self.send_done()

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        self._chunk("error", errorText=message)

    def _text_chunk(self, part: Part, step: str, **fields: Any) -> None:
        # A signature without text gives no chunk.
        if not isinstance(part.first, ReasoningSignature):
            kind = "reasoning" if part.kind == "reasoning" else "text"
            self._chunk(f"{kind}-{step}", id=f"{kind}_{self._parts}", **fields)

    def _call_chunk(self, call: CallPart, step: str, **fields: Any) -> None:
        self._chunk(f"tool-input-{step}", toolCallId=call.id, **fields)

    def _chunk(self, kind: str, **fields: Any) -> None:
        self.send({"type": kind, **fields})
