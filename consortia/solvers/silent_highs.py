"""HiGHS that never writes."""

from __future__ import annotations

import highspy


class SilentHighs(highspy.Highs):  # type: ignore[misc]
    """A HiGHS object that never writes: the banner comes with the first callback, before options can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the name is highspy's)
        self.setOptionValue("output_flag", False)
        # highspy's own dispatcher would keep this object alive for ever; who needs one sets it
