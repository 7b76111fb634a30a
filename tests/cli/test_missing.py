"""``consortia missing``."""

from __future__ import annotations

import json
from pathlib import Path

from running import Here

INSTANCES = Path(__file__).parents[2] / "instances"


def test_a_call_goes_out_in_both_languages(here: Here) -> None:
    ended = here("missing", INSTANCES / "vaccine-lab.yaml")
    assert ended.code == 0
    assert "Wanted: a partner for vaccine stability" in ended.out and "level 3 or higher" in ended.out
    assert "There is no budget" in ended.out
    assert "Ищем партнёра: vaccine stability" in here("missing", INSTANCES / "vaccine-lab.yaml", "--lang", "ru").out


def test_what_is_wanted_is_data_too(here: Here, impossible: Path) -> None:
    ended = here("missing", impossible, "--format", "json", "--most", "1")
    assert ended.code == 0
    data = json.loads(ended.out)
    assert (data["format"], data["status"], len(data["profiles"])) == ("consortia-missing/1", "infeasible", 1)
    (profile,) = data["profiles"]
    assert profile["proven"] and profile["price"] == float(profile["partner"]["joining_cost"])
    assert 0 <= 40000 - profile["free"] - profile["price"] < 0.01  # to the cent


def test_where_nobody_helps_it_is_said(here: Here, labels: Path) -> None:
    text = labels.read_text(encoding="utf-8")
    labels.write_text(text.replace("min: 1}", "min: 6}"), encoding="utf-8")  # six small enterprises of two
    ended = here("missing", labels)
    assert ended.code == 3 and "no single newcomer would change that" in ended.out
    assert here("missing", labels, "--time-limit", "0", "--solver", "cpsat").code == 4
    assert here("missing", labels, "--most", "0").code == 2
