// The chat page: marks lead to their sources, new answers come into view, unnamed buttons get names.
(() => {
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scroll = (element, block) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });

  const light = (source, mark) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (let fold = source.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    source.classList.add("lit");
    (mark.closest(".tone, li, td, p") || mark).classList.add("lit");
    scroll(source, "center");
    source.focus({ preventScroll: true });
  };

  // before Gradio's own router sees the click
  addEventListener("click", (event) => {
    const mark = event.target.closest("a[href^='#src-']");
    if (!mark) return;
    event.preventDefault();
    event.stopPropagation();
    const source = document.getElementById(mark.getAttribute("href").slice(1));
    if (source) light(source, mark);
  }, true);

  let asked = 0;
  const tidy = () => {
    const name = (selector, label) => {
      for (const button of document.querySelectorAll(selector)) if (!button.getAttribute("aria-label")) button.setAttribute("aria-label", label);
    };
    name("#question .submit-button", "Ask");
    name("#question .stop-button", "Stop");
    // Gradio names each message by its source text, tags and all
    for (const message of document.querySelectorAll("#chat [data-testid=user], #chat [data-testid=bot]"))
      message.setAttribute("aria-label", message.dataset.testid === "user" ? "Question" : "Answer");
    const questions = document.querySelectorAll("#chat .asked");
    document.body.classList.toggle("talking", questions.length > 0);
    if (questions.length > asked) scroll(questions[questions.length - 1], "start");
    asked = questions.length;
  };
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true });
    tidy();
  });
})();
