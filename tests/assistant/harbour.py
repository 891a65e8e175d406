"""A small graph of another domain, made for the tests of composed questions: boats, their harbours, voyages and skippers."""

from __future__ import annotations

from pathlib import Path

from assistant import Assistant
from graph.types import Iri

TURTLE = """
@prefix : <https://example.org/harbour/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:Boat a owl:Class ; rdfs:label "boat"@en .
:Ferry a owl:Class ; rdfs:label "ferry"@en ; rdfs:subClassOf :Boat .
:Harbour a owl:Class ; rdfs:label "harbour"@en .
:Skipper a owl:Class ; rdfs:label "skipper"@en .
:Voyage a owl:Class ; rdfs:label "voyage"@en .
:length a owl:DatatypeProperty ; rdfs:label "length (m)"@en .
:price a owl:DatatypeProperty ; rdfs:label "purchase price"@en ; schema:unitText "EUR" .
:built a owl:DatatypeProperty ; rdfs:label "year of construction"@en .
:motorised a owl:DatatypeProperty ; rdfs:label "motorised"@en .
:home a owl:ObjectProperty ; rdfs:label "kept at"@en ; rdfs:comment "The harbour where a boat lies."@en .
:steeredBy a owl:ObjectProperty ; rdfs:label "steered by"@en .
:licence a owl:ObjectProperty ; rdfs:label "licence"@en .
:Licence a owl:Class ; rdfs:label "licence"@en .
:by a owl:ObjectProperty ; rdfs:label "made with"@en .
:distance a owl:DatatypeProperty ; rdfs:label "distance"@en ; schema:unitText "km" .
:duration a owl:DatatypeProperty ; rdfs:label "duration"@en ; schema:unitText "min" .
:left a owl:DatatypeProperty ; rdfs:label "start date"@en .
:back a owl:DatatypeProperty ; rdfs:label "end date"@en .
:takings a owl:DatatypeProperty ; rdfs:label "ticket revenue"@en ; schema:unitText "EUR" .
:guests a owl:DatatypeProperty ; rdfs:label "number of passengers"@en .

:red a :Licence ; rdfs:label "Red Licence"@en . :blue a :Licence ; rdfs:label "Blue Licence"@en .
:ostby a :Harbour ; rdfs:label "Ostby"@en . :velm a :Harbour ; rdfs:label "Velm"@en . :quay a :Harbour ; rdfs:label "Old Quay"@en .
:ann a :Skipper ; rdfs:label "Ann Berg"@en . :bo a :Skipper ; rdfs:label "Bo Lind"@en ; :licence :red .
:cy a :Skipper ; rdfs:label "Cy Moe"@en . :ann :licence :red, :blue .
:gull a :Boat ; rdfs:label "Grey Gull"@en ; :length 12 ; :price 40000 ; :built "1980"^^xsd:gYear ; :motorised true ; :home :ostby ;
    :steeredBy :ann .
:tern a :Boat ; rdfs:label "White Tern"@en ; :length 20 ; :price 90000 ; :built "1995"^^xsd:gYear ; :motorised false ; :home :ostby ;
    :steeredBy :bo .
:auk a :Boat ; rdfs:label "Little Auk"@en ; :length 8 ; :price 15000 ; :built "2011"^^xsd:gYear ; :motorised true ; :home :velm ;
    :steeredBy :ann .
:swan a :Ferry ; rdfs:label "Black Swan"@en ; :length 45 ; :built "2004"^^xsd:gYear ; :motorised true .
:v1 a :Voyage ; rdfs:label "Voyage 1"@en ; :by :gull ; :distance 30 ; :duration 90 ; :left "2024-05-01"^^xsd:date ;
    :back "2024-05-11"^^xsd:date ; :takings 500 ; :guests 20 .
:v2 a :Voyage ; rdfs:label "Voyage 2"@en ; :by :tern ; :distance 60 ; :duration 120 ; :left "2024-06-01"^^xsd:date ;
    :back "2024-06-05"^^xsd:date ; :takings 900 ; :guests 30 .
:v3 a :Voyage ; rdfs:label "Voyage 3"@en ; :by :gull ; :distance 10 ; :duration 60 ; :left "2025-03-02"^^xsd:date ;
    :back "2025-03-04"^^xsd:date ; :takings 100 ; :guests 5 .
"""


def harbour(folder: Path) -> Assistant:
    """The assistant over this graph, written into the folder."""
    file = folder / "harbour.ttl"
    file.write_text(TURTLE, encoding="utf-8")
    return Assistant.open(file)


def found(assistant: Assistant, question: str, *history: str) -> list[tuple[str, ...]]:
    """The solutions of the answer's own query, things by label, sorted."""
    answer = assistant.answer(question, history=list(history))
    rows = assistant.graph.query(answer.sparql).rows if answer.sparql else ()
    return sorted(tuple(assistant.lexicon.label(v) if isinstance(v, Iri) else v.value for v in row.values()) for row in rows)
