"""What each column of a workbook and each field of its first sheet means, for the comments on their cells."""

from __future__ import annotations

from consortia.sentence import Sentence, say

FIELD_HELP: dict[str, Sentence] = {
    "title": say("What the project is called."),
    "description": say("What it is about, in a sentence or two."),
    "currency": say("Code of the currency of all plain amounts: EUR, RUB, BYN."),
    "rates": say("What one unit of another currency is worth: currency = BYN; rate = 0.29; date = 2026-11-20"),
    "budget": say("The most that the whole may cost. Empty: no limit."),
    "cooperation": say(
        "cross-cluster: at least two industries and two clusters. super-regional: one country, at least two clusters. "
        "metacluster: clusters of at least two countries. any: no rule."
    ),
    "effort_step": say("The smallest part of a person-month that is planned, such as 0.5."),
    "pool": say("The file of partners, where they are not in this workbook."),
    "interest": say("Who was asked: PARTNER = accepted; OTHER = declined. Who declined is left out."),
    "accepted_only": say("Yes: only partners that have accepted may join."),
    "roles": say("Roles for this project only: PARTNER = associated"),
    "groups": say("Named groups of values for rules: visegrad = CZ | HU | PL | SK"),
    "periods": say("Names of periods in their order, apart by semicolons, or how many there are."),
    "objectives": say("What is minimised or maximised, one a row in the order of importance. Empty: cost."),
    "worked_together": say("Two partners that have worked together, one pair a row: ONE | OTHER"),
    "choices": say("Capabilities one of which is undertaken: ONE | OTHER"),
    "packs": say("Rules of a funding programme; `consortia packs` lists them."),
    "funding": say("The programme that funds the project."),
    "affinity": say("Links between industries: the name of a table."),
}
_LABEL = say("What to call it in reports. May be empty.")
_MORE = say("Whatever has no column of its own: NAME = VALUE, apart by semicolons.")
_COUNTRY = say("Code of the country, such as BY. Empty for a partner: that of its first cluster.")
_REGION = say("Code or name of the region.")
_INDUSTRY = say("One of the list or any other. Empty for a partner: that of its first cluster.")
_CAPACITY = say("Person-months at most. Empty: no limit.")
_RELIABILITY = say("From 0 to 1, or a percentage.")
COLUMN_HELP: dict[tuple[str, str], Sentence] = {
    ("project", "field"): say("What is said of the project; each row may be left out, but not the title."),
    ("project", "value"): say("What it is."),
    ("capabilities", "id"): say("A short name of what the project needs; each once."),
    ("capabilities", "competence"): say("The competence it takes. Empty: the one called like it."),
    ("capabilities", "name"): say("What to call it in reports. May be empty."),
    ("capabilities", "level"): say("The least level that will do. Empty: 1."),
    ("capabilities", "mode"): say(
        "held: it is enough that a member has it. delivered: somebody does it. Empty: delivered where there is an "
        "effort."
    ),
    ("capabilities", "effort"): say("Person-months. Empty for what is only to be held."),
    ("capabilities", "providers_min"): say("How many partners supply it at least. Empty: 1."),
    ("capabilities", "providers_max"): say("How many partners supply it at most. Empty: no limit."),
    ("capabilities", "least_share"): say("The least share of the effort for each who delivers, such as 20 %."),
    ("capabilities", "start"): say("The first period with work on it."),
    ("capabilities", "end"): say("The last period with work on it."),
    ("capabilities", "backups"): say("How many further members could deliver it and do not."),
    ("capabilities", "optional"): say("Yes: it may be left out."),
    ("capabilities", "value"): say("What it is worth, for the objective value."),
    ("work packages", "id"): say("A short name of the work package."),
    ("work packages", "title"): say("What to call it in reports. May be empty."),
    ("work packages", "capabilities"): say("What belongs to it, apart by semicolons."),
    ("rules", "rule"): say("What kind of rule it is; docs/rules.md explains each."),
    ("rules", "label"): _LABEL,
    ("rules", "filter"): say(
        "Of whom it speaks: kind = sme; country in eu; reliability >= 0.8. Empty: all beneficiaries."
    ),
    ("rules", "min"): say("At least: a number, or a percentage for a share."),
    ("rules", "max"): say("At most: a number, or a percentage for a share."),
    ("rules", "attribute"): say("What has to differ: country, cluster, industry, owner, ..."),
    ("rules", "each"): say("The limit holds for each partner, cluster, country or owner by itself."),
    ("rules", "of"): say("Of what: cost or effort for a share, the name of an expression for a limit."),
    ("rules", "partners"): say("Ids of partners, apart by semicolons."),
    ("rules", "capabilities"): say("Capabilities it speaks of, apart by semicolons. Empty: all."),
    ("rules", "more"): _MORE,
    ("costs", "cost"): say("What kind of cost it is; docs/costs.md explains each."),
    ("costs", "id"): say("A short name of it; each once."),
    ("costs", "label"): _LABEL,
    ("costs", "more"): _MORE,
    ("pool", "title"): say("What the pool is called."),
    ("pool", "currency"): say("Code of the currency of plain amounts in the pool. Empty: the project's."),
    ("pool", "as_of"): say("The day on which these data were true."),
    ("clusters", "id"): say("A short name of the cluster; each once."),
    ("clusters", "name"): say("Its full name. May be empty."),
    ("clusters", "country"): _COUNTRY,
    ("clusters", "region"): _REGION,
    ("clusters", "industry"): _INDUSTRY,
    ("clusters", "fee"): say("Paid once if a member enters through the cluster. Empty: nothing."),
    ("partners", "id"): say("A short name of the organisation; each once."),
    ("partners", "name"): say("Its full name. May be empty."),
    ("partners", "clusters"): say("Clusters it belongs to, apart by semicolons; (paid) after one whose fee is paid."),
    ("partners", "country"): _COUNTRY,
    ("partners", "region"): _REGION,
    ("partners", "industry"): _INDUSTRY,
    ("partners", "kind"): say("What kind of organisation it is."),
    ("partners", "role"): say("How it takes part. Empty: beneficiary."),
    ("partners", "owner"): say("Who controls it. Empty: itself."),
    ("partners", "joining_cost"): say(
        "What its joining costs, once; a number, or with a currency: 1200 RUB. Empty: nothing."
    ),
    ("partners", "default_rate"): say("Price of a person-month for offers without a price of their own."),
    ("partners", "capacity"): _CAPACITY,
    ("partners", "capacity_per_period"): say(
        "Person-months at most in each period: a number, or spring = 2; summer = 3"
    ),
    ("partners", "reliability"): _RELIABILITY,
    ("partners", "contact"): say("Whom to ask."),
    ("partners", "source"): say("Where these data come from."),
    ("partners", "competences"): say(
        "Competences with levels, for partners without a row in the sheet of offers: welding:3; coatings"
    ),
    ("offers", "partner"): say("The id of the partner."),
    ("offers", "id"): say("A name of the offer, where a partner has several of one competence. May be empty."),
    ("offers", "competence"): say("One of the sheet of competences."),
    ("offers", "level"): say("How well it is mastered: 1 or more. Empty: 1."),
    ("offers", "rate"): say("Price of a person-month. Empty: it can be held, not delivered."),
    ("offers", "fixed"): say("A price for the delivery as a whole, instead of or beside the rate."),
    ("offers", "capacity"): _CAPACITY,
    ("offers", "category"): say("What kind of cost it is. Empty: personnel."),
    ("offers", "reliability"): _RELIABILITY,
    ("competences", "id"): say("A short name of the competence; each once."),
    ("competences", "label:en"): say("Its name in English. May be empty."),
    ("competences", "label:ru"): say("Its name in Russian. May be empty."),
    ("competences", "broader"): say(
        "The broader competence, or several apart by semicolons. Who has the narrower one has it too."
    ),
}
