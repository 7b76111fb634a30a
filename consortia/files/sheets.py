"""What the sheets of a workbook and their columns may be called beyond the tables of a pool, in English and Russian."""

from __future__ import annotations

import re

from consortia.files.headers import COLUMNS, FILES, VALUES

OF_PROJECT: dict[str, tuple[str, ...]] = {
    "project": ("проект",),
    "capabilities": ("потребности", "требования", "задачи"),
    "work packages": ("рабочие пакеты", "пакеты работ"),
    "rules": ("правила",),
    "costs": ("общие затраты", "затраты"),
}
"""Sheets of a project. A workbook with the second of them asks a question; without it, it is a pool."""
SHEETS = {**OF_PROJECT, **FILES}

SHEET_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "project": {"field": ("поле",), "value": ("значение",)},
    "capabilities": {
        "id": ("capability", "код", "потребность", "ид", "идентификатор"),
        "competence": ("competency", "компетенция"),
        "name": ("title", "название", "наименование"),
        "level": ("least level", "уровень", "наименьший уровень"),
        "mode": ("режим",),
        "effort": ("person months", "трудоёмкость", "чел мес"),
        "providers_min": ("least providers", "исполнителей не менее"),
        "providers_max": ("most providers", "исполнителей не более"),
        "least_share": ("наименьшая доля",),
        "start": ("первый период", "начало"),
        "end": ("последний период", "конец"),
        "backups": ("запасных", "резерв"),
        "optional": ("необязательна", "по желанию"),
        "value": ("ценность",),
    },
    "work packages": {
        "id": ("work package", "код", "пакет", "ид"),
        "title": ("name", "название", "наименование"),
        "capabilities": ("потребности", "задачи"),
    },
    "rules": {
        "rule": ("правило",),
        "label": ("подпись", "как назвать"),
        "filter": ("who", "кто"),
        "min": ("at least", "не менее"),
        "max": ("at most", "не более"),
        "attribute": ("признак",),
        "each": ("каждый", "для каждого"),
        "of": ("чего",),
        "partners": ("партнёры", "участники"),
        "capabilities": ("потребности",),
        "more": ("ещё", "прочее"),
    },
    "costs": {
        "cost": ("вид", "затраты"),
        "id": ("код", "ид"),
        "label": ("подпись", "как назвать"),
        "more": ("ещё", "прочее"),
    },
}
"""Columns of the sheets of a project, by the key of the file schema, with other names for them."""
ALL_COLUMNS = {**COLUMNS, **SHEET_COLUMNS}

FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("название",),
    "description": ("описание",),
    "currency": ("валюта",),
    "rates": ("exchange rate", "курс", "курс валюты"),
    "budget": ("бюджет",),
    "cooperation": ("уровень кооперации", "кооперация"),
    "effort_step": ("шаг трудоёмкости",),
    "pool": ("файл пула", "пул"),
    "interest": ("интерес",),
    "accepted_only": ("только согласившиеся",),
    "roles": ("role", "роли", "роль"),
    "groups": ("group", "группы", "группа"),
    "periods": ("периоды",),
    "objectives": ("objective", "цели", "цель"),
    "worked_together": ("работали вместе",),
    "choices": ("choice", "выбор"),
    "packs": ("pack", "пакеты правил", "пакет правил"),
    "funding": ("финансирование",),
    "affinity": ("связи отраслей",),
}
"""What the first column of the sheet Project may say; all other parts of a project have sheets of their own."""

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    **VALUES,
    "cooperation": {
        "cross-cluster": ("межкластерный",),
        "super-regional": ("надрегиональный", "суперрегиональный"),
        "metacluster": ("метакластер",),
        "any": ("любой",),
    },
    "mode": {"held": ("имеется",), "delivered": ("выполняется",)},
    "interest": {
        "unknown": ("неизвестен",),
        "asked": ("спрошен",),
        "accepted": ("согласен",),
        "declined": ("отказался",),
    },
    "rule": {
        "count": ("число",),
        "distinct": ("различные",),
        "representatives": ("представители",),
        "share": ("доля",),
        "participation": ("участие",),
        "include": ("включить",),
        "exclude": ("исключить",),
        "conflict": ("несовместимы",),
        "requires": ("требует",),
        "coordinator": ("координатор",),
        "leaders": ("руководители",),
        "limit": ("предел",),
        "links": ("связи",),
        "connected": ("связность",),
        "reliability": ("надёжность",),
        "survives": ("устойчивость",),
        "specialisation": ("специализация",),
        "conditional": ("если то",),
    },
    "each": {"partner": ("партнёр",), "cluster": ("кластер",), "country": ("страна",), "owner": ("владелец",)},
    "cost": {
        "equipment": ("оборудование",),
        "service": ("услуга",),
        "discount": ("скидка",),
        "coordination": ("координация",),
    },
    "yes": {"yes": ("да",), "no": ("нет",)},
}
"""Fixed values of columns and fields, with other names for them."""
_CYRILLIC = re.compile("[а-яё]")


def in_language(key: str, others: tuple[str, ...], lang: str) -> str:
    """Return what to call a sheet, a column or a value in a workbook.

    Examples
    --------
    >>> in_language("joining_cost", ("entry cost", "стоимость вступления"), "ru")
    'стоимость вступления'
    >>> in_language("joining_cost", (), "en"), in_language("label:en", ("label",), "ru")
    ('joining cost', 'label:en')
    """
    if lang == "ru":
        key = next((other for other in others if _CYRILLIC.match(other)), key)
    return key.replace("_", " ")


def sheet_title(name: str, lang: str) -> str:
    """Return what to call a sheet.

    Examples
    --------
    >>> sheet_title("partners", "en"), sheet_title("partners", "ru")
    ('Partners', 'Партнёры')
    """
    return in_language(name, SHEETS[name], lang).capitalize()


def choice_text(column: str, value: str, lang: str) -> str:
    """Return what to call a fixed value."""
    return in_language(value, CHOICES[column].get(value, ()), lang)
