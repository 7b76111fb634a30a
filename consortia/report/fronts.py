"""A front as data and as a page: a point a line, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.explaining.fronts import Front, OpenPart, Point
from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Status
from consortia.report.data import number, outcome_data
from consortia.report.page import Page
from consortia.report.status import EXPLAIN, shown

_KEPT = ("members", "deliveries", "shared", "coordinator", "leaders", "backups", "undertaken")
"""What is told of the consortium of a point: enough to check it."""


def front_data(front: Front) -> dict[str, Any]:
    """Return a front as plain data for JSON."""
    before = [None, *front.points]
    return {
        "format": "consortia-front/1",
        "title": front.instance.title,
        "currency": front.instance.currency or None,
        "objectives": [{"expression": name, "maximised": EXPRESSIONS[name].maximised} for name in front.objectives],
        "status": front.status.value,
        "complete": front.complete,
        "proof": front.proof,
        "stopped": front.stopped,
        "points": [_point_data(point, last, front) for point, last in zip(front.points, before, strict=False)],
        "open": [_part_data(part, front) for part in front.open],
        "asked": front.asked,
        "seconds": round(front.seconds, 3),
        "instance": front.instance.fingerprint(),
    }


def _point_data(point: Point, before: Point | None, front: Front) -> dict[str, Any]:
    joined, left = ((), ()) if before is None else differences(point.members, before.members)
    data = outcome_data(point.outcome)
    return {
        "values": {name: number(value) for name, value in zip(front.objectives, point.values, strict=True)},
        "proof": point.proof,
        "joined": list(joined),
        "left": list(left),
        "cost": data["cost"],
        **{key: data[key] for key in _KEPT},
    }


def _part_data(part: OpenPart, front: Front) -> dict[str, Any]:
    return {
        "limits": {name: number(value) for name, value in part.limits.items()},
        "objective": part.objective,
        "bound": number(part.bound),
        "found": None if part.found is None else _point_data(part.found, None, front),
    }


def differences(now: Iterable[str], then: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is new, and what is not there any more."""
    return tuple(sorted({*now} - {*then})), tuple(sorted({*then} - {*now}))


def write_front(front: Front, page: Page) -> None:
    """Write a front on a page."""
    words = page.words
    page.title(front.instance.title or words.say("An untitled project"))
    style = "bold green" if front.complete else "bold red" if not front.points else "bold yellow"
    page.line(_headline(front, words), style)
    page.line(_remarks(front, words), "dim")
    if front.status is Status.INFEASIBLE:
        page.line(words.write(EXPLAIN))
    if front.points:
        page.heading("What can be had, and what it takes")
        _points(front, page)
    if front.open:
        page.heading("What is open")
        page.points(_open(part, front, words) for part in front.open)


def _headline(front: Front, words: Language) -> str:
    names = listed(front.objectives, words)
    if front.status is Status.INFEASIBLE:
        return words.say("Proven: no consortium meets these requirements")
    if not front.points:
        return words.say("No trade-off between {objectives} is proven yet", objectives=names)
    if not front.complete:
        text = "Proven so far, of the trade-offs between {objectives}: {count}; there may be more"
    elif len(front.points) == 1:
        text = "Proven: nothing has to be given up; one consortium is best by each of {objectives}"
    else:
        text = "Proven: these {count} are all the trade-offs between {objectives}"
    return words.say(text, count=len(front.points), objectives=names)


def _remarks(front: Front, words: Language) -> str:
    found = []
    if front.stopped == "time":
        found.append(words.say("The search ended at its time limit."))
    elif front.stopped == "effort":
        found.append(words.say("The search ended at its effort limit."))
    elif front.stopped == "interrupted":
        found.append(words.say("The search was interrupted."))
    if front.proof == "exact":
        found.append(words.say("Grade of the proof: exact, in integers all the way."))
    elif front.proof == "tolerance":
        found.append(
            words.say("Grade of the proof: within the tolerance of floating-point arithmetic; see docs/proof.md.")
        )
    seconds = words.number(Decimal(front.seconds), 1)
    found.append(words.say("Questions answered: {count}, in {seconds} s.", count=front.asked, seconds=seconds))
    return " ".join(found)


