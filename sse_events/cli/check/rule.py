"""One rule that `sse-events check` knows."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Severity: TypeAlias = Literal["error", "warning"]


class Rule(Struct, frozen=True):
    """One rule.

    Attributes:
        severity: ``error``: a part of the stream is lost or misread. ``warning``: some clients have trouble.
        says: The rule, as in the standard or in the provider's documentation.
        suffers: Who suffers when it is broken.
        mend: What the server has to do.
    """

    severity: Severity
    says: str
    suffers: str
    mend: str
