// Runs once for the panel's element; its content is replaced with every answer, so everything is heard from here.
const ask = (node) => trigger("click", { node: node.dataset.node, label: node.dataset.label });
element.addEventListener("click", async (event) => {
  const node = event.target.closest("[data-node]");
  if (node) ask(node);
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  const status = copy.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(copy.dataset.copy);
    status.textContent = "Copied.";
  } catch {
    status.textContent = "This browser does not let a page copy.";
  }
});
element.addEventListener("keydown", (event) => {
  const node = event.target.closest("[data-node]");
  if (node && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); ask(node); }
});
