// The chat page: marks lead to their sources, new answers come into view, unnamed buttons get names.
(() => {
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  const light = (source, mark) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (let fold = source.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    source.classList.add("lit");
    (mark.closest(".tone, li, td, p") || mark).classList.add("lit");
    source.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "center" });
    source.focus({ preventScroll: true });
  };

  // before Gradio's own router sees the click
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#src-'], .jump a");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    if (link.closest(".jump")) {
      target.open = true;
      target.scrollIntoView({ block: "start" });
    } else light(target, link);
  }, true);

  // a new question is kept at the top of the talk while its answer grows below, until the reader scrolls
  let asked = 0;
  let pinned = null;
  const unpin = () => { pinned = null; };
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(event, unpin, { passive: true });
  const pin = () => {
    const questions = document.querySelectorAll("#chat .asked");
    if (questions.length > asked) pinned = questions.length - 1;
    asked = questions.length;
    if (pinned !== null && questions[pinned]) questions[pinned].scrollIntoView({ block: "start" });
  };

  const tidy = () => {
    const name = (selector, label) => {
      for (const button of document.querySelectorAll(selector)) if (!button.getAttribute("aria-label")) button.setAttribute("aria-label", label);
    };
    name("#question .submit-button", "Ask");
    name("#question .stop-button", "Stop");
    // Gradio names each message by its source text, tags and all
    for (const message of document.querySelectorAll("#chat [data-testid=user], #chat [data-testid=bot]"))
      message.setAttribute("aria-label", message.dataset.testid === "user" ? "You asked" : "Answer");
    pin();
  };
  const begin = () => {
    new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true });
    tidy();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
