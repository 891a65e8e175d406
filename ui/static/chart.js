// A chart of a result, where it fits one: a column of names and one of numbers as bars. The table below says the same.
window.framegraphChart = (names, rows, text) => {
  const SVG = "http://www.w3.org/2000/svg";
  const [FEWEST, MOST, NAMES, BARS, ROW] = [2, 40, 210, 380, 26];
  const number = (term) => (term && term.type === "literal" && /#(integer|decimal|double|float|int|long)$/.test(term.datatype || "") ? Number(term.value) : NaN);
  const numeric = names.filter((name) => rows.every((row) => Number.isFinite(number(row[name]))));
  const label = names.find((name) => !numeric.includes(name) && rows.every((row) => row[name]));
  if (!label || !numeric.length || rows.length < FEWEST || rows.length > MOST) return null;
  const by = numeric[0];
  const values = rows.map((row) => number(row[by]));
  if (new Set(rows.map((row) => row[label].value)).size < rows.length || Math.min(...values) < 0 || Math.max(...values) <= 0) return null;
  const most = Math.max(...values);
  const make = (tag, attributes, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const brief = (said) => (said.length > 27 ? `${said.slice(0, 26)}…` : said);
  const bars = rows.flatMap((row, place) => {
    const y = place * ROW;
    const wide = (values[place] / most) * BARS;
    return [
      make("text", { x: NAMES - 10, y: y + 17, "text-anchor": "end" }, brief(text(row[label]))),
      make("rect", { x: NAMES, y: y + 4, width: Math.max(wide, 1).toFixed(1), height: ROW - 8, rx: 3 }),
      make("text", { x: NAMES + wide + 7, y: y + 17, class: "figure" }, values[place].toLocaleString("en")),
    ];
  });
  const [width, height] = [NAMES + BARS + 80, rows.length * ROW];
  const told = `Bar chart of ${by} by ${label}; the table below holds the same.`;
  const chart = make("svg", { role: "img", "aria-label": told, width, height, viewBox: `0 0 ${width} ${height}` }, ...bars);
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", "Chart");
  scroll.append(chart);
  return scroll;
};
