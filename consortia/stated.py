"""What an outcome's JSON states, held against what is recomputed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from consortia.consortium import Backup, Consortium, Delivery
from consortia.costs import Line
from consortia.errors import Problem, SpecError
from consortia.instance import Instance
from consortia.rules import Representatives
from consortia.sentence import Sentence, say

LARGEST = 60  # digits of a stated amount; beyond them it is nonsense, and slow to compare


@dataclass(frozen=True)
class Statements:
    """What an outcome's JSON says of its consortium.

    Attributes
    ----------
    cost, bound : Decimal or None
    own : mapping of str to Decimal or None
        Own cost, by member.
    deliveries : tuple of (str, str, Decimal or None)
        Partner, capability and cost of each.
    shared : mapping of (str, str) to Decimal
        Cost by component and item.
    representatives : tuple of (str, tuple of str)
        Title of the rule, and those it names.
    twice : tuple of str
        Members that are listed more than once.
    currency : str or None
    budget : Decimal or None
    """

    cost: Decimal | None
    bound: Decimal | None
    own: Mapping[str, Decimal | None]
    deliveries: tuple[tuple[str, str, Decimal | None], ...]
    shared: Mapping[tuple[str, str], Decimal]
    representatives: tuple[tuple[str, tuple[str, ...]], ...]
    twice: tuple[str, ...] = ()
    currency: str | None = None
    budget: Decimal | None = None


def read_answer(answer: Any) -> tuple[Consortium, Statements | None]:
    """Return the consortium of an answer, and what is stated of it where it came from JSON.

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
        if not hasattr(answer, "consortium"):
            found = type(answer).__name__
            raise TypeError(f"an answer is a path, a dict, JSON text, an Outcome or a Consortium, not {found}")
        if answer.consortium is None:
            raise SpecError([_without_consortium("answer", answer.status)])
        return answer.consortium, None
    inline = isinstance(answer, dict) or (isinstance(answer, str) and answer.lstrip().startswith("{"))
    file = "answer" if inline else str(answer)
    data = answer if isinstance(answer, dict) else _parse(str(answer), file) if inline else _read_json(Path(answer))
    if isinstance(data, dict) and data.get("status") in ("infeasible", "unknown"):
        raise SpecError([_without_consortium(file, data["status"])])
    try:
        return _consortium(data), _statements(data)
    except KeyError as error:
        message = say("{key} is missing", key=error.args[0])
        raise SpecError([Problem(file, "", message, say("See docs/outcome.md for the keys of an outcome"))]) from error
    except (TypeError, ValueError, AttributeError, InvalidOperation) as error:
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


def _without_consortium(file: str, status: object) -> Problem:
    message = say("there is no consortium to check: the status is {status}", status=str(status))
    return Problem(file, "status", message)


