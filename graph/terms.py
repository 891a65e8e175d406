"""Closed namespaces: a mistyped term raises at import. These are the only IRIs that code knows."""

from __future__ import annotations

from graph.types import XSD, Iri

BASE = "https://framegraph.example/"


class Namespace:
    """A closed set of names under one IRI: ``FG.says`` is an Iri, ``FG.sayz`` an AttributeError."""

    def __init__(self, base: str, names: str) -> None:
        self._base = base
        self._names = frozenset(names.split())

    def __getattr__(self, name: str) -> Iri:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"{self.__dict__.get('_base', '')} has no term {name!r}; known: {sorted(self.__dict__.get('_names', ()))}")
        made = self.__dict__[name] = Iri(self._base + name)  # found there the next time, without coming here
        return made

    @property
    def base(self) -> str:
        return self._base


FG = Namespace(
    BASE + "engine#",
    "Document Passage Rule Derivation Remark Claim Aspect Feature Level LevelWord Need Dataset "
    "OfficialDocumentation PackageMetadata Repository Specification Article Book Benchmark Survey Judgement "
    "section retrieved speaksOf sourceKind snapshot rule "
    "about aspect says holds keyword suits unsuited disputes note question yesTo noTo "
    "hasCore hasOfficialExtra hasThirdParty documentsPattern lacks covers default rank group "
    "statement headline functional volatile counts phrasing lowWord highWord versionOrder bounds "
    "focusClass stopWord lightWord scope exampleQuestion greeting authority requiresFeature prefersFeature requiresValue prefersValue why "
    "among avoidsValue limitedBy instead weight prefersLow requiresNone splits broad "
    "order decides subject property winner reason factsGraph licenceOfData serves define tellApart describe fit move upkeep whole "
    "Run Setup run setup Origin file head",
)
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type subject predicate object Statement Property")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label comment subClassOf subPropertyOf domain range Class seeAlso")
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "Class ObjectProperty DatatypeProperty AnnotationProperty FunctionalProperty inverseOf Ontology sameAs NamedIndividual",
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#", "prefLabel altLabel hiddenLabel Concept definition exactMatch broader notation related"
)
DCT = Namespace("http://purl.org/dc/terms/", "title publisher creator description issued license requires modified isReplacedBy isPartOf")
PROV = Namespace("http://www.w3.org/ns/prov#", "wasQuotedFrom wasDerivedFrom generatedAtTime")
SCHEMA = Namespace("https://schema.org/", "url name unitText softwareVersion")
SOSA = Namespace(
    "http://www.w3.org/ns/sosa/",
    "Observation ObservableProperty Procedure hasFeatureOfInterest observedProperty hasSimpleResult usedProcedure resultTime",
)
DOAP = Namespace("http://usefulinc.com/ns/doap#", "Version release revision name")
FOAF = Namespace("http://xmlns.com/foaf/0.1/", "name")
XSDT = Namespace(XSD, "string boolean integer decimal double float date dateTime gYear gYearMonth anyURI duration")

FACTS = Iri(BASE + "graph/facts")
SOURCES = Iri(BASE + "graph/sources")
TERMS = Iri(BASE + "graph/terms")
RULES = BASE + "graph/rule/"

PREFIXES = {
    "fg": FG.base,
    "o": BASE + "ontology#",
    "id": BASE + "id/",
    "src": BASE + "passage/",
    "g": BASE + "graph/",
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "owl": OWL.base,
    "skos": SKOS.base,
    "dct": DCT.base,
    "doap": DOAP.base,
    "schema": SCHEMA.base,
    "prov": PROV.base,
    "sosa": SOSA.base,
    "xsd": XSD,
    "spdx": "http://spdx.org/licenses/",
}

LABELS = (SKOS.prefLabel, RDFS.label, SCHEMA.name, DOAP.name, FOAF.name, DCT.title)
ALIASES = (SKOS.altLabel, SKOS.hiddenLabel)
