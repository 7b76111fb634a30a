"""A linter for pools and projects: what is right by the file schema, and yet probably not meant."""

from __future__ import annotations

from typing import Any

from consortia.linting.finding import SEVERITIES, Finder, Finding

CHECKS = {
    "alike": "names that may stand for the same thing",
    "mixed-letters": "Latin and Cyrillic letters in one word",
    "level-out-of-scale": "a level far above the others",
    "no-price": "offers without a price",
    "unusable-partner": "partners of whom nothing can come",
    "no-taxonomy": "competences that are listed nowhere",
    "not-in-taxonomy": "offers of competences that a taxonomy lacks",
    "not-offered": "competences that nobody offers",
    "no-supplier": "capabilities with no or too few suppliers",
    "single-supplier": "capabilities with no supplier to spare",
    "level-never-asked": "levels above the greatest that is asked",
    "declined": "partners that have declined",
}
"""What is looked for; the last four with a project only."""


def lint(source: Any, pool: Any = None, *, taxonomy: Any = None) -> list[Finding]:
    """Look through a pool, or a project with its pool.

    Parameters
    ----------
    source : path, dict, Project or Pool
        A pool, or a project that carries or names its pool. A dict or a file with ``capabilities`` is a project.
    pool : path, dict or Pool, optional
        The project's pool, where it does not say it itself.
    taxonomy : path, dict or Pool, optional
        A pool file with competences, such as `consortia convert --from esco` writes: offers are looked up in it.

    Returns
    -------
    list of Finding
        The gravest first.

    Raises
    ------
    SpecError
        If something is wrong by the file schema: that comes first.

    Examples
    --------
    >>> offers = [{"competence": "Welding", "rate": 5000}]
    >>> partners = [{"id": "Acme", "offers": offers}, {"id": "ACME", "offers": offers}]
    >>> for finding in lint({"partners": partners, "competences": [{"id": "Welding"}]}):
    ...     print(finding.severity, finding.problem.place, finding.problem.message, sep=": ")
    warning: partners[1].id: perhaps one partner: "Acme" and "ACME" differ only in capitals, spaces or punctuation
    """
    from consortia.files.reading import read_either, read_pool
    from consortia.linting.names import name_findings
    from consortia.linting.offers import offer_findings, taxonomy_findings
    from consortia.linting.supply import supply_findings

    asked, offered = read_either(source, pool)
    known = None if taxonomy is None else read_pool(taxonomy).model
    theirs = Finder(offered.source)
    found = [*name_findings(offered.model, theirs), *offer_findings(offered.model, theirs)]
    found += taxonomy_findings(offered.model, theirs, known)
    if asked is not None:
        found += supply_findings(asked.model, offered.model, Finder(asked.source), theirs)
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
