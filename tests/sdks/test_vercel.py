"""Vercel's AI SDK reads every dialect with its providers, and `ui` with its reader: ``pytest --sdks --node DIR``.

All streams are read by one node process, so that the suite takes seconds.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sse_events.chat import ToolCallEnd
from sse_events.testing import encode_turn
from tests.sdks.expected import expected, fails
from tests.sdks.scenarios import SCENARIOS, Scenario, name

SCRIPT = Path(__file__).with_name("vercel.mjs")
PACKAGES = [
    "ai",
    "@anthropic-ai/sdk",
    *(f"@ai-sdk/{name}" for name in ("openai", "openai-compatible", "anthropic", "google", "cohere")),
]
# Each reader, and the dialect that it reads.
READERS = {
    "openai": "openai",
    "openai-compatible": "openai",
    "responses": "responses",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "cohere": "cohere",
    "ui": "ui",
}
MIXES_CHOICES = {"openai", "openai-compatible", "gemini"}
FINISH_WORDS = {"stop": "stop", "length": "length", "tool_calls": "tool-calls", "content_filter": "content-filter"}


def run(folder: Path, bodies: list[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """What the readers return for the bodies."""
    asked = json.dumps([(reader, base64.b64encode(body).decode()) for reader, body in bodies])
    shutil.copy(SCRIPT, folder)
    process = subprocess.run(
        ["node", SCRIPT.name], input=asked, cwd=folder, capture_output=True, check=True, text=True, timeout=120
    )
    seen: list[dict[str, Any]] = json.loads(process.stdout)
    return seen


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder with the packages; they are installed if they are not there."""
    folder: Path = request.config.getoption("node")
    if not all((folder / "node_modules" / package).is_dir() for package in PACKAGES):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}")
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", *PACKAGES]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=600)
    return folder


@pytest.fixture(scope="module")
def seen(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """What each reader returns for each scenario."""
    rows = [(reader, scenario) for reader in READERS for scenario in SCENARIOS]
    found = run(folder, [(reader, encode_turn(READERS[reader], scenario.events)) for reader, scenario in rows])
    return {(reader, scenario.name): read for (reader, scenario), read in zip(rows, found, strict=True)}


# What the SDK cannot read, however it is written.
UNREADABLE = {
    ("openai", "custom call"),  # "Type validation failed": its schema has no custom calls
    ("openai-compatible", "custom call"),
    ("cohere", "arguments that do not parse"),  # it parses at tool-call-end, and throws
    ("cohere", "arguments with something after them"),
}


def readable(scenario: Scenario, reader: str) -> bool:
    mixed = scenario.name == "three choices" and reader in MIXES_CHOICES
    return not fails(scenario, READERS[reader]) and (reader, scenario.name) not in UNREADABLE and not mixed


@pytest.mark.parametrize(
    ("reader", "scenario"),
    [(reader, scenario) for reader in READERS for scenario in SCENARIOS if readable(scenario, reader)],
    ids=name,
)
class TestWhole:
    def test_text_and_reasoning(self, seen, reader, scenario):
        read, message = seen[reader, scenario.name], scenario.message
        assert read["text"] == message.text + message.refusal
        if reader != "openai":  # OpenAI's own chat models stream no reasoning, so their provider reads none
            assert read["reasoning"] == message.reasoning
        assert read["errors"] == []

    def test_finish_and_usage(self, seen, reader, scenario):
        read = seen[reader, scenario.name]
        if "refusal" in scenario.name and reader in ("openai", "openai-compatible", "responses"):
            assert read["finish"] == "content-filter"  # the SDK's own word for a refusal
        elif scenario.malformed and reader == "gemini":
            assert read["finish"] == "error"
        else:
            assert read["finish"] == FINISH_WORDS[scenario.reason]
        if reader != "ui":
            assert tuple(read["usage"]) == (expected(scenario, READERS[reader]).usage or (None, None))

    def test_calls(self, seen, reader, scenario):
        """Whole calls are there with their ids and are run; calls that were cut are not run."""
        read = seen[reader, scenario.name]
        calls = expected(scenario, READERS[reader]).calls
        whole = [call for call in calls if not (isinstance(call.arguments, str) and call.name != "shell")]
        valid = [(id, name, arguments) for id, name, arguments, invalid in read["calls"] if not invalid]
        assert [(name, arguments) for _, name, arguments in valid] == [(c.name, c.arguments) for c in whole]
        assert all(known.id in ("", id) and id for (id, _, _), known in zip(valid, whole, strict=True))
        if reader != "ui":
            # The SDK runs no call of a turn that was cut.
            assert read["run"] == [[call.name, call.arguments] for call in whole if scenario.reason != "length"]


@pytest.mark.parametrize(
    ("reader", "scenario"),
    [(reader, scenario) for reader in READERS for scenario in SCENARIOS if fails(scenario, READERS[reader])],
    ids=name,
)
def test_failure_is_reported_and_nothing_is_run(seen, reader, scenario):
    read = seen[reader, scenario.name]
    assert read["errors"] if reader != "cohere" else read["finish"] == "error"
    assert read["finish"] in (None, "error")
    assert read["run"] == []
    # A call that was whole before the failure has been shown by then.
    whole = [event for event in scenario.events if isinstance(event, ToolCallEnd) and event.complete]
    assert [call[:2] for call in read["calls"] if not call[3]] == [[call.id, call.name] for call in whole]


def test_sources(seen):
    urls = ["https://pre", "https://a.b", "https://c.d"]
    for reader in ("openai", "responses", "anthropic", "gemini", "ui"):
        assert seen[reader, "citations"]["sources"] == urls


@pytest.mark.parametrize(("reader", "scenario"), UNREADABLE)
def test_what_the_sdk_cannot_read_is_an_error_there(seen, reader, scenario):
    assert seen[reader, scenario]["errors"]


def test_ui_message_has_its_parts(seen):
    """The reader of the front end puts the chunks together to a message."""
    parts = [part["type"] for part in seen["ui", "signed call"]["parts"]]
    assert parts == ["step-start", "reasoning", "dynamic-tool"] or parts[-1] == "tool-weather"
    assert [part.get("text") for part in seen["ui", "text"]["parts"]][-1] == "Hello wörld\r\n\u2028"


CHUNK = '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"tool_calls":[%s]},"finish_reason":null}]}'
BEGUN = '{"index":0,"id":"a","type":"function","function":{"name":"weather","arguments":%s}}'


@pytest.mark.parametrize(("arguments", "shown"), [("", {}), ('{"city":"Paris"}', {"city": "Paris"})])
def test_an_error_does_not_undo_a_call(folder, arguments, shown):
    """Why nothing of a call is written before it may be, and no fragment that completes a call that is not whole."""
    payloads = [CHUNK % (BEGUN % json.dumps(arguments)), '{"error":{"message":"down","type":"server_error"}}']
    bad = "".join(f"data: {payload}\n\n" for payload in payloads).encode()
    good = encode_turn("openai", next(s.events for s in SCENARIOS if s.name == "truncated in a call"))
    (bad_read, good_read) = run(folder, [("openai", bad), ("openai", good)])
    assert bad_read["errors"] and good_read["errors"]
    assert bad_read["calls"] == [["a", "weather", shown, False]]
    assert good_read["calls"] == []


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.fails], ids=name)
def test_anthropics_own_sdk_raises(folder, scenario):
    assert run(folder, [("anthropic-sdk", encode_turn("anthropic", scenario.events))])[0]["errors"] == ["APIError"]


