"""What columns and fixed values may be called in a table, in English and Russian.

Names are compared without regard to case, to ``ё`` and ``е``, and to spaces, hyphens and underscores.
"""

from __future__ import annotations

import re
import unicodedata

FILES = {
    "pool": ("пул",),
    "partners": ("партнёры", "участники", "организации"),
    "offers": ("предложения",),
    "clusters": ("кластеры",),
    "competences": ("competencies", "компетенции"),
}
"""Names of the tables of a pool, and of their files."""

_ID = ("identifier", "code", "код", "идентификатор", "ид")
_NAME = ("title", "название", "наименование", "имя")
_COUNTRY = ("страна",)
_REGION = ("nuts", "регион", "область")
_INDUSTRY = ("sector", "отрасль")
_RELIABILITY = ("надёжность",)
_CAPACITY = ("мощность", "ёмкость", "трудовой ресурс", "доступные чел мес")
_COMPETENCE = ("competency", "компетенция")

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "pool": {
        "title": ("name", "название", "наименование"),
        "currency": ("валюта",),
        "as_of": ("date", "дата", "на дату"),
    },
    "partners": {
        "id": (*_ID, "partner", "партнёр", "участник"),
        "name": (*_NAME, "organisation", "organization", "организация"),
        "clusters": ("cluster", "кластеры", "кластер"),
        "country": _COUNTRY,
        "region": _REGION,
        "industry": _INDUSTRY,
        "kind": ("type", "вид", "тип"),
        "role": ("роль",),
        "owner": ("владелец", "собственник"),
        "joining_cost": ("entry cost", "стоимость вступления", "цена вступления", "затраты на вступление"),
        "default_rate": ("rate", "ставка", "ставка по умолчанию", "базовая ставка"),
        "capacity": _CAPACITY,
        "capacity_per_period": ("мощность по периодам",),
        "reliability": _RELIABILITY,
        "contact": ("контакт", "контакты"),
        "source": ("источник",),
        "competences": ("competencies", "компетенции"),
    },
    "offers": {
        "partner": ("партнёр", "участник", "организация"),
        "id": (*_ID, "offer", "предложение"),
        "competence": _COMPETENCE,
        "level": ("уровень",),
        "rate": ("ставка", "цена за чел мес"),
        "fixed": ("fixed price", "фиксированная цена", "фиксированная стоимость", "твёрдая цена"),
        "capacity": _CAPACITY,
        "category": ("категория", "статья затрат"),
        "reliability": _RELIABILITY,
    },
    "clusters": {
        "id": (*_ID, "cluster", "кластер"),
        "name": _NAME,
        "country": _COUNTRY,
        "region": _REGION,
        "industry": _INDUSTRY,
        "fee": ("membership fee", "взнос", "членский взнос"),
    },
    "competences": {
        "id": (*_ID, *_COMPETENCE, "competence"),
        "label:en": ("label", "name", "title"),
        "label:ru": ("название", "наименование", "имя"),
        "broader": ("parent", "шире", "более широкая", "родитель"),
    },
}
"""Columns of each table, by the key of the file schema, with other names for them."""

VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "sme": ("small", "мсп", "малое предприятие", "среднее предприятие", "малое и среднее предприятие"),
        "large": ("large enterprise", "крупное", "крупное предприятие"),
        "university": ("университет", "вуз"),
        "research": ("research organisation", "нии", "научная организация", "исследовательская организация"),
        "public": ("public body", "государственная организация", "орган власти", "госорган"),
        "cluster organisation": ("cluster organization", "кластерная организация", "организация кластера"),
        "non-profit": ("nonprofit", "нко", "некоммерческая организация"),
        "individual": ("физлицо", "физическое лицо", "ип"),
        "other": ("другое", "прочее"),
    },
    "role": {
        "beneficiary": ("бенефициар", "получатель"),
        "affiliated": ("affiliate", "аффилированный", "аффилированное лицо"),
        "associated": ("ассоциированный", "ассоциированный партнёр"),
        "subcontractor": ("субподрядчик",),
    },
    "category": {
        "personnel": ("персонал", "оплата труда"),
        "subcontracting": ("субподряд",),
        "equipment": ("оборудование",),
        "travel": ("командировки", "поездки"),
        "other": ("другое", "прочее"),
    },
}
"""Fixed values of a column, with other names for them."""

PAID = frozenset({"paid", "оплачено", "оплачен", "уплачено"})
YES = frozenset({"yes", "true", "да", "истина"})
NO = frozenset({"no", "false", "нет", "ложь"})


def folded(text: str) -> str:
    """Return what of a name is compared.

    Examples
    --------
    >>> folded(" Ёмкость ") == folded("емкость"), folded("Joining_Cost")
    (True, 'joining cost')
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return re.sub(r"[\s_\-.]+", " ", plain).strip(" *:")


def synonyms(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Turn names with other names for them into a look-up by the folded name."""
    found = {folded(other): name for name, others in names.items() for other in others}
    return found | {folded(name): name for name in names}
