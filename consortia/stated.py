"""What an outcome's JSON states, held against what is recomputed."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from consortia.consortium import Consortium, Delivery
from consortia.costs import Line
from consortia.errors import Problem, SpecError
from consortia.instance import Instance
from consortia.sentence import Sentence, say


def read_answer(answer: Any) -> tuple[Consortium, dict[str, Any] | None]:
    """Return the consortium of an answer, and the data it came from where it came from JSON.

    Parameters
    ----------
    answer : path, dict, Outcome or Consortium

    Raises
    ------
    SpecError
        If it cannot be read, has no consortium, or states a cost that is not a number.
    """
    if isinstance(answer, Consortium):
        return answer, None
    if not isinstance(answer, dict | str | Path):
        return answer.consortium or Consortium(), None
    file = "answer" if isinstance(answer, dict) else str(answer)
    data = answer if isinstance(answer, dict) else _read_json(Path(answer))
    try:
        return _consortium(data), data
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise SpecError(
            [
                Problem(
                    file,
                    "",
                    say("this is not an outcome of consortia: {error}", error=repr(error)),
                    say("Give a file written by: consortia solve PROJECT --format json -o FILE"),
                )
            ]
        ) from error


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise SpecError([Problem(str(path), "", say("cannot be read: {error}", error=error))]) from error


def _consortium(data: dict[str, Any]) -> Consortium:
    members = {}
    for member in data["members"]:
        if member["id"] in members:
            raise ValueError(f"the member {member['id']} is listed twice")
        members[str(member["id"])] = member.get("cluster")
        _amount(member.get("cost", 0))
    deliveries = []
    for entry in data["deliveries"]:
        deliveries.append(
            Delivery(
                str(entry["partner"]),
                str(entry["capability"]),
                str(entry["offer"]),
                _amount(entry["effort"]),
                {str(period): _amount(effort) for period, effort in entry.get("periods", {}).items()},
            )
        )
        _amount(entry.get("cost", 0))
    for line in data.get("shared", ()):
        _amount(line["cost"])
    undertaken = data.get("undertaken")
    return Consortium(
        members,
        tuple(deliveries),
        data.get("coordinator"),
        None if undertaken is None else frozenset(undertaken),
        data.get("leaders") or {},
    )


def _amount(value: Any) -> Decimal:
    amount = Decimal(str(value))
    if not amount.is_finite():
        raise ValueError(f"{value} is not a finite number")
    return amount


def wrong_statements(
    instance: Instance, consortium: Consortium, lines: tuple[Line, ...], data: dict[str, Any]
) -> list[Sentence]:
    """Say which costs, shared lines and representatives are stated wrongly."""
    found: list[Sentence] = []

    def compare(text: str, stated: Any, units: int, **names: Any) -> None:
        actual = instance.money(units)
        if stated is None or _amount(stated) != actual:
            found.append(Sentence(text, {"stated": stated, "actual": actual, **names}))

    compare("the cost is stated as {stated} and is {actual}", data.get("cost"), sum(line.cost for line in lines))
    for member in data["members"]:
        name = str(member["id"])
        own = sum(line.cost for line in lines if line.partner == name)
        text = "the own cost of {partner} is stated as {stated} and is {actual}"
        compare(text, member.get("cost"), own, partner=name)
    priced = {(line.partner, line.item): line.cost for line in lines if line.component == "delivery"}
    for entry in data["deliveries"]:
        key = (str(entry["partner"]), str(entry["capability"]))
        if key in priced:
            text = "the delivery of {capability} by {partner} is stated to cost {stated} and costs {actual}"
            compare(text, entry.get("cost"), priced[key], partner=key[0], capability=key[1])
    shared = {(line.component, line.item): line.cost for line in lines if line.partner is None}
    stated = {(line["component"], line["item"]): line["cost"] for line in data.get("shared", ())}
    for component, item in sorted({*shared, *stated}):
        text = "the shared line {component} {item} is stated as {stated} and is {actual}"
        compare(
            text,
            stated.get((component, item), 0),
            shared.get((component, item), 0),
            component=component,
            item=item,
        )
    if (
        data.get("bound") is not None
        and data.get("cost") is not None
        and _amount(data["bound"]) > _amount(data["cost"])
    ):
        found.append(say("the bound {bound} is above the cost {cost}", bound=data["bound"], cost=data["cost"]))
    for entry in data.get("representatives") or ():
        for name in entry["partners"]:
            if name not in consortium.members:
                found.append(say("the representative {partner} is not a member", partner=name))
    return found
