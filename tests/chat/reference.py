"""What a whole chat body must yield, read slowly and plainly: the yardstick for `ChatStream`.

One function, `summarize`, over the standard library's json alone; nothing of sse_events is imported, so that no fault
can be shared. The labels (F1, C3, ...) number the rules that the recorded streams of ``--captures`` come with. Where
those rules leave room, a comment beginning "Choice:" says which way was taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Json = Any
Summary = dict[str, Any]

KEYS = (
    "dialect",
    "text",
    "reasoning",
    "refusal",
    "tool_calls",
    "finish",
    "finish_raw",
    "usage",
    "errors",
    "status",
    "events",
)

NOT_JSON = object()

FINISH_WORDS = {  # X0
    "stop": "stop end_turn stop_sequence complete completed eos",
    "length": "length max_tokens model_length model_context_window_exceeded max_output_tokens",
    "tool_calls": "tool_calls tool_use tool_call function_call",
    "content_filter": "content_filter safety recitation blocklist prohibited_content spii language image_safety refusal"
    " sensitive",
    "error": "error network_error insufficient_system_resource malformed_function_call unexpected_tool_call failed",
}

ANTHROPIC_TYPES = {  # D2
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
}
COHERE_TYPES = {  # D5
    "message-start",
    "content-start",
    "content-delta",
    "content-end",
    "tool-plan-delta",
    "tool-call-start",
    "tool-call-delta",
    "tool-call-end",
    "citation-start",
    "citation-end",
    "message-end",
}
TERMINAL_RESPONSES = {"response.completed", "response.incomplete", "response.failed"}


# Framing


class Item(NamedTuple):
    """A dispatched event, or the value of an `error:` field (event None)."""

    event: str | None
    value: str


def read_lines(body: bytes) -> list[str]:
    """F1: UTF-8 with replacement, one BOM dropped, lines end at CRLF, LF or CR."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\n|\r", text)
    # What the last line end closed is no line; an unterminated last line is one.
    return lines[:-1] if lines[-1] == "" else lines


def split_field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.removeprefix(" ")


def frame(body: bytes) -> list[Item]:
    """F1, F3: the events in the order of their blank lines, the `error:` fields where they stand."""
    items: list[Item] = []
    data: list[str] = []
    name = ""
    for line in [*read_lines(body), ""]:  # the blank line at the end dispatches an event that is still open
        if line == "":
            if data:
                items.append(Item(name or "message", "\n".join(data)))
            data, name = [], ""
            continue
        field, value = split_field(line)
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "error" and value != "":
            items.append(Item(None, value))
    return items


def is_sse(body: bytes) -> bool:
    """F4: a body without text, or with one line of SSE."""
    lines = read_lines(body)
    known = {"data", "event", "id", "retry", "error"}
    return not "".join(lines).strip() or any(
        line.startswith(":") or split_field(line)[0] in known for line in lines if line != ""
    )


def parse(text: str) -> Json:
    """F6, F7: the JSON of a payload, lone surrogates replaced; NOT_JSON if it is none."""
    try:
        return scrub(json.loads(text, parse_constant=refuse, parse_int=read_integer))
    except (ValueError, RecursionError):
        return NOT_JSON


def read_integer(digits: str) -> int | float:
    """F7: Python refuses integers of thousands of digits, which are numbers out of range like 1e400."""
    return int(digits) if len(digits) <= 4300 else float(digits)


def refuse(constant: str) -> None:
    raise ValueError(constant)


def scrub(value: Json) -> Json:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [scrub(element) for element in value]
    if isinstance(value, dict):
        return {scrub(key): scrub(element) for key, element in value.items()}
    return value


# Leaves: a value of the wrong type is as good as missing (Choice: also for every index).


def string(value: Json) -> str:
    return value if isinstance(value, str) else ""


