"""The ``sse-events`` command: one module for each subcommand, over shared input and output."""

from __future__ import annotations

from sse_events.cli.main import main

__all__ = ["main"]
