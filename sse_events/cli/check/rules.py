"""All rules that `sse-events check` knows, by their names."""

from __future__ import annotations

from sse_events.cli.check.framing_rules import FRAMING
from sse_events.cli.check.payload_rules import PAYLOADS

RULES = FRAMING | PAYLOADS
