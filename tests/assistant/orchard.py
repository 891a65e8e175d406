"""A small graph of another domain with measurements: apples, their sugar and weight, tasted by two laboratories in two years."""

from __future__ import annotations

from pathlib import Path

from assistant import Assistant

TURTLE = """
@prefix : <https://example.org/orchard/> .
@prefix fg: <https://framegraph.example/engine#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:Apple a owl:Class ; skos:prefLabel "apple"@en .
:colour a owl:ObjectProperty ; skos:prefLabel "colour"@en .
:Colour a owl:Class ; skos:prefLabel "colour"@en .
:keeps a owl:DatatypeProperty ; skos:prefLabel "months in store"@en . :russet :keeps 5 . :pippin :keeps 3 . :codlin :keeps 1 .
:russet a :Apple ; skos:prefLabel "Russet Queen"@en ; :colour :brown . :pippin a :Apple ; skos:prefLabel "Pippin"@en ; :colour :green .
:codlin a :Apple ; skos:prefLabel "Codlin"@en ; :colour :green . :quarrenden a :Apple ; skos:prefLabel "Quarrenden"@en ; :colour :brown .
:brown a :Colour ; skos:prefLabel "brown"@en . :green a :Colour ; skos:prefLabel "green"@en .

:sugar a sosa:ObservableProperty ; skos:prefLabel "sugar content"@en ; skos:altLabel "sweetness"@en , "sugar"@en ; fg:rank 1 ;
    fg:statement "{s} held {o} degrees Brix"@en ;
    fg:highWord "sweet"@en , "sweeter"@en , "sweetest"@en ; fg:lowWord "sourest"@en , "sourer"@en .
:weight a sosa:ObservableProperty ; skos:prefLabel "weight"@en ; fg:rank 2 ; fg:highWord "heavier"@en , "heaviest"@en .
:juice a sosa:Procedure ; skos:prefLabel "juice test"@en ; dct:isPartOf :valley ; fg:rank 1 .
:pulp a sosa:Procedure ; skos:prefLabel "pulp test"@en ; dct:isPartOf :hill ; fg:rank 1 .
:valley a skos:Concept ; skos:prefLabel "Valley Laboratory"@en .
:hill a skos:Concept ; skos:prefLabel "Hill Laboratory"@en ; skos:related :moor .
:moor a skos:Concept ; skos:prefLabel "Moor Laboratory"@en .
:warmth a owl:DatatypeProperty ; skos:prefLabel "storage temperature"@en ; fg:rank 1 ; fg:statement "at {o} degrees"@en .
:scales a owl:DatatypeProperty ; skos:prefLabel "scales"@en ; fg:rank 9 .

:valley2024 a fg:Run ; sosa:usedProcedure :juice ; sosa:resultTime "2024-09-01"^^xsd:date ; :warmth 4 ; :scales "brass scales" .
:valley2025 a fg:Run ; sosa:usedProcedure :juice ; sosa:resultTime "2025-09-01"^^xsd:date ; :warmth 4 ; :scales "brass scales" .
:valleyWarm a fg:Run ; sosa:usedProcedure :juice ; sosa:resultTime "2025-09-01"^^xsd:date ; :warmth 20 ; :scales "brass scales" .
:hill2025 a fg:Run ; sosa:usedProcedure :pulp ; sosa:resultTime "2025-10-01"^^xsd:date .
""" + "\n".join(
    f':m{n} a sosa:Observation ; fg:run :{run} ; sosa:hasFeatureOfInterest :{thing} ; sosa:observedProperty :{quantity} ; '
    f'sosa:hasSimpleResult {value} ; schema:unitText "{unit}" .'
    for n, (run, thing, quantity, value, unit) in enumerate([
        ("valley2024", "russet", "sugar", 12.5, "Brix"), ("valley2024", "pippin", "sugar", 11, "Brix"),
        ("valley2025", "russet", "sugar", 15, "Brix"), ("valley2025", "pippin", "sugar", 13, "Brix"),
        ("valley2025", "codlin", "sugar", 9, "Brix"),
        ("valleyWarm", "russet", "sugar", 16, "Brix"), ("valleyWarm", "pippin", "sugar", 17.5, "Brix"),
        ("hill2025", "codlin", "sugar", 10, "Brix"), ("hill2025", "pippin", "sugar", 14, "Brix"),
        ("valley2025", "russet", "weight", 180, "g"), ("valley2025", "codlin", "weight", 1210, "g"),
    ])
)  # fmt: skip


def orchard(folder: Path) -> Assistant:
    """The assistant over the orchard."""
    path = folder / "orchard.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    return Assistant.open(path)
