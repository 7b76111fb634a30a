"""Cluster fees: paid once for each cluster through which somebody enters whose membership is not paid already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.costs.lines import Line
from consortia.program import Linear

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class ClusterFees:
    """The fee of a cluster, due as soon as one member enters through it by a membership that is not paid."""

    name = "cluster fees"

    def post(self, columns: Columns) -> Linear:
        """Return fee times a literal that holds exactly when the fee is due."""
        instance = columns.instance
        terms = []
        for cluster in np.flatnonzero(instance.fee).tolist():
            due = columns.present((instance.seat_cluster == cluster) & ~instance.seat_paid)
            if due is not None:
                terms.append(Linear([due], [int(instance.fee[cluster])]))
        return Linear.total(terms)

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        """Return a line for each cluster that is owed its fee."""
        owed = {
            cluster
            for partner, cluster in consortium.members.items()
            if cluster is not None and not instance.seat_paid[instance.seat_of(partner, cluster)]
        }
        fees = {cluster: int(instance.fee[instance.cluster_at[cluster]]) for cluster in sorted(owed)}
        return [Line("cluster fee", cluster, fee) for cluster, fee in fees.items() if fee]