def members(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def objects(value: Json) -> list[dict[str, Json]]:
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []


def integer(value: Json) -> int | None:
    """U1: integral floats become int, a bool is none. Choice: what has more than 64 bits is none either."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def is_first(choice: dict[str, Json]) -> bool:
    """T1: choice 0."""
    return (integer(choice.get("index")) or 0) == 0


def compact(value: Json) -> str:
    # F7: a number out of range stays one.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'("(?:[^"\\]|\\.)*")|Infinity', lambda found: found[1] or "1e999", text)


def arguments_text(value: Json) -> str:
    """C1: a string as it is, nothing for null, anything else as compact JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else compact(value)


# Which dialect


def decides(payload: Json) -> str | None:
    """D0 to D5: the dialect that one payload shows, or None if it shows nothing.

    Choice: "has" means that the key is there, whatever its value.
    """
    if not isinstance(payload, dict):
        return None
    choices = objects(payload.get("choices"))
    kind = string(payload.get("type"))
    name = string(payload.get("object"))
    if name == "text_completion" or any("text" in choice for choice in choices):  # D0
        return "openai"
    if "choices" in payload and (
        name.startswith("chat.completion") or any("delta" in c or "message" in c for c in choices)
    ):  # D1
        return "openai"
    if kind in ANTHROPIC_TYPES:
        return "anthropic"
    if kind.startswith("response."):  # D3
        return "responses"
    if any(key in payload for key in ("candidates", "usageMetadata", "promptFeedback")):  # D4
        return "gemini"
    return "cohere" if kind in COHERE_TYPES else None


def find_dialect(items: list[Item]) -> str | None:
    """The dialect of a whole body; "foreign" when N1 applies to it."""
    payloads = []
    for item in items:
        if item.event is None or item.value.strip() == "":
            continue
        if item.value.strip() == "[DONE]":  # D7
            break
        payloads.append((item, parse(item.value)))
    for _, payload in payloads:
        decided = decides(payload)
        if decided is not None:
            return decided
    if any(isinstance(payload, dict) and isinstance(payload.get("choices"), list) for _, payload in payloads):  # D1
        return "openai"
    # N1 and N2. Choice: data which is not JSON, and JSON which is no object, are foreign; so is a ping.
    foreign = any(not list(payload_errors(item, payload)) for item, payload in payloads)
    return "foreign" if foreign else None


# Errors


def message_of(value: Json) -> str | None:
    """M(x) of E1."""
    if isinstance(value, str):
        return value
    for key in ("message", "error", "detail", "details", "error_message"):
        inner = members(value).get(key)
        found = message_of(inner) if isinstance(inner, (str, dict)) else None
        if found is not None:
            return found
    return None


def object_error(payload: dict[str, Json], event: str | None) -> tuple[str | None] | None:
    """E1: the message of an error payload in a tuple, or None if it is no error."""
    error = payload.get("error")
    if error and isinstance(error, (str, dict)):  # 1
        return (message_of(error),)
    for choice in objects(payload.get("choices")):  # 2. Choice: any choice, not only the first.
        if choice.get("error"):
            return (message_of(choice["error"]),)
    if event == "error" or payload.get("type") == "error" or payload.get("object") == "error":  # 3, 4
        return (message_of(payload),)
    if payload.get("error_type") or payload.get("error_message"):  # 5
        text = payload.get("error_message")
        return (text if isinstance(text, str) else None,)
    if payload.get("success") is False:  # 6
        return (message_of(payload),)
    base = members(payload.get("base_resp"))
    if base.get("status_code"):  # 7
        text = base.get("status_msg")
        return (text if isinstance(text, str) else None,)
    groq = members(payload.get("x_groq")).get("error")
    if groq:  # 8
        return (message_of(groq),)
    shapes = ("choices", "candidates", "type", "object", "event_type")
    if payload.get("detail") and not any(key in payload for key in shapes):  # 9
        return (message_of(payload),)
    return None


def payload_errors(item: Item, payload: Json) -> Iterator[str | None]:
    """The messages of the errors that one dispatched event reports (E1, E12, and the exception of F6)."""
    if payload is NOT_JSON:
        if item.event == "error":
            yield item.value
        return
    # Choice: JSON which is neither object nor list is ignored in an event named error, too (F6).
    for element in objects(payload if isinstance(payload, list) else [payload]):  # E12
        found = object_error(element, item.event)
        if found is not None:
            yield found[0]


def field_error(value: str) -> str | None:
    """F3: the message of an `error:` field; of one that is no JSON the value itself (Choice)."""
    payload = parse(value)
    return value if payload is NOT_JSON else message_of(payload)


def unframed_error(body: bytes) -> str | None:
    """F4: what a body that is no SSE says, if it says it in JSON."""
    payload = parse("\n".join(read_lines(body)))
    for element in payload if isinstance(payload, list) else [payload]:
        # Choices: M(body) also where no rule of E1 calls it an error: {"message": ...} in a 4xx body; and an empty M is
        # none.
        found = object_error(element, None) if isinstance(element, dict) else None
        message = (found[0] if found else None) or message_of(element)
        if message:
            return message
    return None


# Usage

CACHED = (
    "prompt_tokens_details.cached_tokens",
    "cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "input_tokens_details.cached_tokens",
)
CACHE_WRITE = (
    "prompt_tokens_details.cache_write_tokens",
    "input_tokens_details.cache_write_tokens",
    "cache_creation_input_tokens",
)
REASONING = (
    "completion_tokens_details.reasoning_tokens",
    "reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "output_tokens_details.thinking_tokens",
)
COMMON_FIELDS = (
    "prompt_tokens",
    "input_tokens",
    "completion_tokens",
    "output_tokens",
    *CACHED,
    *CACHE_WRITE,
    *REASONING,
)
GEMINI_FIELDS = (
    "promptTokenCount",
    "toolUsePromptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "cachedContentTokenCount",
)


def pick(usage: Json, paths: tuple[str, ...]) -> dict[str, int]:
    """The integers of one usage object, by path."""
    found = {}
    for path in paths:
        value = usage
        for key in path.split("."):
            value = members(value).get(key)
        number = integer(value)
        if number is not None:
            found[path] = number
    return found


def pick_cohere(usage: Json) -> dict[str, int]:
    """U4."""
    tokens = members(usage).get("tokens")
    pair = pick(tokens, ("input_tokens", "output_tokens"))
    pair = pair or pick(members(usage).get("billed_units"), ("input_tokens", "output_tokens"))
    cached = pick(usage, ("cached_tokens",)) or pick(tokens, ("cached_tokens",))
    return pair | cached | pick(tokens, ("reasoning_tokens",))


# Reading


class Call:
    """A tool call being read."""

    def __init__(self, id: str, name: str) -> None:
        self.id = id
        self.name = name
        self.arguments = ""
        self.open: dict[str, Json] | None = None  # C6: the object that partialArgs build
        self.continued: set[tuple[str | int, ...]] = set()  # C6: the paths whose last value said willContinue
        self.over = False  # it is known whether it is whole: see `Reading.settle`


class Reading:
    """The state of one body under one dialect."""

    def __init__(self, dialect: str | None) -> None:
        self.dialect = dialect
        self.text = self.reasoning = self.refusal = ""
        self.calls: list[Call] = []
        self.closed: list[Call] = []  # by the provider, while nothing has come yet that says whether a limit cut them
        self.slots: dict[Json, Call] = {}  # an index, or what else names a call, to the call last used there
        self.inputs: dict[Json, Json] = {}  # C4: the inputs of Anthropic's open tool blocks
        self.finish: tuple[str, str] | None = None
        self.raw_usage: dict[str, int] = {}
        self.errors: list[tuple[str, str | None]] = []
        self.position = 0
        self.error_at: int | None = None
        self.end_at: int | None = None
        self.failed = self.terminal = self.over = False

    # What all dialects share

    def report(self, kind: str, message: str | None) -> None:
        if (kind, message) not in self.errors:  # E1: listed once
            self.errors.append((kind, message))
        if kind == "provider":
            self.error_at = self.position

    def end(self) -> None:
        self.end_at = self.position

    def finished(self, raw: Json, unified: str | None = None) -> None:
        """X0, X1, S1: a finish word of choice 0."""
        if not string(raw):
            return
        self.settle()
        words = {word: meaning for meaning, line in FINISH_WORDS.items() for word in line.split()}
        self.finish = (unified or words.get(raw.lower(), "other"), raw)
        if self.finish[0] != "error":
            self.end()

    def used(self, fields: dict[str, int]) -> None:
        """U1: the last integer wins, but zeros alone never take the place of numbers."""
        if any(fields.values()) or not any(self.raw_usage.values()):
            self.raw_usage |= fields

    def settle(self) -> None:
        """Choice: what comes for a call after it is known whether it is whole is lost: nothing is taken back."""
        for call in self.closed:
            call.over = True
        self.closed = []

    def new_call(self, id: str, name: str) -> Call:
        self.calls.append(Call(id, name))
        return self.calls[-1]

    # The body

    def read(self, items: list[Item]) -> None:
        for self.position, item in enumerate(items):
            if self.over:  # F8
                return
            if item.event is None:
                self.report("provider", field_error(item.value))
            elif item.value.strip() == "[DONE]":  # F5
                if self.dialect in ("openai", "cohere", None):
                    self.terminal = self.over = True
            elif item.value.strip() != "":
                self.read_payload(item, parse(item.value))

    def read_payload(self, item: Item, payload: Json) -> None:
        for message in payload_errors(item, payload):
            self.report("provider", message)
        if payload is NOT_JSON and item.event != "error":
            self.report("malformed_json", None)  # F6
        if isinstance(payload, dict) and self.dialect is not None:  # E2
            getattr(self, f"read_{self.dialect}")(payload)

    # Chat Completions

    def read_openai(self, payload: dict[str, Json]) -> None:
        choices = [choice for choice in objects(payload.get("choices")) if is_first(choice)]
        for choice in choices:
            if choice.get("delta") is None and choice.get("message") is None:  # D0
                self.text += string(choice.get("text"))
            self.read_part(members(choice.get("delta")))
            self.read_snapshot(members(choice.get("message")))
            self.finished(choice.get("finish_reason"))
        places = [payload.get("usage"), members(payload.get("x_groq")).get("usage")]
        for choice in reversed(choices):  # Choice: of two choices 0 in one payload the later beats the earlier.
            places += [choice.get("usage"), members(choice.get("delta")).get("usage")]
            places += [members(choice.get("message")).get("usage")]
        for usage in reversed(places):  # U2: in one payload the earlier beats the later
            self.used(pick(usage, COMMON_FIELDS))

    def read_part(self, delta: dict[str, Json]) -> None:
        text, reasoning = openai_text(delta)
        self.text += text
        self.reasoning += reasoning
        self.refusal += string(delta.get("refusal"))
        self.read_calls(delta)

    def read_snapshot(self, message: dict[str, Json]) -> None:
        """T4: a field that is still empty is filled from it."""
        text, reasoning = openai_text(message)
        self.text = self.text or text
        self.reasoning = self.reasoning or reasoning
        self.refusal = self.refusal or string(message.get("refusal"))
        if not self.calls:
            self.read_calls(message)

    def read_calls(self, delta: dict[str, Json]) -> None:
        for fragment in objects(delta.get("tool_calls")):
            function = fragment.get("function") or fragment.get("custom")
            self.read_call(integer(fragment.get("index")), string(fragment.get("id")), members(function))
        if isinstance(delta.get("function_call"), dict):  # C2
            self.read_call("legacy", "", delta["function_call"])

    def read_call(self, index: int | str | None, id: str, function: dict[str, Json]) -> None:
        """C1."""
        name = string(function.get("name"))
        known = [call for call in self.calls if id and call.id == id]
        if known:  # a. Choice: a call is known by the id it has, not by ids that were ignored later.
            call = known[0]
        elif index is not None and index in self.slots:  # b
            call = self.new_call(id, name) if id and name else self.slots[index]
        elif index is not None or name or not self.calls:  # c, d
            call = self.new_call(id, name)
        else:  # d. Choice: the latest call is the one that began last.
            call = self.calls[-1]
        if index is not None:
            self.slots[index] = call
        call.id = call.id or id
        call.name = call.name or name
        value = function.get("arguments")
        call.arguments += arguments_text(function.get("input") if value is None else value)  # C1, C2

    # Anthropic

    def read_anthropic(self, payload: dict[str, Json]) -> None:
        kind = payload.get("type")
        index = integer(payload.get("index"))
        self.used(pick(members(payload.get("message")).get("usage"), COMMON_FIELDS))  # U2
        self.used(pick(payload.get("usage"), COMMON_FIELDS))
        if kind == "content_block_start":
            self.open_block(index, members(payload.get("content_block")))
        elif kind == "content_block_delta":
            delta = members(payload.get("delta"))
            if delta.get("type") == "text_delta":  # T5
                self.text += string(delta.get("text"))
            elif delta.get("type") == "thinking_delta":
                self.reasoning += string(delta.get("thinking"))
            elif delta.get("type") == "input_json_delta" and index in self.slots:  # C4
                self.slots[index].arguments += string(delta.get("partial_json"))
        elif kind == "content_block_stop":
            self.close_block(index)
        elif kind == "message_delta":
            self.finished(members(payload.get("delta")).get("stop_reason"))  # X4
        elif kind == "message_stop":
            self.end()
            self.terminal = self.over = True  # S2, F8

    def open_block(self, index: int | None, block: dict[str, Json]) -> None:
        """Choice: a block that starts at the index of an open one leaves that one as it is, without a stop."""
        self.slots.pop(index, None)
        if block.get("type") == "text":
            self.text += string(block.get("text"))
        elif block.get("type") == "thinking":
            self.reasoning += string(block.get("thinking"))
        elif block.get("type") == "tool_use":
            self.slots[index] = self.new_call(string(block.get("id")), string(block.get("name")))
            self.inputs[index] = block.get("input")

    def close_block(self, index: int | None) -> None:
        """C4. Choice: a missing or null input is "{}"; fragments after the stop are for no block."""
        call = self.slots.pop(index, None)
        if call is not None and call.arguments == "":
            given = self.inputs[index]
            call.arguments = "{}" if given is None else compact(given)

    # OpenAI Responses

    def read_responses(self, payload: dict[str, Json]) -> None:
        kind = string(payload.get("type"))
        response = members(payload.get("response"))
        self.used(pick(response.get("usage"), COMMON_FIELDS))  # U2
        delta = string(payload.get("delta"))
        if kind == "response.output_text.delta":  # T6
            self.text += delta
        elif kind == "response.refusal.delta":
            self.refusal += delta
        elif kind in ("response.reasoning_summary_text.delta", "response.reasoning_text.delta"):
            self.reasoning += delta
        elif kind in ("response.output_item.added", "response.output_item.done"):
            item = members(payload.get("item"))
            if kind == "response.output_item.added":
                self.settle()
            self.read_item(item_key(payload, item.get("id")), item, done=kind == "response.output_item.done")
        elif kind in ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta"):
            call = self.slots.get(item_key(payload, payload.get("item_id")))
            if call is not None and not call.over:
                call.arguments += delta
        elif kind in ("response.function_call_arguments.done", "response.custom_tool_call_input.done"):
            call = self.slots.get(item_key(payload, payload.get("item_id")))
            if call is not None and not call.over:
                call.arguments = call.arguments or item_arguments(payload)
        elif kind in TERMINAL_RESPONSES:
            self.read_output(objects(response.get("output")))
            self.close_response(kind, response)

    def read_item(self, key: Json, item: dict[str, Json], *, done: bool) -> None:
        """C5. Choices: an item announced twice is one call; its call_id and name fill in if still empty."""
        if item.get("type") not in ("function_call", "custom_tool_call"):
            return
        if key not in self.slots:
            self.slots[key] = self.new_call("", "")
        call = self.slots[key]
        if call.over:
            return
        call.id = call.id or string(item.get("call_id"))
        call.name = call.name or string(item.get("name"))
        call.arguments = call.arguments or item_arguments(item)
        if done:
            call.over = string(item.get("status")) != ""
            self.closed.append(call)

    def read_output(self, output: list[dict[str, Json]]) -> None:
        """T6, C5: a terminal event fills what is still empty. Choice: a reasoning item's summary, then its content."""
        text = reasoning = refusal = ""
        for item in output:
            for part in objects(item.get("summary")) * (item.get("type") == "reasoning"):
                reasoning += string(part.get("text"))
            for part in objects(item.get("content")):
                if item.get("type") == "reasoning":
                    reasoning += string(part.get("text"))
                elif part.get("type") == "output_text":
                    text += string(part.get("text"))
                elif part.get("type") == "refusal":
                    refusal += string(part.get("refusal"))
        self.text = self.text or text
        self.reasoning = self.reasoning or reasoning
        self.refusal = self.refusal or refusal
        if not self.calls:
            for position, item in enumerate(output):
                self.read_item(("output", position), item, done=True)

    def close_response(self, kind: str, response: dict[str, Json]) -> None:
        self.over = True  # F8
        if kind == "response.completed":
            self.finished("completed")  # X2
        elif kind == "response.incomplete":
            self.finished(string(members(response.get("incomplete_details")).get("reason")) or "incomplete")
        else:
            self.finished("failed")
            self.failed = True
            error = response.get("error")
            if error and isinstance(error, (str, dict)):  # E3. Choice: a bare string counts as an error object.
                self.report("provider", message_of(error))
            elif not any(listed == "provider" for listed, _ in self.errors):
                self.report("provider", None)
            return
        self.end()
        self.terminal = True

    # Gemini

    def read_gemini(self, payload: dict[str, Json]) -> None:
        self.used(pick(payload.get("usageMetadata"), GEMINI_FIELDS))
        for candidate in objects(payload.get("candidates")):
            if is_first(candidate):
                for part in objects(members(candidate.get("content")).get("parts")):
                    self.read_gemini_part(part)
                if string(candidate.get("finishReason")):
                    self.finished(candidate["finishReason"])
                    self.terminal = True  # S2
        blocked = string(members(payload.get("promptFeedback")).get("blockReason"))
        if blocked:  # X3. Choice: in one payload it comes after the candidates.
            self.finished(blocked, "content_filter")
            self.terminal = True

    def read_gemini_part(self, part: dict[str, Json]) -> None:
        if part.get("thought") is True:  # T7
            self.reasoning += string(part.get("text"))
        else:
            self.text += string(part.get("text"))
        if isinstance(part.get("functionCall"), dict):
            self.read_gemini_call(part["functionCall"])

    def read_gemini_call(self, function: dict[str, Json]) -> None:
        """C6. Choices: a nameless functionCall without an open call is nothing; partialArgs in a named one count."""
        name = string(function.get("name"))
        call = self.slots.get("open")
        goes_on = function.get("willContinue") is True
        if name:
            self.slots.pop("open", None)
            call = self.new_call(string(function.get("id")), name)
            if not goes_on and not objects(function.get("partialArgs")):
                given = function.get("args")
                call.arguments = "{}" if given is None else compact(given)
                return
            call.open = dict(members(function.get("args")))
            self.slots["open"] = call
        if call is None or call.open is None:
            return
        for partial in objects(function.get("partialArgs")):
            set_partial(call, call.open, partial)
        call.arguments = compact(call.open)
        if not goes_on:
            self.slots.pop("open", None)

    # Cohere

    def read_cohere(self, payload: dict[str, Json]) -> None:
        kind = payload.get("type")
        delta = members(payload.get("delta"))
        message = members(delta.get("message"))
        index = integer(payload.get("index"))
        calls = message.get("tool_calls")
        call = (objects(calls) or [{}])[0] if isinstance(calls, list) else members(calls)  # C7
        function = members(call.get("function"))
        self.used(pick_cohere(delta.get("usage")))
        if kind == "content-start" or (kind == "message-end" and delta.get("error")):
            self.settle()
        if kind in ("content-start", "content-delta"):  # T8
            content = members(message.get("content"))
            self.text += string(content.get("text"))
            self.reasoning += string(content.get("thinking"))
        elif kind == "tool-plan-delta":
            self.reasoning += string(message.get("tool_plan"))
        elif kind == "tool-call-start":
            self.settle()
            self.slots[index] = self.new_call(string(call.get("id")), string(function.get("name")))
            self.slots[index].arguments = arguments_text(function.get("arguments"))
        elif kind == "tool-call-delta" and index in self.slots and not self.slots[index].over:
            self.slots[index].arguments += arguments_text(function.get("arguments"))
        elif kind == "tool-call-end" and index in self.slots:
            self.closed.append(self.slots[index])
        elif kind == "message-end":
            self.finished(delta.get("finish_reason"))  # X4
            if delta.get("error"):  # E3
                self.report("provider", message_of(delta["error"]))

    # The summary

    def status(self) -> str:
        if self.failed or (self.error_at is not None and (self.end_at is None or self.end_at <= self.error_at)):
            return "error"  # S1
        if self.terminal:
            return "complete"  # S2
        return "finished" if self.finish else "truncated"  # S3, S4

    def usage(self) -> dict[str, int | None]:
        """U1, U3: the sums are made at the end, from the merged fields."""
        raw = self.raw_usage
        if self.dialect == "gemini":
            # Choice: a sum is of what is there, and null if nothing is.
            return {
                "prompt": total(raw, "promptTokenCount", "toolUsePromptTokenCount"),
                "completion": total(raw, "candidatesTokenCount", "thoughtsTokenCount"),
                "cached": raw.get("cachedContentTokenCount"),
                "cache_write": None,
                "reasoning": raw.get("thoughtsTokenCount"),
            }
        prompt = first(raw, "prompt_tokens", "input_tokens")
        if self.dialect == "anthropic":
            prompt = raw.get("input_tokens")
            if prompt is not None:
                prompt += raw.get("cache_read_input_tokens", 0) + raw.get("cache_creation_input_tokens", 0)
        return {
            "prompt": prompt,
            "completion": first(raw, "completion_tokens", "output_tokens"),
            "cached": first(raw, *CACHED),
            "cache_write": first(raw, *CACHE_WRITE),
            "reasoning": first(raw, *REASONING),
        }

    def summary(self, events: int) -> Summary:
        finish, finish_raw = self.finish or (None, None)
        return {
            "dialect": self.dialect,
            "text": self.text,
            "reasoning": self.reasoning,
            "refusal": self.refusal,
            "tool_calls": [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in self.calls],
            "finish": "tool_calls" if finish == "stop" and self.calls else finish,  # X1
            "finish_raw": finish_raw,
            "usage": self.usage(),
            "errors": [{"kind": kind, "message": message} for kind, message in self.errors],
            "status": self.status(),
            "events": events,
        }


def openai_text(delta: dict[str, Json]) -> tuple[str, str]:
    """T2, T3: the text and the reasoning of one delta or message."""
    content = delta.get("content")
    text = string(content)
    thinking = ""
    for part in content if isinstance(content, list) else []:
        if isinstance(part, str):
            text += part
        elif members(part).get("type") == "text":
            text += string(part.get("text"))
        elif members(part).get("type") == "thinking":
            thought = part.get("thinking")
            thinking += string(thought) + "".join(string(piece.get("text")) for piece in objects(thought))
    details = "".join(
        string(detail.get("text")) or string(detail.get("summary"))
        for detail in objects(delta.get("reasoning_details"))
    )
    sources = string(delta.get("reasoning_content")), string(delta.get("reasoning")), details, thinking
    return text, next(filter(None, sources), "")


def item_key(payload: dict[str, Json], item_id: Json) -> Json:
    """C5: the output index, else the item's id."""
    index = integer(payload.get("output_index"))
    return string(item_id) if index is None else index


def item_arguments(item: dict[str, Json]) -> str:
    return arguments_text(item.get("arguments")) or arguments_text(item.get("input"))


def set_partial(call: Call, root: dict[str, Json], partial: dict[str, Json]) -> None:
    """C6: one of Vertex's partialArgs. Choice: a path that cannot be followed is ignored."""
    path = string(partial.get("jsonPath"))
    step_of = r"""\.([^.\[\]]+)|\[(\d+)\]|\[['"](.*?)['"]\]"""
    if not re.fullmatch(rf"\$(?:{step_of})+", path):
        return
    steps: list[str | int] = [
        int(number) if number else quoted or name for name, number, quoted in re.findall(step_of, path)
    ]
    values = [partial[key] for key in ("stringValue", "numberValue", "boolValue") if key in partial]
    if not steps or not (values or "nullValue" in partial):
        return
    value = values[0] if values else None
    node: Json = root
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step, int) and isinstance(node, list):
            node.extend([None] * (step + 1 - len(node)))
        elif isinstance(step, int) or not isinstance(node, dict):
            return
        old = node[step] if isinstance(step, int) else node.get(step)
        if following is not None:
            new: Json = old if isinstance(old, (dict, list)) else [] if isinstance(following, int) else {}
        elif isinstance(value, str) and isinstance(old, str) and tuple(steps) in call.continued:
            new = old + value
        else:
            new = value
        node[step] = new
        node = new
    call.continued.discard(tuple(steps))
    if partial.get("willContinue") is True:
        call.continued.add(tuple(steps))


def total(raw: dict[str, int], *paths: str) -> int | None:
    found = [raw[path] for path in paths if path in raw]
    return sum(found) if found else None


def first(raw: dict[str, int], *paths: str) -> int | None:
    return next((raw[path] for path in paths if path in raw), None)


def summarize(body: bytes, payload_only: bool = False) -> Summary:
    """What the stream in `body` must yield; see the rules that come with the recorded streams.

    Args:
        body: The whole body of the response.
        payload_only: It is one JSON payload a line, without any framing (F2).
    """
    items = [Item("message", line) for line in read_lines(body) if line.strip()] if payload_only else frame(body)
    if not payload_only and not is_sse(body):
        nothing = Reading(None).summary(0)
        return nothing | {"errors": [{"kind": "not_sse", "message": unframed_error(body)}], "status": "error"}
    dialect = find_dialect(items)
    if dialect == "foreign":
        return dict.fromkeys(KEYS)
    reading = Reading(dialect)
    reading.read(items)
    return reading.summary(sum(item.event is not None for item in items))
