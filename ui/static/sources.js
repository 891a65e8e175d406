// A mark and its source: the source shows beside the mark on hover and focus; choosing either lights the sentence, the source
// and the edges of the picture that it states.
(() => {
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = (element, block) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });
  const sourceOf = (mark) => document.getElementById(mark.getAttribute("href").slice(1));
  const sentenceOf = (mark) => mark.closest(".said, td, th, li, p") || mark;

  // ---------- light
  const light = (source, marks) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (let fold = source.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const [, turn, number] = source.id.split("-");
    const edges = document.querySelectorAll(`#evidence-${turn} [data-cites~="${number}"]`);
    for (const element of [source, ...marks.map(sentenceOf), ...edges]) element.classList.add("lit");
  };
  const lead = (mark, source) => {
    light(source, [mark]);
    show(source, "center");
    source.focus({ preventScroll: true });
  };
  const trace = (source) => {
    const marks = [...document.querySelectorAll(`#chat a.cite[href="#${source.id}"]`)];
    light(source, marks);
    if (!marks.length) return;
    show(marks[0], "center");
    marks[0].focus({ preventScroll: true });
  };

  // before Gradio's own router sees the click
  addEventListener("click", (event) => {
    const number = event.target.closest(".sources .number");
    if (number) trace(number.closest("li"));
    const link = event.target.closest("a[href^='#src-'], .jump a");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const target = sourceOf(link);
    if (!target) return;
    if (link.closest(".jump")) {
      target.open = true;
      target.scrollIntoView({ block: "start" });
    } else {
      hide();
      lead(link, target);
    }
  }, true);

  // ---------- preview
  let card = null;
  let shownFor = null;
  let leaving = 0;
  const hide = () => {
    clearTimeout(leaving);
    card?.remove();
    shownFor?.removeAttribute("aria-describedby");
    card = shownFor = null;
  };
  const line = (name, text) => {
    const p = document.createElement("p");
    p.className = name;
    p.textContent = text;
    return p;
  };
  const place = (mark) => {
    const at = mark.getBoundingClientRect();
    const below = at.bottom + 6 + card.offsetHeight < innerHeight;
    card.style.top = `${below ? at.bottom + 6 : Math.max(6, at.top - 6 - card.offsetHeight)}px`;
    card.style.left = `${Math.max(12, Math.min(at.left, innerWidth - card.offsetWidth - 12))}px`;
  };
  const preview = (mark) => {
    if (mark === shownFor) return;
    hide();
    const source = sourceOf(mark);
    if (!source) return;
    const text = (selector) => source.querySelector(selector)?.textContent ?? "";
    const section = text(".title .section");
    const title = text(".title").slice(0, section ? -section.length : undefined);
    const facts = [...source.querySelectorAll(".facts > li")].slice(0, 3).map((fact) => fact.textContent);
    card = document.createElement("div");
    card.id = "preview";
    card.className = "preview";
    card.setAttribute("role", "tooltip");
    card.append(line("title", title));
    if (section) card.append(line("section", section));
    card.append(line("meta", text(".meta")), ...facts.map((fact) => line("fact", fact)));
    (document.querySelector("#talk") || document.body).append(card);
    mark.setAttribute("aria-describedby", "preview");
    shownFor = mark;
    place(mark);
  };
  addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const mark = event.target.closest?.("#chat a.cite");
    clearTimeout(leaving);
    if (mark) preview(mark);
    else if (card && !card.contains(event.target)) leaving = setTimeout(hide, 200);  // time to reach the card
  });
  addEventListener("focusin", (event) => {
    const mark = event.target.closest?.("#chat a.cite");
    if (mark?.matches(":focus-visible")) preview(mark);
    else hide();
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", () => { if (shownFor) shownFor.isConnected ? place(shownFor) : hide(); }, true);
})();
