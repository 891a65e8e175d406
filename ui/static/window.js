// The chat page: new answers come into view, what is open stays open, the conversation is kept, unnamed things get names.
(() => {
  // a new question is kept at the top of the talk while its answer grows below, until the reader scrolls
  let asked = 0;
  let pinned = null;
  const unpin = () => { pinned = null; };
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(event, unpin, { passive: true });
  const pin = () => {
    const questions = document.querySelectorAll("#chat .asked");
    if (questions.length > asked) pinned = questions.length - 1;
    asked = questions.length;
    const question = pinned !== null && questions[pinned];
    if (!question) return;
    // the talk scrolls and not the page, which on a phone would take its head and the box along
    const talk = question.closest("[role=log]");
    talk.scrollTop += question.getBoundingClientRect().top - talk.getBoundingClientRect().top - 12;
    document.getElementById("talk").scrollIntoView({ block: "nearest" });
  };

  // a question is edited in place: its field has the focus while it is open, and the box has it once it is asked
  addEventListener("toggle", ({ target }) => {
    const free = [document.body, target.firstElementChild].includes(document.activeElement); // who was quicker has gone on
    if (free && target.open && target.matches("#chat .edit")) target.querySelector("input").focus();
  }, true);
  addEventListener("keydown", (event) => {
    const edit = event.key === "Escape" && event.target.closest("#chat .edit[open]");
    if (!edit) return;
    edit.open = false;
    edit.querySelector("summary").focus();
  });
  addEventListener("click", ({ target }) => {
    if (target.closest("#chat .edit button")) document.querySelector("#question textarea").focus();
  });

  // an answer that is asked again by one of its chips is a new element: what was open stays open, and focus stays on the chip
  const open = new Set();
  addEventListener("toggle", ({ target }) => {
    if (target.id && target.closest("#chat .answer")) open[target.open ? "add" : "delete"](target.id);
  }, true);
  const about = (button) => button.value.split(" ").at(button.name === "mean" ? 0 : -1);  // the span, or the thing
  let touched = null;
  addEventListener("click", (event) => {
    const button = event.target.closest("#chat .answer button[name]");
    if (button) touched = { button, about: about(button), name: button.name };
  }, true);
  let talked = 0;
  const refocus = () => {
    const count = document.querySelectorAll("#chat .asked").length;
    if (count !== talked) open.clear();  // another question's chips begin closed
    if (talked && !count && !linked()) store("");  // cleared: the panel follows a moment later
    talked = count;
    for (const id of open) {
      const fold = document.getElementById(id);
      if (fold && !fold.open && fold.closest("#chat")) fold.open = true;
    }
    if (!touched || touched.button.isConnected) return;
    const buttons = [...document.querySelectorAll("#chat .answer button[name]")].filter((b) => b.name === touched.name);
    const field = touched.name === "rate" && document.querySelector(`#rate-${touched.about} input`);
    const next = field || buttons.find((b) => about(b) === touched.about) || document.querySelector("#chat .needs summary, #chat .pieces summary");
    if (!next) return;
    touched = null;
    next.focus({ preventScroll: true });
  };

  // the conversation is kept in this browser, as the code of its permalink, until it is cleared: the tab's own, else the last one;
  // one that came with the address stays in the address until it goes on
  const drawer = `framegraph-talk ${window.framegraphTitle}`;
  const stored = (place) => { try { return place().getItem(drawer); } catch { return null; } };
  const places = [() => sessionStorage, () => localStorage];
  const linked = () => new URLSearchParams(location.search).get("talk");
  window.framegraphKept = () => {
    if (linked()) return `link ${linked()}`;
    const code = stored(places[0]) ?? stored(places[1]);
    return code ? `kept ${code}` : "";
  };
  // until it stands whole nothing can be asked after it; a server that does not answer holds nobody up for long
  const box = () => document.getElementById("question");
  const opened = () => box()?.removeAttribute("inert");
  window.framegraphOpening = () => {
    box()?.setAttribute("inert", "");
    setTimeout(opened, 30_000);
  };
  const store = (code) => {
    for (const place of places) try { place().setItem(drawer, code); } catch { /* a browser that keeps nothing */ }
  };
  let seen = null;
  const keep = () => {
    const panel = document.querySelector("#shelf .panel[data-talk]");
    if (panel || document.querySelector("#chat .trouble")) opened();
    if (!panel || panel.dataset.talk === seen) return;
    seen = panel.dataset.talk;
    if ("linked" in panel.dataset) return;
    store(seen);
    if (linked()) history.replaceState(null, "", location.pathname);
  };

  const tidy = () => {
    const name = (selector, label) => {
      for (const button of document.querySelectorAll(selector)) if (!button.getAttribute("aria-label")) button.setAttribute("aria-label", label);
    };
    name("#question .submit-button", "Ask");
    name("#question .stop-button", "Stop");
    // Gradio calls its examples a list, and they are buttons
    document.querySelector("#chat .examples[role]")?.removeAttribute("role");
    // the sanitiser drops labels and keeps titles, which would stand over the preview
    for (const mark of document.querySelectorAll("#chat a.cite[title]")) {
      mark.setAttribute("aria-label", mark.title);
      mark.removeAttribute("title");
    }
    // Gradio names each message by its source text, tags and all
    for (const message of document.querySelectorAll("#chat [data-testid=user], #chat [data-testid=bot]"))
      message.setAttribute("aria-label", message.dataset.testid === "user" ? "You asked" : "Answer");
    refocus();
    keep();
    pin();
  };
  const begin = () => {
    new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-talk"] });
    tidy();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
