"""The file schema: strict models of what a person writes."""

from consortia.spec.filters import Condition, Filter
from consortia.spec.pool import Cluster, Competence, Membership, Offer, Partner, Pool
from consortia.spec.project import Capability, ExchangeRate, Project, Providers

__all__ = [
    "Capability",
    "Cluster",
    "Competence",
    "Condition",
    "ExchangeRate",
    "Filter",
    "Membership",
    "Offer",
    "Partner",
    "Pool",
    "Project",
    "Providers",
]
