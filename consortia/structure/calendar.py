"""Who works when: effort spread over the periods of the project, within each partner's capacity in each."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Linear, Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Calendar:
    """The effort of a delivery is spread over periods from the capability's start to its end, within capacities."""

    def post(self, columns: Columns) -> None:
        """Add that the parts of an arc add up to its effort, and the capacity of each partner in each period."""
        instance = columns.instance
        if not instance.periods:
            return
        tag = Tag("period", source="periods")
        for arc in np.unique(columns.spread_arc).tolist():
            parts = columns.spread[columns.spread_arc == arc]
            columns.program.add_row(tag, Linear(parts) - columns.work(np.array([arc])), 0, 0)
        partners = instance.arc_partner[columns.spread_arc]
        for partner, period in np.argwhere(instance.period_capacity >= 0).tolist():
            parts = columns.spread[(partners == partner) & (columns.spread_period == period)]
            if len(parts):
                limit = int(instance.period_capacity[partner, period])
                columns.at_most(tag, Linear(parts) - Linear([columns.member[partner]], limit), 0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Add the spread efforts up by delivery, and by partner and period."""
        if not instance.periods:
            return []
        found = []
        by_period: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for delivery in consortium.deliveries:
            place = instance.capability_at[delivery.capability]
            allowed = instance.periods[int(instance.first_period[place]) : int(instance.last_period[place]) + 1]
            names = {"partner": delivery.partner, "capability": delivery.capability}
            for period, effort in delivery.periods.items():
                by_period[delivery.partner, period] += effort
                if effort and period not in allowed:
                    text = "{partner} works on {capability} in {period}, outside its time"
                    found.append(Sentence(text, {**names, "period": period}))
                if effort < 0 or instance.steps(effort) is None:
                    text = (
                        "{partner} works {effort} person-months on {capability} in {period}, not whole steps of {step}"
                    )
                    found.append(Sentence(text, {**names, "effort": effort, "period": period, "step": instance.step}))
            spread = sum(delivery.periods.values(), Decimal(0))
            if spread != delivery.effort:
                text = "{partner} delivers {effort} person-months of {capability}, and its periods add up to {spread}"
                found.append(Sentence(text, {**names, "effort": delivery.effort, "spread": spread}))
        for (partner, period), effort in by_period.items():
            if period not in instance.periods:
                continue
            limit = int(instance.period_capacity[instance.partner_at[partner], instance.periods.index(period)])
            if limit >= 0 and effort > limit * instance.step:
                found.append(
                    say(
                        "{partner} works {effort} person-months in {period} and has {limit}",
                        partner=partner,
                        effort=effort,
                        period=period,
                        limit=instance.months(limit),
                    )
                )
        return found
