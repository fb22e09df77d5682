"""``python -m sse_events`` is the ``sse-events`` command."""

from __future__ import annotations

import sys

from sse_events.cli import main

sys.exit(main())
