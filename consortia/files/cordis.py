"""The CORDIS export of research projects: organisations, what they took part in, and what they received."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from statistics import median

from consortia.errors import Problem, SpecError
from consortia.files.text import read_text, refuse
from consortia.sentence import say

ORGANISATIONS = ("projectID", "organisationID", "name", "SME", "activityType", "country", "role", "netEcContribution")
TOPICS = ("projectID", "topic", "title")
_ROLES = {"coordinator": "beneficiary", "participant": "beneficiary", "thirdParty": "affiliated"}
_KINDS = {"PRC": "large", "HES": "university", "REC": "research", "PUB": "public", "OTH": "other"}


@dataclass
class Organisation:
    """An organisation, joined from its participations.

    Attributes
    ----------
    rows : list of mapping
        Its participations as the file gives them.
    families : set of str
        Families of the call topics of its projects.
    """

    id: str
    rows: list[Mapping[str, str]] = field(default_factory=list)
    families: set[str] = field(default_factory=set)

    @property
    def _latest(self) -> Mapping[str, str]:
        return max(self.rows, key=lambda row: row.get("contentUpdateDate") or "")

    @property
    def name(self) -> str:
        """Its name where it was updated last."""
        return self._latest["name"].strip()

    @property
    def country(self) -> str:
        """Its country in CORDIS's own codes: EL for Greece, UK for the United Kingdom."""
        return self._latest["country"].strip()

    @property
    def kind(self) -> str | None:
        """Its kind: by the latest SME flag, else by activity type; a company without any flag has none."""
        flagged = [row for row in self.rows if row["SME"].strip()]
        flags = sorted((row.get("contentUpdateDate") or "", row["SME"].strip().lower()) for row in flagged)
        if flags and flags[-1][1] in ("true", "1", "yes"):
            return "sme"
        activity = self._latest["activityType"].strip()
        return None if activity == "PRC" and not flags else _KINDS.get(activity)

    @property
    def role(self) -> str:
        """Its nearest role: beneficiary, else affiliated (a linked third party), else associated."""
        roles = {_ROLES.get(row["role"].strip(), "associated") for row in self.rows}
        return min(roles, key=("beneficiary", "affiliated", "associated").index)

    @property
    def coordinated(self) -> bool:
        """Whether it has coordinated a project."""
        return any(row["role"].strip() == "coordinator" for row in self.rows)

    @property
    def projects(self) -> int:
        """How many projects it took part in."""
        return len({row["projectID"] for row in self.rows})

    @property
    def grant(self) -> Decimal | None:
        """The median of the net contributions it received, where they are positive; None where none is."""
        amounts = [amount for row in self.rows if (amount := _amount(row["netEcContribution"])) > 0]
        return median(amounts) if amounts else None


@dataclass(frozen=True)
class Export:
    """What two files of the export say.

    Attributes
    ----------
    organisations : list of Organisation
        In the order of their ids.
    families_of : dict of str to set of str
        Families of the call topics of each project.
    titles : dict of str to list of str
        Titles of the topics in each family.
    as_of : str or None
        The day of the latest update.
    years_of : dict of str to set of int
        Years that the codes of each project's topics name.
    """

    organisations: list[Organisation]
    families_of: dict[str, set[str]]
    titles: dict[str, list[str]]
    as_of: str | None
    years_of: dict[str, set[int]] = field(default_factory=dict)


def family(topic: str) -> str:
    """Return the family of a call topic: the words before its numbers and years.

    The first part of the code, and the second where it begins with two letters; without numbers of two digits or more
    at the end of a part, in capitals.

    Examples
    --------
    >>> [family(topic) for topic in ("ICT-37-2014-1", "MSCA-IF-2019", "SC5-11d-2015", "SU-DS04-2018-2020")]
    ['ICT', 'MSCA-IF', 'SC5', 'SU-DS']
    """
    parts = re.split(r"[-.]", topic.strip().upper())
    words = parts[:2] if len(parts) > 1 and re.match(r"[A-Z]{2}", parts[1]) else parts[:1]
    return "-".join(re.sub(r"(?<=[A-Z]{2})\d\d+[A-Z]?$", "", word) for word in words)


