"""Why a solver did without a partner, in sentences: what reduction found of its member column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consortia.instance import Exclusion
from consortia.model import Model
from consortia.sentence import Sentence, listed, say

if TYPE_CHECKING:
    from consortia.solvers.contract import Reasons

_NAMED = 3
"""So many are named of those each of whom stands in by itself."""


def left_out(model: Model, reasons: Reasons) -> tuple[Exclusion, ...]:
    """Say which partners were left out before the search, and why.

    Some least-cost consortium does without all of them together.

    Parameters
    ----------
    model : Model
    reasons : Reasons
        Of the model's program.

    Returns
    -------
    tuple of Exclusion
        In the order of partners.

    Examples
    --------
    >>> from consortia.instance import Instance
    >>> from consortia.model import build
    >>> from consortia.solvers.reduction import reduce
    >>> question = Instance.from_arrays(
    ...     partners=["ada", "bor", "cid"], capabilities=2, joining=[3, 2, 1], holds=([0, 1, 1, 2], [0, 0, 1, 1])
    ... )
    >>> model = build(question)
    >>> for entry in left_out(model, reduce(model.program.compile())):
    ...     print(entry.partner, "-", entry.reason)
    ada - bor can do all that it can, at no more cost
    cid - nothing that is asked for needs it
    """
    names, found = model.instance.partners, []
    owner = dict(zip(model.columns.member.tolist(), names, strict=True))
    for column, name in owner.items():
        reason = reasons.left_out(column)
        if reason is not None:
            others = [owner.get(other) for other in reason[1]]
            found.append(Exclusion(name, None, _sentence(reason[0], others)))
    return tuple(found)


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
