"""Why a solver did without a partner, in sentences: what reduction found of its member column."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from consortia.instance import Exclusion
from consortia.lazily import Lazily
from consortia.model import Model
from consortia.sentence import Sentence, listed, say

if TYPE_CHECKING:
    from consortia.solvers.contract import Reasons

_NAMED = 3
"""So many are named of those each of whom stands in by itself."""


class LeftOut(Lazily[Exclusion]):
    """Which partners were left out before the search, and why, told when somebody asks: there may be thousands.

    Some least-cost consortium does without all of them together.

    Parameters
    ----------
    model : Model
    reasons : Reasons
        Of the model's program.

    Examples
    --------
    In the order of partners:

    >>> from consortia.instance import Instance
    >>> from consortia.model import build
    >>> from consortia.solvers.reduction import reduce
    >>> question = Instance.from_arrays(
    ...     partners=["ada", "bor", "cid"], capabilities=2, joining=[3, 2, 1], holds=([0, 1, 1, 2], [0, 0, 1, 1])
    ... )
    >>> model = build(question)
    >>> for entry in LeftOut(model, reduce(model.program.compile())):
    ...     print(entry.partner, "-", entry.reason)
    ada - bor can do all that it can, at no more cost
    cid - nothing that is asked for needs it
    """

    def __init__(self, model: Model, reasons: Reasons) -> None:
        self._model, self._reasons = model, reasons

    @cached_property
    def _found(self) -> list[tuple[str, str, list[str | None]]]:
        """Each partner with the kind of reason, and who stands in; None for what is no member."""
        owner = dict(zip(self._model.columns.member.tolist(), self._model.instance.partners, strict=True))
        found = []
        for column, name in owner.items():
            reason = self._reasons.left_out(column)
            if reason is not None:
                found.append((name, reason[0], [owner.get(other) for other in reason[1]]))
        return found

    @cached_property
    def _all(self) -> tuple[Exclusion, ...]:
        return tuple(Exclusion(name, None, _sentence(why, others)) for name, why, others in self._found)

    def __getstate__(self) -> dict[str, Any]:
        """Travel as what was found, without the model."""
        return {"_found": self._found}


def _sentence(why: str, others: list[str | None]) -> Sentence:
    if why == "forced":
        return say("no consortium that obeys everything has it")
    if why == "dear":
        return say("every consortium with it costs more than one that is known or asked for")
    if why == "idle":
        return say("nothing that is asked for needs it")
    if None in others:  # what stands in is not a member
        return say("the same can be had without it, at no more cost")
    if len(others) == 1:
        return say("{other} can do all that it can, at no more cost", other=others[0])
    if why == "dominated":
        return say("each of {others} can do all that it can, at no more cost", others=listed(others[:_NAMED]))
    return say("{others} together can do all that it can, at no more cost", others=listed(others))
