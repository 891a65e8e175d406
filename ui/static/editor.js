// The query editor: colours, brackets, completion of the graph's own terms, and errors marked where they are.
// It stands in a shadow tree, where its styles are sheets of the document's own making, which the page's policy lets be.
window.framegraphEditor = (place, { terms, prefixes, shorten, changed, run }) => {
  const cm = window.CodeMirror;
  const KEYWORDS = `SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER BIND
    VALUES EXISTS LIMIT OFFSET HAVING AS IN NOT COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND
    IRI BNODE ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER REPLACE REGEX SUBSTR YEAR
    MONTH DAY NOW IF COALESCE isIRI isLITERAL isBLANK`.split(/\s+/).concat("ORDER BY", "GROUP BY", "ASC", "DESC");

  // ---------- completion
  const keywords = KEYWORDS.map((label) => ({ label, type: "keyword" }));
  const named = terms.map(({ iri, label, kind }) => ({ label, detail: shorten(iri), apply: shorten(iri), type: kind, boost: 1 }));
  const short = terms.map(({ iri, label, kind }) => ({ label: shorten(iri), detail: label, type: kind }));
  const bases = Object.entries(prefixes).map(([prefix, base]) => ({ label: `${prefix}:`, detail: base, type: "namespace" }));
  const local = (context) => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const known = [...new Set(context.state.doc.toString().match(/[?$]\w+/g) || [])].filter((name) => name !== variable.text);
      return { from: variable.from, options: known.map((label) => ({ label, type: "variable" })) };
    }
    const word = context.matchBefore(/[\w:-]+/);
    if (!word && !context.explicit) return null;
    return { from: word ? word.from : context.pos, options: [...keywords, ...named, ...short, ...bases], validFor: /^[\w:-]*$/ };
  };
  const things = async (context) => {
    const word = context.matchBefore(/[\w-]{2,}/);
    if (!word || /[?$:]/.test(context.state.sliceDoc(word.from - 1, word.from))) return null;
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (context.aborted) return null;
    const reply = await fetch(`/api/v1/search?limit=12&q=${encodeURIComponent(word.text)}`);
    if (!reply.ok) return null;
    const { results } = await reply.json();
    return { from: word.from, options: results.map(({ iri, label }) => ({ label, detail: shorten(iri), apply: shorten(iri), type: "constant" })) };
  };

  // ---------- looks: the colours of the page
  const { tags } = cm;
  const colours = cm.HighlightStyle.define([
    { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
    { tag: [tags.variableName, tags.atom], color: "var(--claim)" },
    { tag: [tags.string, tags.number, tags.bool], color: "var(--contest)" },
    { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
    { tag: [tags.operator, tags.bracket, tags.punctuation], color: "var(--quiet)" },
  ]);
  const looks = cm.EditorView.theme({
    "&": { color: "var(--ink)", background: "var(--raised)", border: "1px solid var(--line-strong)", borderRadius: "8px", fontSize: "15.5px" },
    "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", maxHeight: "32rem", overflow: "auto" },
    ".cm-content, .cm-gutter": { minHeight: "15rem" },
    ".cm-content": { padding: ".6rem 0", caretColor: "var(--ink)" },
    ".cm-gutters": { background: "var(--sunk)", color: "var(--quiet)", borderRight: "1px solid var(--line)", borderRadius: "8px 0 0 8px" },
    ".cm-activeLine, .cm-activeLineGutter": { background: "color-mix(in srgb, var(--tint) 45%, transparent)" },
    "&.cm-focused .cm-matchingBracket": { background: "var(--lit)", color: "inherit" },
    ".cm-tooltip": { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "8px" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".25rem .6rem", fontFamily: "var(--sans)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
    ".cm-completionDetail": { opacity: ".75", fontStyle: "normal", fontFamily: "var(--mono)", fontSize: ".85em" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
    ".cm-diagnostic-error": { borderLeft: "5px solid var(--trouble)", whiteSpace: "pre-wrap" },
  });

  // what is typed over a selection is put in here: left to itself, a browser keeps the look of what went in a style that the policy refuses
  const beforeinput = (event, view) => {
    if (event.inputType !== "insertText" || event.data == null || view.composing) return false;
    // what the browser has selected, which the editor learns of a moment later
    const over = (root.getSelection ? root : document).getSelection();
    if (!over.anchorNode || !view.contentDOM.contains(over.anchorNode)) return false;
    const ends = [view.posAtDOM(over.anchorNode, over.anchorOffset), view.posAtDOM(over.focusNode, over.focusOffset)];
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    if (from === to) return false;
    event.preventDefault();
    view.dispatch({ changes: { from, to, insert: event.data }, selection: { anchor: from + event.data.length }, userEvent: "input.type" });
    return true;
  };

  const root = place.attachShadow({ mode: "open" });
  const view = new cm.EditorView({
    root,
    parent: root,
    state: cm.EditorState.create({
      extensions: [
        cm.lineNumbers(), cm.highlightActiveLine(), cm.history(), cm.bracketMatching(), cm.closeBrackets(), cm.lintGutter(),
        cm.StreamLanguage.define(cm.sparql), cm.syntaxHighlighting(colours), looks, cm.EditorView.lineWrapping,
        cm.autocompletion({ override: [local, things], icons: false }),
        cm.EditorView.contentAttributes.of({ "aria-label": "Query", spellcheck: "false", autocapitalize: "off" }),
        cm.EditorView.domEventHandlers({ beforeinput }),
        cm.EditorView.updateListener.of((update) => { if (update.docChanged) changed(); }),
        cm.keymap.of([
          { key: "Mod-Enter", run: () => { run(); return true; } },
          ...cm.closeBracketsKeymap, ...cm.completionKeymap, ...cm.historyKeymap, ...cm.defaultKeymap,
        ]),
      ],
    }),
  });
  return {
    get text() { return view.state.doc.toString(); },
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
      view.dispatch(cm.setDiagnostics(view.state, []));
    },
    // what is wrong, where it is: the place is marked and stands under the cursor
    mark(message, line, column) {
      const row = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const from = Math.min(row.from + Math.max(column - 1, 0), row.to);
      const to = Math.min(from + 1, row.to);
      view.dispatch(cm.setDiagnostics(view.state, [{ from: to > from ? from : Math.max(row.from, from - 1), to, severity: "error", message }]));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    clear() { view.dispatch(cm.setDiagnostics(view.state, [])); },
  };
};
