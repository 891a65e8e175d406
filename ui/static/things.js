// The index: what is typed narrows the list as it is typed; the server makes the list. Without this script the form asks it.
(() => {
  const form = document.getElementById("find");
  const box = document.getElementById("q");
  let waiting = 0;
  let asked = 0;
  const narrow = async () => {
    const turn = ++asked;
    const reply = await fetch(`/things?${new URLSearchParams(new FormData(form))}`);
    const text = await reply.text();
    if (turn !== asked || !reply.ok) return; // something newer was typed meanwhile
    const found = new DOMParser().parseFromString(text, "text/html").getElementById("found");
    // the line that is read out stays the same element, so that it is read out when it changes
    const count = document.getElementById("count");
    count.textContent = found.querySelector("#count").textContent;
    found.querySelector("#count").replaceWith(count);
    document.getElementById("found").replaceChildren(...found.childNodes);
    history.replaceState(null, "", `/things?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`);
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(narrow, 120);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    await narrow();
    if (box.value.trim()) document.querySelector(".shelf li a")?.focus();
  });
})();
