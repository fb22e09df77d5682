"""The decorator that tells mypyc how to compile a class. Without mypyc it does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr as mypyc_attr  # noqa: PLC0414 - so it is exported
else:

    def mypyc_attr(**_attributes):  # noqa: ANN003, ANN202 - the types are those above
        """Return a decorator that returns the class as it is."""
        return lambda kind: kind
