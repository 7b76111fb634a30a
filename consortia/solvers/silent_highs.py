"""HiGHS that never writes, and how it gets a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE

_MIP = highspy.cb.HighsCallbackType.kCallbackMipInterrupt
_SIMPLEX = highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt


class SilentHighs(highspy.Highs):  # type: ignore[misc]
    """A HiGHS object that never writes: the banner comes with the first callback, before options can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the name is highspy's)
        self.setOptionValue("output_flag", False)
        # highspy's own dispatcher would keep this object alive for ever; who needs one sets it


def let_interrupt(solver: Any, over: Callable[[], bool], limit: float = np.inf) -> None:
    """Have HiGHS ask now and then whether to stop: `over` is true, or the bound of its tree is above `limit`.

    What it asks knows nothing of the solver, which so does not keep itself alive.
    """

    def ask(event: Any, message: str, seen: Any, answer: Any, data: Any) -> None:
        answer.user_interrupt = over() or (event == _MIP and seen.mip_dual_bound > limit)

    solver.setCallback(ask, None)
    for event in (_MIP, _SIMPLEX):
        solver.startCallback(event)


def pass_program(solver: Any, compiled: Compiled, offset: float = 0.0) -> None:
    """Give HiGHS a program without literals, all of whose columns are integers."""
    columns = len(compiled.lower)
    solver.passModel(
        columns,
        len(compiled.row_lower),
        len(compiled.data),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        offset,
        compiled.objective.astype(np.float64),
        compiled.lower.astype(np.float64),
        compiled.upper.astype(np.float64),
        np.where(compiled.row_lower == -INFINITE, -highspy.kHighsInf, compiled.row_lower),
        np.where(compiled.row_upper == INFINITE, highspy.kHighsInf, compiled.row_upper),
        compiled.indptr.astype(np.int32),
        compiled.indices.astype(np.int32),
        compiled.data.astype(np.float64),
        np.ones(columns, dtype=np.int32),
    )
