"""What the machines of the chat layer share: copying and pickling in the middle of a stream."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:
    from typing_extensions import Self


class State:
    """Base of the classes that hold the state of a stream. A copy shares nothing with its original."""

    __slots__ = ()

    def __copy__(self) -> Self:
        # A shallow copy would share the lists.
        return copy.deepcopy(self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # Protocols 0 and 1 refuse __slots__. They can write what protocol 2 makes.
        return super().__reduce_ex__(max(int(protocol), 2))
