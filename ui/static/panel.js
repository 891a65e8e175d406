// Runs once for the panel's element; its content and the chat's are replaced with every answer, so everything is heard from here.
const tell = (act, value, text = "") => trigger("click", { act, value, text });
const ask = (node) => tell("node", node.dataset.label);
element.addEventListener("click", async (event) => {
  const node = event.target.closest("[data-node]");
  if (node) ask(node);
  const button = event.target.closest("[data-copy], [data-link], [data-fetch]");
  if (!button) return;
  const status = button.parentElement.querySelector("[role=status]");
  const { copy, link, fetch: address } = button.dataset;
  try {
    const text = copy ?? (link ? new URL(link, location).href : await (await fetch(address)).text());
    await navigator.clipboard.writeText(text);
    status.textContent = `${button.textContent.replace("Copy", "Copied")}.`;
  } catch {
    status.textContent = "This browser does not let a page copy.";
  }
});
element.addEventListener("keydown", (event) => {
  const node = event.target.closest("[data-node]");
  if (node && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); ask(node); }
});
// the chips of the chat: only this element can speak to the server
document.addEventListener("click", (event) => {
  const button = event.target.closest("#chat :is(.answer, .edit) button[name]");
  if (!button) return;
  if (button.name === "again") tell("again", button.value, document.getElementById(`again-${button.value}`).value);
  else if (button.name === "add") tell("set", `${button.value} ${document.getElementById("need").value}`);
  else if (button.name === "reason") tell("reason", button.value, document.getElementById(`why-${button.value}`).value);
  else tell(button.name, button.value);
});
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("#chat .why input");
  if (!field || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault(); // or what has the focus next takes the key, too
  field.parentElement.querySelector("button").click();
});
// begin with the conversation of the address or of this browser; without one the server is told nothing
const kept = window.framegraphKept();
if (kept) {
  window.framegraphOpening();
  tell("open", kept);
}