def _points(front: Front, page: Page) -> None:
    words = page.words
    several = len(front.points) > 1
    columns = [(heading(name, words), "right") for name in front.objectives]
    columns += [(words.say("Against the line above"), "left")] if several else []
    rows = []
    for point, before in zip(front.points, [None, *front.points], strict=False):
        values = value_texts(point.values, front.objectives, front.instance, words)
        against = [_against(point, before, front.instance, words)] if several else []
        rows.append([*values, *against, words.say(point.proof or "none")])
    page.table([*columns, (words.say("Proof"), "left")], rows)
    first = ", ".join(front.instance.partner_names.get(one, one) for one in front.points[0].members)
    page.line(words.say("Members in the first line: {partners}", partners=first), indent=2)


def _against(point: Point, before: Point | None, instance: Instance, words: Language) -> str:
    """Say which members are others, and what else is undertaken."""
    if before is None:
        return ""
    said = []
    (joined, left), (more, less) = differences(point.members, before.members), _undertaken(point, before, instance)
    for sign, partners in (("+", joined), ("\u2212", left)):
        said += [f"{sign}\u00a0{instance.partner_names.get(one, one)}" for one in partners]
    for text, capabilities in (("with {capability}", more), ("without {capability}", less)):
        said += [words.say(text, capability=instance.capability_names.get(one, one)) for one in capabilities]
    return ", ".join(said) or words.say("nobody joins or leaves")


def _undertaken(point: Point, before: Point, instance: Instance) -> tuple[tuple[str, ...], tuple[str, ...]]:
    now, then = point.outcome.consortium, before.outcome.consortium
    assert now is not None and then is not None
    return differences(instance.undertaken(now), instance.undertaken(then))


def _open(part: OpenPart, front: Front, words: Language) -> str:
    limits = []
    for name, value in part.limits.items():
        text = "{expression} at least {value}" if EXPRESSIONS[name].maximised else "{expression} at most {value}"
        limits.append(_with_value(text, name, value, front.instance, words))
    where = ", ".join(limits) or words.say("everywhere")
    if part.bound is None:
        said = where
    else:
        text = (
            "{expression} is at most {value} there"
            if EXPRESSIONS[part.objective].maximised
            else ("{expression} is at least {value} there")
        )
        bound = _with_value(text, part.objective, part.bound, front.instance, words)
        said = f"{where}: {bound}"
    if part.found is None:
        return said
    values = zip(front.objectives, value_texts(part.found.values, front.objectives, front.instance, words), strict=True)
    found = ", ".join(f"{words.translate(name)} {value}" for name, value in values)
    return words.say("{part}; found there, not proven to be best: {values}", part=said, values=found)


def _with_value(text: str, name: str, value: Fraction, instance: Instance, words: Language) -> str:
    (shown_value,) = value_texts([value], [name], instance, words)
    return words.say(text, expression=words.translate(name), value=shown_value)


def value_texts(values: Iterable[Fraction], names: Sequence[str], instance: Instance, words: Language) -> list[str]:
    """Write values of expressions out: money with its currency, anything else as a number."""
    return [
        shown(Decimal(value.numerator) / value.denominator, instance, words)
        if EXPRESSIONS[name].money
        else words.number(value)
        for name, value in zip(names, values, strict=True)
    ]


def heading(name: str, words: Language) -> str:
    """Return the name of an expression as a heading."""
    text = words.translate(name)
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], words: Language) -> str:
    """Join the names of expressions as a person would."""
    *most, last = (words.translate(name) for name in names)
    return words.say("{names} and {last}", names=", ".join(most), last=last)
