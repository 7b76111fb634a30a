"""An outcome as plain data, in the form of its JSON."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.outcome import FORMAT, Outcome
from consortia.report.funding import funding_data
from consortia.rules import Measure


def outcome_data(outcome: Outcome, prices: bool = False, excluded: bool = True) -> dict[str, Any]:
    """Return an outcome in the form of its JSON, with prices or without, with who was left out or without."""
    instance, consortium = outcome.instance, outcome.consortium
    own = outcome.own_costs()
    deliveries = consortium.deliveries if consortium else ()
    return {
        "format": FORMAT,
        "title": instance.title,
        "status": outcome.status.value,
        "proof": outcome.proof,
        "cost": number(outcome.cost),
        "bound": number(outcome.bound),
        "gap": None if outcome.gap is None else float(outcome.gap),
        "stopped": outcome.stopped,
        "currency": instance.currency or None,
        "budget": None if instance.budget is None else number(instance.money(instance.budget)),
        "seconds": round(outcome.seconds, 3),
        "solver": outcome.solver,
        "members": [
            {"id": partner, "cluster": cluster, "cost": number(own[partner])}
            for partner, cluster in (consortium.members.items() if consortium else ())
        ],
        "deliveries": [
            {
                "partner": delivery.partner,
                "capability": delivery.capability,
                "offer": delivery.offer,
                "effort": number(delivery.effort),
                "periods": {period: number(effort) for period, effort in delivery.periods.items()},
                "cost": number(instance.money(instance.delivery_cost(delivery))),
                "path": list(instance.paths.get((delivery.partner, delivery.capability, delivery.offer), ())),
            }
            for delivery in deliveries
        ],
        "shared": [
            {"component": line.component, "item": line.item, "cost": number(instance.money(line.cost))}
            for line in outcome.shared_lines()
        ],
        "discounts": [
            {"partner": line.partner, "item": line.item, "cost": number(instance.money(line.cost))}
            for line in outcome.lines
            if line.partner is not None and line.component == "discount"
        ],
        "funding": funding_data(outcome),
        "coordinator": consortium.coordinator if consortium else None,
        "leaders": dict(consortium.leaders) if consortium else {},
        "backups": [
            {
                "partner": backup.partner,
                "capability": backup.capability,
                "offer": backup.offer,
                "effort": number(backup.effort),
            }
            for backup in (consortium.backups if consortium else ())
        ],
        "undertaken": sorted(consortium.undertaken) if consortium and consortium.undertaken is not None else None,
        "representatives": [
            {"rule": str(rule.title()), "partners": list(named)} for rule, named in outcome.representatives()
        ],
        "rules": [
            {"rule": str(rule.title()), **_measure(measure)}
            for rule, measures in outcome.measures()
            for measure in (measures or [None])  # type: ignore[list-item]
        ],
        "objectives": [
            {
                "expression": stage.expression,
                "maximised": stage.maximised,
                "value": number(stage.value),
                "bound": number(stage.bound),
                "slack": number(stage.slack),
                "status": stage.status.value,
                "proof": stage.proof,
            }
            for stage in outcome.stages
        ],
        "changes": [str(sentence) for sentence in outcome.changes()],
        "prices": _prices(outcome) if prices else None,
        "conflict": None,
        "excluded": _excluded(outcome) if excluded else None,
        "notes": [str(note) for note in (*instance.notes, *outcome.notes)],
        "instance": instance.fingerprint(),
        "versions": dict(outcome.versions),
    }


def _excluded(outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {"partner": entry.partner, "capability": entry.capability, "by": by, "reason": str(entry.reason)}
        for by, entries in (("screening", outcome.instance.exclusions), ("presolve", outcome.left_out))
        for entry in entries
    ]


def _prices(outcome: Outcome) -> dict[str, Any] | None:
    found = outcome.prices
    if found is None:
        return None
    entries = [
        {
            "kind": price.kind,
            "name": str(price.name) if price.name else None,
            "per": price.per,
            "amount": number(price.amount),
        }
        for price in found.entries
    ]
    return {"bound": number(found.bound), "entries": entries}


def _measure(measure: Measure | None) -> dict[str, Any]:
    if measure is None:
        return dict.fromkeys(("what", "unit", "value", "sense", "limit", "slack"))
    return {
        "what": str(measure.what),
        "unit": measure.unit,
        "value": number(measure.value),
        "sense": "min" if measure.least else "max",
        "limit": number(measure.limit),
        "slack": number(measure.slack),
    }


def number(value: Decimal | Fraction | int | None) -> int | float | str | None:
    """Return a JSON number; a decimal that a double cannot hold exactly becomes text, a fraction is rounded.

    Examples
    --------
    >>> number(Decimal("12.50")), number(Decimal("3.00")), number(Decimal("0.12345678901234567890"))
    (12.5, 3, '0.12345678901234567890')
    """
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if value == value.to_integral_value():
        return int(value)
    inexact = float(value)
    return inexact if Decimal(repr(inexact)) == value else str(value)
