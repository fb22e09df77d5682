"""What mypyc is told where a module is compiled; it says nothing where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr as mypyc_attr  # noqa: PLC0414 - so it is exported
else:

    def mypyc_attr(**_attributes):  # noqa: ANN003, ANN202 - the types are those above
        """A decorator that leaves its class alone."""
        return lambda kind: kind