def years_of(topic: str) -> set[int]:
    """Return the years that the code of a call topic names.

    Examples
    --------
    >>> sorted(years_of("SU-DS04-2018-2020")), years_of("ICT-37-2014-1"), years_of("ERC-POC")
    ([2018, 2020], {2014}, set())
    """
    return {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", topic)}


def read_export(sources: Sequence[str | os.PathLike[str]]) -> Export:
    """Read ``organization.csv`` and ``topics.csv``, in either order, or a folder with both.

    Parameters
    ----------
    sources : sequence of path

    Returns
    -------
    Export

    Raises
    ------
    SpecError
        If a file is missing, lacks columns, or has amounts that are no numbers.
    """
    rows, topics = _both([Path(source) for source in sources])
    organisations: dict[str, Organisation] = {}
    families_of: dict[str, set[str]] = {}
    titles: dict[str, list[str]] = {}
    years: dict[str, set[int]] = {}
    for row in topics:
        name = family(row["topic"])
        years.setdefault(row["projectID"], set()).update(years_of(row["topic"]))
        families_of.setdefault(row["projectID"], set()).add(name)
        known = titles.setdefault(name, [])
        if row["title"].strip() not in known:
            known.append(row["title"].strip())
    for row in rows:
        found = organisations.setdefault(row["organisationID"], Organisation(row["organisationID"]))
        found.rows.append(row)
        found.families |= families_of.get(row["projectID"], set())
    days = [(row.get("contentUpdateDate") or "")[:10] for row in rows]
    ordered = [organisations[name] for name in sorted(organisations, key=lambda name: (len(name), name))]
    return Export(ordered, families_of, titles, max(days, default="") or None, years)


def _both(sources: list[Path]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    if len(sources) == 1 and sources[0].is_dir():
        sources = [sources[0] / "organization.csv", sources[0] / "topics.csv"]
    if len(sources) != 2:
        message = say("two files are expected, organization.csv and topics.csv, not {count}", count=len(sources))
        raise SpecError([Problem("", "", message, say("Name both, or the folder that they are in"))])
    tables = [(path, *_table(path)) for path in sources]
    tables.sort(key=lambda table: "organisationID" not in table[1])
    problems: list[Problem] = []
    for (path, header, rows), wanted in zip(tables, (ORGANISATIONS, TOPICS), strict=True):
        missing = [column for column in wanted if column not in header]
        if missing:
            message = say("there is no column {columns}", columns=", ".join(missing))
            remedy = say("Take the file from the CORDIS export in CSV as it is")
            problems.append(Problem(str(path), "line 1", message, remedy))
        elif wanted is ORGANISATIONS:
            problems += _amount_problems(path, rows)
    if problems:
        raise SpecError(problems)
    return [row for _, row in tables[0][2]], [row for _, row in tables[1][2]]


def _table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Read a CSV file with ``;`` or ``,`` between cells: the header, and each row with its line."""
    text, _ = read_text(path)
    head = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(keepends=True), delimiter=max(";,", key=head.count), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        return header, list(_rows(path, header, reader))
    except csv.Error as error:
        remedy = say("Take the file from the CORDIS export in CSV as it is")
        raise refuse(
            path, f"line {reader.line_num}", say("this is not CSV: {reason}", reason=str(error)), remedy
        ) from None


def _rows(path: Path, header: list[str], reader: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    for cells in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]
        if any(cells):
            if len(cells) != len(header):
                message = say("{count} cells, where the header has {expected}", count=len(cells), expected=len(header))
                raise refuse(path, f"line {line}", message, say("Take the file from the CORDIS export in CSV as it is"))
            yield line, dict(zip(header, cells, strict=True))


def _amount_problems(path: Path, rows: list[tuple[int, dict[str, str]]]) -> Iterator[Problem]:
    for line, row in rows:
        cell = row["netEcContribution"].strip()
        if cell and not re.fullmatch(r"-?\d{1,15}([.,]\d{1,6})?", cell):
            message = say("netEcContribution is no amount: {cell}", cell=cell[:40])
            yield Problem(str(path), f"line {line}", message, say("Write digits with a decimal point or comma"))


def _amount(cell: str) -> Decimal:
    return Decimal(cell.strip().replace(",", ".") or 0)