def _read_json(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SpecError([Problem(str(path), "", say("cannot be read: {error}", error=error))]) from error
    return _parse(text, str(path))


def _parse(text: str, file: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise SpecError([Problem(file, "", say("cannot be read: {error}", error=error))]) from error


def _consortium(data: dict[str, Any]) -> Consortium:
    members: dict[str, str | None] = {}
    for member in data["members"]:
        members.setdefault(str(member["id"]), _name(member.get("cluster")))
    deliveries = [
        Delivery(
            str(entry["partner"]),
            str(entry["capability"]),
            str(entry["offer"]),
            _amount(entry["effort"]),
            {str(period): _amount(effort) for period, effort in (entry.get("periods") or {}).items()},
        )
        for entry in data["deliveries"]
    ]
    undertaken = data.get("undertaken")
    return Consortium(
        members,
        tuple(deliveries),
        _name(data.get("coordinator")),
        None if undertaken is None else frozenset(str(name) for name in undertaken),
        {str(package): str(leader) for package, leader in (data.get("leaders") or {}).items()},
        tuple(
            Backup(str(entry["partner"]), str(entry["capability"]), str(entry["offer"]), _amount(entry["effort"]))
            for entry in data.get("backups") or ()
        ),
    )


def _statements(data: dict[str, Any]) -> Statements:
    shared: dict[tuple[str, str], Decimal] = {}
    for line in data.get("shared", ()):
        key = (str(line["component"]), str(line["item"]))
        shared[key] = shared.get(key, Decimal(0)) + _amount(line["cost"])
    return Statements(
        cost=_stated(data, "cost"),
        bound=_stated(data, "bound"),
        own={str(member["id"]): _stated(member, "cost") for member in data["members"]},
        deliveries=tuple(
            (str(entry["partner"]), str(entry["capability"]), _stated(entry, "cost")) for entry in data["deliveries"]
        ),
        shared=shared,
        representatives=tuple(
            (str(entry.get("rule")), tuple(str(name) for name in entry["partners"]))
            for entry in data.get("representatives") or ()
        ),
        twice=tuple(
            name for name, times in Counter(str(member["id"]) for member in data["members"]).items() if times > 1
        ),
        currency=_name(data.get("currency")),
        budget=_stated(data, "budget"),
    )


def _stated(entry: dict[str, Any], key: str) -> Decimal | None:
    return None if entry.get(key) is None else _amount(entry[key])


def _name(value: Any) -> str | None:
    return None if value is None else str(value)


def _amount(value: Any) -> Decimal:
    amount = Decimal(str(value))
    if not amount.is_finite() or not -LARGEST < amount.adjusted() < LARGEST:
        raise ValueError(f"{value} is not a number within reason")
    return amount


def wrong_statements(
    instance: Instance, consortium: Consortium, lines: tuple[Line, ...], stated: Statements
) -> list[Sentence]:
    """Say which costs, shared lines and representatives are stated wrongly."""
    found = [say("{partner} is listed more than once among the members", partner=name) for name in stated.twice]
    if stated.currency is not None and stated.currency != instance.currency:
        found.append(
            say("the currency is stated as {stated} and is {actual}", stated=stated.currency, actual=instance.currency)
        )

    def compare(text: str, amount: Decimal | None, units: int, **names: Any) -> None:
        actual = instance.money(units)
        if amount != actual:
            found.append(Sentence(text, {"stated": amount, "actual": actual, **names}))

    compare("the cost is stated as {stated} and is {actual}", stated.cost, sum(line.cost for line in lines))
    for name, amount in stated.own.items():
        own = sum(line.cost for line in lines if line.partner == name)
        text = "the own cost of {partner} is stated as {stated} and is {actual}"
        compare(text, amount, own, partner=name)
    priced = {(line.partner, line.item): line.cost for line in lines if line.component == "delivery"}
    for partner, capability, amount in stated.deliveries:
        if (partner, capability) in priced:
            text = "the delivery of {capability} by {partner} is stated to cost {stated} and costs {actual}"
            compare(text, amount, priced[partner, capability], partner=partner, capability=capability)
    shared = {(line.component, line.item): line.cost for line in lines if line.partner is None}
    for key in sorted({*shared, *stated.shared}):
        text = "the shared line {component} {item} is stated as {stated} and is {actual}"
        compare(text, stated.shared.get(key, Decimal(0)), shared.get(key, 0), component=key[0], item=key[1])
    if stated.budget is not None and (instance.budget is None or stated.budget != instance.money(instance.budget)):
        actual = None if instance.budget is None else instance.money(instance.budget)
        found.append(say("the budget is stated as {stated} and is {actual}", stated=stated.budget, actual=actual))
    if stated.bound is not None and stated.cost is not None and stated.bound > stated.cost:
        found.append(say("the bound {bound} is above the cost {cost}", bound=stated.bound, cost=stated.cost))
    return found + _wrong_representatives(instance, consortium, stated)


def _wrong_representatives(instance: Instance, consortium: Consortium, stated: Statements) -> list[Sentence]:
    """Say who is named and is no member, and where those who are named would not do on their own."""
    found: list[Sentence] = []
    rules = {str(rule.title()): rule for rule in instance.rules if isinstance(rule, Representatives)}
    for title, names in stated.representatives:
        for name in names:
            if name not in consortium.members:
                found.append(say("the representative {partner} is not a member", partner=name))
        known = Consortium({name: seat for name, seat in consortium.members.items() if name in names})
        if title in rules and instance.partner_at.keys() >= known.members.keys():
            found += rules[title].violations(instance, known)
    return found
