"""A small question that the commands are tried on, as a person would write it."""

LABELS = """
title: Smart labels for medicines
currency: EUR
rates: [{currency: RUB, rate: 0.0105, date: 2026-11-20}]
budget: 90000
capabilities:
  - {id: printing, effort: 6, level: 2, name: Printed electronics}
  - {id: welding, effort: 4.5, providers: {min: 2}, least_share: 0.2}
  - {id: food-safety, level: 2}
  - {id: lab, mode: delivered, competence: laboratory, backups: 1}
rules:
  - {rule: count, filter: {kind: sme}, min: 1}
  - {rule: share, of: cost, each: country, max: 0.8}
  - {rule: coordinator, filter: {kind: [university, sme]}}
  - {rule: representatives, attribute: country, min: 2}
interest: {quick: declined}
pool:
  clusters:
    - {id: pack, name: Packaging cluster of Minsk, country: BY, industry: packaging, fee: 1200.50}
    - {id: digi, name: Кластер цифровых технологий, country: RU, industry: digital, fee: 80000 RUB}
  competences:
    - id: printing
    - id: welding
    - {id: laser-welding, broader: welding}
    - id: food-safety
    - id: laboratory
  partners:
    - id: ink
      name: Чернила и плёнки, общество с ограниченной ответственностью
      clusters: [pack]
      kind: sme
      joining_cost: 500
      offers:
        - {competence: printing, level: 3, rate: 4000.333, capacity: 8}
        - {competence: laboratory, fixed: 3000}
    - id: press
      name: Press AG
      clusters: [digi]
      kind: large
      offers:
        - {competence: printing, level: 1, rate: 100}
        - {competence: laser-welding, rate: 300000 RUB}
    - id: bond
      clusters: [pack, digi]
      kind: sme
      default_rate: 3500
      joining_cost: 100
      offers: [{competence: welding}, {competence: food-safety, level: 2}]
    - id: uni
      name: Минский университет
      clusters: [{cluster: pack, paid: true}]
      kind: university
      offers: [{competence: laboratory, fixed: 2500}, {competence: food-safety, level: 1}]
    - id: quick
      clusters: [digi]
      offers: [{competence: welding, rate: 1}]
"""
COST = 43632.50  # 24,002 printing + 14,490 welding + 2,500 laboratory + 600 joining + 2,040.50 fees, rounded