def test_anthropics_own_sdk_reads(folder):
    whole = next(s for s in SCENARIOS if s.name == "two calls")
    (read,) = run(folder, [("anthropic-sdk", encode_turn("anthropic", whole.events))])
    assert read["errors"] == []
    assert (read["text"], read["finish"]) == ("ok", "tool_use")
    assert [call[:3] for call in read["calls"]] == [
        ["call_a", "weather", {"city": "Paris"}],
        ["call_b", "sum", {"n": [1, 2]}],
    ]


def test_forms_that_the_sdk_refuses(folder):
    """Forms that other gateways write, and why the encoder does not write them."""

    def written(dialect: str, wanted: str) -> bytes:
        return encode_turn(dialect, next(s.events for s in SCENARIOS if s.name == wanted))

    cut = written("cohere", "length in a call")
    ended = cut.replace(
        b"event: message-end", b'event: tool-call-end\ndata: {"type":"tool-call-end","index":0}\n\nevent: message-end'
    )
    no_tokens = written("cohere", "text").replace(b'"tokens":', b'"other":')
    no_title = written("anthropic", "citations").replace(b'"title":"Pre"', b'"title":null')
    # A connection that closes properly in the middle, as other gateways pass it on: the call is shown as ready to run.
    silent = written("openai", "two calls").partition(b'{"index":1')[0].rpartition(b"data: ")[0]
    crashes = run(folder, [("cohere", ended), ("cohere", no_tokens), ("anthropic", no_title), ("openai", silent)])
    assert "JSON parsing failed" in crashes[0]["errors"][0]
    assert "Type validation failed" in crashes[1]["errors"][0]
    assert "Type validation failed" in crashes[2]["errors"][0]
    assert crashes[3]["calls"] == [["call_a", "weather", {"city": "Paris"}, False]]
    assert crashes[3]["errors"] == []
    goods = run(
        folder,
        [("cohere", cut), ("cohere", written("cohere", "text")), ("anthropic", written("anthropic", "citations"))],
    )
    assert [good["errors"] for good in goods] == [[], [], []]
