"""From the tables of a pool to plain data with places."""

from __future__ import annotations

from typing import Any

from consortia.files.loaded import Document, Source
from consortia.files.reading_rows import Reading
from consortia.files.table import Tables
from consortia.sentence import say
from consortia.spec.references import nearest


def pool_document(tables: Tables) -> Document:
    """Turn the tables of a pool into plain data.

    Parameters
    ----------
    tables : Tables
        The tables; only ``partners`` is obligatory.

    Returns
    -------
    Document
        Cells that cannot be told are left out, and are among its problems.
    """
    reading = Reading(tables)
    data: dict[str, Any] = {}
    for row in reading.rows("pool"):
        data.update(row.values)
    for section in ("competences", "clusters", "partners"):
        data[section] = [row.values for row in reading.rows(section, section)]
    partners = {str(partner["id"]): at for at, partner in reversed(list(enumerate(data["partners"])))}
    for at, partner in enumerate(data["partners"]):
        short = partner.pop("competences", [])
        partner["offers"] = short
        for position in range(len(short)):
            table, line, _ = reading.placed["partners", at]
            reading.placed["partners", at, "offers", position] = (table, line, "competences")
    for row in reading.rows("offers"):
        owner = str(row.values.pop("partner"))
        if owner not in partners:
            if "partners" not in reading.unsure:
                close = nearest(owner, partners)
                remedy = say("Perhaps {name} is meant", name=close) if close else say("Add it to the partners")
                reading.problem(row, "partner", say("there is no partner {name}", name=owner), remedy)
            continue
        offers = data["partners"][partners[owner]]["offers"]
        reading.placed[("partners", partners[owner], "offers", len(offers))] = (row.table, row.row, None)
        offers.append(row.values)
    source = Source(tables.file, reading.locate)
    return Document(data, source, tables.notes, tuple(reading.problems), frozenset(reading.unsure))
