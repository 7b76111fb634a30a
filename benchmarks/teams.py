"""Many small questions over one pool: 2,191 skill sets over 2,441 experts, against a loop of raw HiGHS calls.

    python benchmarks/teams.py FOLDER [--queries N] [--workers N] [--solver NAME] [--raw N]

The folder holds `experts.csv` (id, cost, skills) and `queries.csv` (id, skills), skills separated by semicolons. Each
side begins with what its user has in hand: `solve_many` with a pool and projects as models, the loop with sets of
columns by skill. The loop passes the eligible columns to one HiGHS object and runs it, query after query; as it takes
long, it may be given the first queries only. Costs must agree.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from consortia import Pool, Project, solve_many

Query = tuple[str, list[str]]


def main() -> None:
    """Run both sides and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, help="only so many")
    parser.add_argument("--raw", type=int, help="only so many for the loop")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--solver", default="auto")
    given = parser.parse_args()
    experts = [(row["id"], int(row["cost"]), row["skills"].split(";")) for row in rows(given.folder / "experts.csv")]
    queries = [(row["id"], list(dict.fromkeys(row["skills"].split(";")))) for row in rows(given.folder / "queries.csv")]
    queries = queries[: given.queries]
    ours, seconds = solved(experts, queries, given.workers, given.solver)
    print(f"solve_many: {len(queries)} queries in {seconds:.2f} s, {1000 * seconds / len(queries):.2f} ms each")
    raw, raw_seconds = looped(experts, queries[: given.raw])
    print(f"raw HiGHS:  {len(raw)} queries in {raw_seconds:.2f} s, {1000 * raw_seconds / len(raw):.2f} ms each")
    wrong = [name for name in raw if raw[name] != ours[name]]
    ratio = (raw_seconds / len(raw)) / (seconds / len(queries))
    print(f"costs differ in {len(wrong)}; {ratio:.1f} times as fast")


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def solved(
    experts: list[tuple[str, int, list[str]]], queries: list[Query], workers: int | None, solver: str
) -> tuple[dict[str, int], float]:
    """Solve all queries in one call; the pool is prepared within the time."""
    pool = Pool.model_validate(
        {
            "partners": [
                {"id": name, "joining_cost": cost, "offers": [{"competence": skill} for skill in skills]}
                for name, cost, skills in experts
            ]
        }
    )
    projects = {
        name: Project.model_validate(
            {"title": name, "cooperation": "any", "capabilities": [{"id": skill} for skill in skills]}
        )
        for name, skills in queries
    }
    costs, began = {}, time.perf_counter()
    for result in solve_many(projects, pool, workers=workers, solver=solver):
        assert result.outcome is not None and result.outcome.proven, result
        costs[result.name] = int(result.outcome.cost)  # type: ignore[arg-type]
    return costs, time.perf_counter() - began


def looped(experts: list[tuple[str, int, list[str]]], queries: list[Query]) -> tuple[dict[str, int], float]:
    """Pass each query's eligible columns to HiGHS and run it."""
    import highspy  # where it is loaded, processes of solve_many are not forked but start afresh

    holders: dict[str, list[int]] = defaultdict(list)
    for place, (_, _, skills) in enumerate(experts):
        for skill in skills:
            holders[skill].append(place)
    cost = np.array([cost for _, cost, _ in experts], dtype=float)
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)):
        highs.setOptionValue(option, value)
    costs, began = {}, time.perf_counter()
    for name, skills in queries:
        members = [np.array(holders[skill]) for skill in skills]
        columns, places = np.unique(np.concatenate(members), return_inverse=True)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns), len(skills)
        model.col_cost_ = cost[columns]
        model.col_lower_, model.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
        model.row_lower_, model.row_upper_ = np.ones(len(skills)), np.full(len(skills), np.inf)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *map(len, members)])
        model.a_matrix_.index_, model.a_matrix_.value_ = places, np.ones(len(places))
        highs.passModel(model)
        highs.run()
        costs[name] = round(highs.getInfo().objective_function_value)
    return costs, time.perf_counter() - began


if __name__ == "__main__":
    main()
