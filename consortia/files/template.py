"""The workbook to begin with: empty but for one small example that solves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.files.reading import PoolSource, read_pool
from consortia.files.workbook_sheets import workbook
from consortia.language import language
from consortia.sentence import say
from consortia.spec.pool import Competence, Pool
from consortia.spec.project import Project

_COMPETENCES: dict[str, dict[str, str]] = {
    "barrier films": {"en": "Barrier films", "ru": "Барьерные плёнки"},
    "sensors": {"en": "Printed sensors", "ru": "Печатные датчики"},
    "quality certificate": {"en": "Quality certificate", "ru": "Сертификат качества"},
}
_WORDS = (
    say("A box that tells how warm it was"),
    say("An example to overwrite: a reusable box with a film and a sensor, made by two industries"),
    say("the film"),
    say("the sensor"),
    say("the certificate"),
    say("At least three members"),
    say("Nobody above 70 percent of the cost"),
    say("A small firm coordinates"),
    say("Packaging cluster"),
    say("Digital cluster"),
    say("An example: invented, to be overwritten"),
)


def template(lang: str = "en", taxonomy: PoolSource | None = None) -> bytes:
    """Return a workbook to fill in, with an example that solves.

    Parameters
    ----------
    lang : {"en", "ru"}
    taxonomy : path, mapping or Pool, optional
        Where competences are taken from: a pool file, such as ``consortia convert --from esco`` writes. The example
        then speaks of its first ones.

    Returns
    -------
    bytes

    Raises
    ------
    SpecError
        If the taxonomy cannot be read, or has fewer than three competences that are not broader than others.

    Examples
    --------
    >>> template("ru")[:2]
    b'PK'
    """
    known = [Competence(id=name, labels=labels) for name, labels in _COMPETENCES.items()]
    if taxonomy is not None:
        known = list(read_pool(taxonomy).model.competences)
    broader = {name for entry in known for name in entry.broader}
    leaves = [entry.id for entry in known if entry.id not in broader][:3]
    if len(leaves) < 3:
        message = say("the taxonomy has fewer than three competences that are not broader than others")
        raise SpecError([Problem(str(taxonomy), "", message, say("Give a pool file with a taxonomy"))])
    words = language(lang)
    write: Callable[..., str] = words.write
    texts = [write(sentence) for sentence in _WORDS]
    return workbook(Project.model_validate(_project(leaves, texts)), _pool(known, leaves, texts), lang)


def _project(leaves: list[str], texts: list[str]) -> dict[str, Any]:
    film, sensor, certificate = leaves
    return {
        "title": texts[0],
        "description": texts[1],
        "currency": "EUR",
        "budget": 60000,
        "cooperation": "cross-cluster",
        "effort_step": "0.5",
        "capabilities": [
            {"id": texts[2], "competence": film, "level": 2, "effort": 6, "providers": {"min": 1, "max": 2}},
            {"id": texts[3], "competence": sensor, "level": 3, "effort": 4, "providers": {"min": 1, "max": 2}},
            {"id": texts[4], "competence": certificate},
        ],
        "rules": [
            {"rule": "count", "label": texts[5], "min": 3},
            {"rule": "share", "label": texts[6], "each": "partner", "max": "70 %"},
            {"rule": "coordinator", "label": texts[7], "filter": {"kind": "sme"}},
        ],
    }


def _pool(known: list[Competence], leaves: list[str], texts: list[str]) -> Pool:
    film, sensor, certificate = leaves
    packaging, digital, source = texts[8:]
    return Pool.model_validate(
        {
            "competences": [entry.model_dump() for entry in known],
            "clusters": [
                {"id": "packaging", "name": packaging, "country": "BY", "industry": "advanced packaging", "fee": 1000},
                {"id": "digital", "name": digital, "country": "RU", "industry": "digital", "fee": 1500},
            ],
            "partners": [
                _partner("alpha", "packaging", "sme", 800, [(film, 3, 2600), (certificate, 1, None)], source),
                _partner("beta", "packaging", "large", 1500, [(film, 3, 2400)], source),
                _partner("gamma", "digital", "sme", 600, [(sensor, 3, 3100)], source),
                _partner("delta", "digital", "university", 500, [(sensor, 3, 2800), (certificate, 1, None)], source),
            ],
        }
    )


def _partner(
    id: str, cluster: str, kind: str, joining: int, offers: list[tuple[str, int, int | None]], source: str
) -> dict[str, Any]:
    return {
        "id": id,
        "clusters": [cluster],
        "kind": kind,
        "joining_cost": joining,
        "capacity": 8,
        "source": source,
        "offers": [{"competence": name, "level": level, "rate": rate} for name, level, rate in offers],
    }
