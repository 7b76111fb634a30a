"""What a solve returns: status, consortium, proof, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from consortia.consortium import Consortium
from consortia.costs import Line
from consortia.instance import Exclusion, Instance
from consortia.rules import Measure, Rule
from consortia.rules.representatives import Representatives
from consortia.sentence import Sentence

if TYPE_CHECKING:
    import pandas
    import polars

    from consortia.multipliers import Prices

FORMAT = "consortia-outcome/1"
"""Name and version of the JSON form."""

_PRICING = 0.05  # of the time limit, for prices after a search that took all of it


class Status(StrEnum):
    """What is known of a question.

    ``optimal``: a consortium, and none costs less (or none by more than the gap asked for). ``feasible``: a
    consortium; whether there is a cheaper one is open. ``infeasible``: proven that there is none. ``unknown``:
    none was found, and there may be one.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Stage:
    """One objective, and what was proven of it under the ones before.

    Attributes
    ----------
    expression : str
        What was minimised or maximised.
    maximised : bool
    value, bound : Fraction or None
        The best value found in this stage, and the proven limit of it.
    slack : Fraction or Decimal
        What later stages may use: a share of the value, or an amount.
    status : Status
    proof : {"exact", "tolerance"} or None
    """

    expression: str
    maximised: bool
    value: Fraction | None
    bound: Fraction | None
    slack: Fraction | Decimal
    status: Status
    proof: Literal["exact", "tolerance"] | None


@dataclass(frozen=True)
class Outcome:
    """The answer to one question; a consortium in it has passed the independent checker.

    Attributes
    ----------
    instance : Instance
        The question.
    status : Status
    consortium : Consortium or None
    cost : Decimal or None
        Of the consortium, recomputed from its decisions.
    bound : Decimal or None
        No consortium costs less; also where none was found.
    proof : {"exact", "tolerance"} or None
        Grade of the bound, or of the infeasibility.
    solver : str
        The back end that answered.
    seconds : float
        From the Instance to the answer.
    stopped : {"time", "effort", "interrupted", "cutoff"} or None
        Why the search ended before a proof; ``cutoff``: nothing is cheaper than the cut-off, which is proven.
    lines : tuple of Line
        What is paid, item by item.
    stages : tuple of Stage
        The objectives in their order, each with its proof.
    notes : tuple of Sentence or str
        What a reader should know of how it was reached.
    versions : mapping of str to str
        Of the packages involved.
    left_out : sequence of Exclusion
        Partners that the solver did without from the start, and why: at least one best consortium has none of them,
        and others that are as good may have some.
    time_limit : float or None
        Seconds that the search was given; `prices` keeps to them as well.
    """

    instance: Instance
    status: Status
    solver: str
    seconds: float
    consortium: Consortium | None = None
    cost: Decimal | None = None
    bound: Decimal | None = None
    proof: Literal["exact", "tolerance"] | None = None
    stopped: Literal["time", "effort", "interrupted", "cutoff"] | None = None
    lines: tuple[Line, ...] = ()
    stages: tuple[Stage, ...] = ()
    notes: tuple[Sentence | str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[Exclusion] = ()
    time_limit: float | None = None

    @property
    def gap(self) -> Fraction | None:
        """How far the cost may be above the least possible, as a share of the cost."""
        if self.cost is None or self.bound is None:
            return None
        difference = Fraction(self.cost) - Fraction(self.bound)
        return difference / abs(Fraction(self.cost)) if difference else Fraction(0)

    @property
    def proven(self) -> bool:
        """Whether the cost is proven to be the least possible, with no gap."""
        return self.cost is not None and self.cost == self.bound

    @cached_property
    def prices(self) -> Prices | None:
        """What capabilities, rules, capacities and the budget are worth at the margin, found when first asked for.

        It takes solving a linear program of the whole question, for which there is what is left of the time limit, and
        a twentieth of it at least. None where that has no solution, or took longer.
        """
        from consortia.multipliers import find_prices

        limit = self.time_limit
        return find_prices(self.instance, None if limit is None else max(limit - self.seconds, _PRICING * limit))

    def own_costs(self) -> dict[str, Decimal]:
        """Own cost of each member: its joining cost and its deliveries."""
        if self.consortium is None:
            return {}
        units = dict.fromkeys(self.consortium.members, 0)
        for line in self.lines:
            if line.partner is not None:
                units[line.partner] += line.cost
        return {partner: self.instance.money(amount) for partner, amount in units.items()}

    def shared_lines(self) -> list[Line]:
        """Lines that no single member pays."""
        return [line for line in self.lines if line.partner is None]

    def measures(self) -> list[tuple[Rule, list[Measure]]]:
        """Where the consortium stands towards each rule."""
        if self.consortium is None:
            return []
        return [(rule, rule.measure(self.instance, self.consortium)) for rule in self.instance.rules]

    def representatives(self) -> list[tuple[Rule, tuple[str, ...]]]:
        """Members named by each rule that asks for representatives."""
        if self.consortium is None:
            return []
        return [
            (rule, rule.name(self.instance, self.consortium))
            for rule in self.instance.rules
            if isinstance(rule, Representatives)
        ]

    def changes(self) -> list[Sentence]:
        """Say what is different from the previous consortium, where one was given."""
        from consortia.changes import changes

        before = self.instance.previous
        return [] if before is None or self.consortium is None else changes(before, self.consortium)

    def to_dict(self, *, prices: bool = False, excluded: bool = True) -> dict[str, Any]:
        """Return the outcome as plain data for JSON; the keys are described in ``docs/outcome.md``.

        Parameters
        ----------
        prices : bool
            Whether to fill in `prices`, which may have to be found first.
        excluded : bool
            Whether to fill in `excluded`, which is most of an outcome over a large pool.
        """
        from consortia.report.data import outcome_data

        return outcome_data(self, prices=prices, excluded=excluded)

    def to_json(self, *, indent: int | None = 2, prices: bool = False) -> str:
        """Return the outcome as JSON text, with prices or without."""
        import json

        return json.dumps(self.to_dict(prices=prices), ensure_ascii=False, indent=indent)

    def to_html(self, lang: str = "en", *, prices: bool = False) -> str:
        """Return the outcome as a page: one HTML file that works offline and prints on A4.

        Parameters
        ----------
        lang : {"en", "ru"}
        prices : bool
            Whether to show prices, which may have to be found first.
        """
        from consortia.report.text import html_report

        return html_report(self, lang, prices=prices)

    def to_pandas(self) -> dict[str, pandas.DataFrame]:
        """Return the outcome as pandas frames; their columns are described in ``docs/dataframes.md``.

        Returns
        -------
        dict of str to DataFrame
            ``members``, ``deliveries``, ``costs``, ``rules``, ``excluded``. Numbers are floats.

        Raises
        ------
        ImportError
            If pandas is not installed.

        Examples
        --------
        >>> from consortia import Instance, solve
        >>> question = Instance.from_arrays(partners=["ink"], capabilities=["print"], joining=[7], holds=([0], [0]))
        >>> solve(question, solver="cpsat").to_pandas()["members"][["id", "cost"]].values.tolist()
        [['ink', 7.0]]
        """
        from consortia.frames import pandas_frames

        return pandas_frames(self)

    def to_polars(self) -> dict[str, polars.DataFrame]:
        """Return the outcome as polars frames; see :meth:`to_pandas`.

        Raises
        ------
        ImportError
            If polars is not installed.
        """
        from consortia.frames import polars_frames

        return polars_frames(self)

    def _repr_html_(self) -> str:
        """Show the outcome in a notebook."""
        from consortia.report.notebook import fragment

        return fragment(self)
