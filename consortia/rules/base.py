"""What every rule is: a schema, rows for solvers, and a meaning of its own for the checker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from consortia.program import Tag
from consortia.sentence import Sentence, say
from consortia.spec.base import Identifier, Strict
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance

PartnerId = Identifier
PartnerIds = Annotated[tuple[Identifier, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Measure:
    """Where a consortium stands towards one limit of a rule.

    Parameters
    ----------
    what : Sentence
        What is measured.
    value : int or Fraction or None
        None where nothing can be measured (a share of nothing).
    limit : int or Fraction
    least : bool
        Whether the limit is a least one; else it is a most.
    unit : str
        ``count``, ``share``, ``effort`` (person-months) or ``money``.
    """

    what: Sentence
    value: int | Fraction | None
    limit: int | Fraction
    least: bool
    unit: str = "count"

    @property
    def slack(self) -> int | Fraction | None:
        """How far the value is on the right side of the limit; negative when the rule is broken."""
        if self.value is None:
            return None
        return self.value - self.limit if self.least else self.limit - self.value


class Rule(Strict):
    """What a consortium must obey: the root of all rules of the file schema.

    A rule has a schema (its fields), rows (`post`) and a meaning (`violations`). The meaning is written from the
    words of the rule and never from the rows; a generated test holds the two against each other.
    """

    label: str | None = Field(default=None, description="what to call the rule in messages and reports")

    partner_fields: ClassVar[tuple[str, ...]] = ()
    filter_fields: ClassVar[tuple[str, ...]] = ("filter",)

    def describe(self) -> Sentence:
        """Say what the rule asks for."""
        raise NotImplementedError

    def title(self) -> Sentence:
        """Return the label, or what the rule asks for."""
        return say("{label}", label=self.label) if self.label else self.describe()

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        """Add the rule's rows, to hold if all literals `when` do."""
        raise NotImplementedError

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Say how the consortium breaks the rule; nothing if it obeys."""
        raise NotImplementedError

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        """Tell where the consortium stands towards each limit of the rule."""
        return []

    @property
    def tag(self) -> Tag:
        """The tag of the rule's rows."""
        return Tag("rule", source=str(self.title()))

    def filters(self) -> Iterator[tuple[str, Filter]]:
        """Return the filters in the rule, with the names of their fields."""
        for name in self.filter_fields:
            value = getattr(self, name, None)
            if isinstance(value, Filter):
                yield name, value

    def partners_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Return the partners that the rule names, each with its place in the rule."""
        for name in self.partner_fields:
            value = getattr(self, name)
            if isinstance(value, str):
                yield (name,), value
            else:
                yield from (((name, at), partner) for at, partner in enumerate(value))

    def capabilities_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Return the capabilities that the rule names, each with its place in the rule."""
        single = getattr(self, "capability", None)
        if single is not None:
            yield ("capability",), single
        yield from ((("capabilities", at), name) for at, name in enumerate(getattr(self, "capabilities", ())))

    def reserves(self, instance: Instance) -> Iterable[str]:
        """Return the capabilities for which the rule reads who stands by."""
        return ()

    def parts(self) -> Iterator[tuple[str, Rule]]:
        """Return the rules that the rule is made of, with the names of their fields."""
        yield from ()

    def with_parts(self) -> Iterator[Rule]:
        """Return the rule, its parts, and theirs."""
        yield self
        for _, part in self.parts():
            yield from part.with_parts()


def counted(chosen: Filter | None) -> Filter:
    """Return the filter that a counting rule uses: beneficiaries only, unless it speaks of roles itself."""
    return (chosen or Filter({})).with_default("role", "beneficiary")


def passing(instance: Instance, consortium: Consortium, chosen: Filter | None) -> list[tuple[str, str | None]]:
    """Return the members that pass a filter, each with the cluster through which it enters."""
    return [
        (partner, cluster)
        for partner, cluster in consortium.members.items()
        if instance.passes(partner, cluster, chosen)
    ]


def who(chosen: Filter | None) -> Sentence:
    """Name those whom a filter admits."""
    if chosen is None or not chosen.root:
        return say("members")
    return say("members with {filter}", filter=chosen.describe())


def within(
    what: Sentence, value: int | Fraction | None, least: object, most: object, unit: str = "count"
) -> list[Measure]:
    """Return a measure for each limit that is given."""
    measures = []
    if least is not None:
        measures.append(Measure(what, value, least, True, unit))  # type: ignore[arg-type]
    if most is not None:
        measures.append(Measure(what, value, most, False, unit))  # type: ignore[arg-type]
    return measures


def portion(part: int, whole: int) -> Fraction | None:
    """Return a share; of nothing, any part of zero is right, and more than that can only be too much."""
    if whole:
        return Fraction(part, whole)
    return Fraction(2) if part else None


def broken(measures: Sequence[Measure]) -> list[Sentence]:
    """Say which of the measures are on the wrong side of their limits."""
    found = []
    for measure in measures:
        if measure.slack is not None and measure.slack < 0:
            text = (
                "{what}: {value}, but at least {limit} is required"
                if measure.least
                else "{what}: {value}, but at most {limit} is allowed"
            )
            shown = {"what": measure.what, "value": in_unit(measure.value, measure.unit)}
            found.append(Sentence(text, {**shown, "limit": in_unit(measure.limit, measure.unit)}))
    return found


def in_unit(value: int | Fraction | None, unit: str) -> str:
    """Write a measured value out: shares as percentages, others as plain numbers.

    Examples
    --------
    >>> in_unit(Fraction(1, 3), "share"), in_unit(Fraction(5, 2), "effort"), in_unit(4, "count")
    ('33.33 %', '2.5', '4')
    """
    if value is None:
        return "-"
    exact = Fraction(value)
    if unit == "share":
        return f"{_plain(round(exact * 100, 2))} %"
    return _plain(exact)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6f}".rstrip("0").rstrip(".")
