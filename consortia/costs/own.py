"""Own costs: what members cost by joining and by delivering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.costs.lines import Line
from consortia.program import Linear

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class OwnCosts:
    """Joining costs of members, and the fixed prices and rates of their deliveries."""

    name = "own costs"

    def post(self, columns: Columns) -> Linear:
        """Return joining cost times member, fixed price times delivers, rate times effort; discounts come apart."""
        instance = columns.instance
        everything = np.arange(len(instance.arc_partner))
        return Linear(columns.member, instance.joining) + columns.delivery_costs(everything)

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        """Return a line for each member that costs something to join, and one for each delivery."""
        found = []
        for partner in consortium.members:
            joining = int(instance.joining[instance.partner_at[partner]])
            if joining:
                found.append(Line("joining", partner, joining, partner))
        for delivery in consortium.deliveries:
            cost = instance.delivery_cost(delivery)
            found.append(Line("delivery", delivery.capability, cost, delivery.partner))
        return found
