// The page to type a query: runs it over HTTP as any client would, and shows what comes back.
(() => {
  const { examples, prefixes, terms } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const RESULTS = { JSON: "application/sparql-results+json", CSV: "text/csv", TSV: "text/tab-separated-values", XML: "application/sparql-results+xml" };
  const TRIPLES = { Turtle: "text/turtle", "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json", "RDF/XML": "application/rdf+xml" };
  const SHOWN = 500;

  const ask = (text, accept) =>
    fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: accept }, body: text });

  const short = (iri) => {
    for (const [prefix, base] of Object.entries(prefixes))
      if (iri.startsWith(base) && /^[\w.-]*$/.test(iri.slice(base.length))) return `${prefix}:${iri.slice(base.length)}`;
    return iri;
  };

  const words = (term) => (term.type === "uri" ? short(term.value) : term.value);
  const written = (iri) => (short(iri) === iri ? `<${iri}>` : short(iri));

  const cell = (term) => {
    if (!term) return make("td", { class: "unbound" });
    if (term.type === "uri") return make("td", { class: "iri", title: term.value }, short(term.value));
    if (term.type === "bnode") return make("td", { class: "iri" }, `_:${term.value}`);
    if (term.type === "triple") return make("td", {}, JSON.stringify(term.value));
    const note = term["xml:lang"] || (term.datatype ? short(term.datatype) : "");
    return make("td", {}, term.value, ...(note ? [make("span", { class: "note" }, note)] : []));
  };

  const table = ({ head, results }) => {
    const names = head.vars || [];
    const rows = results.bindings.slice(0, SHOWN).map((row) => make("tr", {}, ...names.map((name) => cell(row[name]))));
    const columns = names.map((name) => make("th", { scope: "col" }, name));
    return make("table", {}, make("thead", {}, make("tr", {}, ...columns)), make("tbody", {}, ...rows));
  };

  const plural = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

  const show = (text, status, content, formats) => {
    at("status").textContent = status;
    at("table").replaceChildren(...(content ? [content] : []));
    at("table").hidden = !content;
    at("downloads").replaceChildren("Download: ", ...Object.entries(formats).map(([name, type]) => download(text, name, type)));
    at("downloads").hidden = Object.keys(formats).length === 0;
    at("chart").hidden = true;
  };

  const draw = ({ head, results }) => {
    const chart = window.framegraphChart(head.vars || [], results.bindings, words);
    if (!chart) return;
    at("chart").replaceChildren(chart);
    at("chart").hidden = false;
  };

  const download = (text, name, type) => {
    const button = make("button", { type: "button", class: "button" }, name);
    button.addEventListener("click", async () => {
      const reply = await ask(text, type);
      const address = URL.createObjectURL(await reply.blob());
      const endings = { Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf" };
      make("a", { href: address, download: `result.${endings[name] || name.toLowerCase()}` }).click();
      URL.revokeObjectURL(address);
    });
    return button;
  };

  const trouble = (message) => {
    at("trouble").replaceChildren(make("strong", {}, "This query was not answered. "), message);
    at("trouble").hidden = false;
    const place = /line (\d+), column (\d+)/.exec(message);
    if (!place) return;
    const line = make("code", {}, editor.text.split("\n")[place[1] - 1] || "");
    at("trouble").append(make("pre", {}, line, "\n", " ".repeat(Math.max(place[2] - 1, 0)), "^"));
    editor.mark(message, Number(place[1]), Number(place[2]));
  };

  const run = async () => {
    const text = editor.text;
    at("trouble").hidden = true;
    editor.clear();
    at("run").disabled = true;
    show(text, "Running…", null, {});
    const begun = performance.now();
    try {
      const reply = await ask(text, `${RESULTS.JSON}, ${TRIPLES.Turtle};q=0.9`);
      const took = `${((performance.now() - begun) / 1000).toFixed(2)} s`;
      const type = reply.headers.get("content-type") || "";
      if (!reply.ok) {
        show(text, "No result.", null, {});
        trouble(type.includes("json") ? (await reply.json()).error.message : `The server said ${reply.status}.`);
      } else if (type.startsWith(RESULTS.JSON)) {
        const answer = await reply.json();
        if ("boolean" in answer) show(text, `Answered in ${took}.`, make("p", { class: "verdict" }, answer.boolean ? "Yes" : "No"), RESULTS);
        else {
          const rows = answer.results.bindings.length;
          const cut = rows > SHOWN ? `, of which the first ${SHOWN} are shown` : "";
          show(text, `${plural(rows, "row")}${cut}, in ${took}.`, table(answer), RESULTS);
          draw(answer);
        }
      } else {
        show(text, `A graph, in ${took}.`, make("pre", {}, make("code", {}, await reply.text())), TRIPLES);
      }
    } catch (error) {
      show(text, "No result.", null, {});
      trouble(`The server could not be reached (${error.message}).`);
    } finally {
      at("run").disabled = false;
    }
  };

  const asked = async () => {
    await run();
    const results = at("results-title"); // on a phone they stand below all examples; trouble stands by the query
    if (at("trouble").hidden && results.getBoundingClientRect().top > innerHeight * 0.8) results.scrollIntoView({ block: "start" });
  };

  // Only from here on is it a link: one that led somewhere before the query was in it would lose the query.
  const typed = at("query").value; // before this ran
  const link = () => { at("link").href = `/sparql?query=${encodeURIComponent(editor.text)}`; };
  document.querySelector("label[for=query]").replaceWith(make("p", { class: "label" }, "Query"));
  at("place").replaceChildren();
  const editor = window.framegraphEditor(at("place"), { terms, prefixes, shorten: written, changed: () => link(), run: () => asked() });
  const put = (text) => { editor.text = text; link(); };

  at("form").addEventListener("submit", (event) => { event.preventDefault(); asked(); });
  at("prefixes").textContent = Object.entries(prefixes).map(([p, b]) => `${p}: <${b}>`).join("\n");
  for (const example of examples) {
    const button = make("button", { type: "button", class: "example" }, example.question);
    button.addEventListener("click", () => { put(example.query); asked(); });
    at("examples").append(make("li", {}, button));
  }
  const given = new URLSearchParams(location.search).get("query");
  put(given || typed || examples[0].query);
  if (given) run();
})();
