"""Pictures of a consortium, by name: each turns an outcome into a drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.drawing import Drawing
from consortia.report.plots.bars import by_cluster, by_component, by_country
from consortia.report.plots.heat import heat_map
from consortia.report.plots.network import network

Plot = Callable[[Outcome, Language], Drawing]
PLOTS: Mapping[str, Plot] = {
    "matrix": heat_map,
    "network": network,
    "components": by_component,
    "clusters": by_cluster,
    "countries": by_country,
}
"""Who supplies what; members, clusters and industries; cost by what is paid for, by cluster, by country."""


def plot(outcome: Outcome, kind: str, words: Language) -> Drawing:
    """Draw a picture of an outcome.

    Raises
    ------
    ValueError
        If there is no such picture, or no consortium to draw.
    """
    if kind not in PLOTS:
        raise ValueError(f"the pictures are {', '.join(PLOTS)}, not {kind!r}")
    if outcome.consortium is None:
        raise ValueError("there is no consortium, and so nothing to draw")
    return PLOTS[kind](outcome, words)
