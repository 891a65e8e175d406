// The index: what is typed narrows the list as it is typed. Without this script the form asks the server.
(() => {
  const box = document.getElementById("q");
  const status = document.getElementById("count");
  const shelves = [...document.querySelectorAll(".shelf")].map((shelf) => ({
    shelf,
    open: shelf.open,
    count: shelf.querySelector(".count"),
    items: [...shelf.querySelectorAll("li")].map((item) => ({ item, text: item.textContent.toLowerCase() })),
  }));
  const began = box.value.trim();
  const narrow = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let all = 0;
    for (const { shelf, open, count, items } of shelves) {
      let shown = 0;
      for (const { item, text } of items) {
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) shown += 1;
      }
      shelf.hidden = shown === 0;
      shelf.open = words.length ? shown > 0 : open;
      count.textContent = shown.toLocaleString("en");
      all += shown;
    }
    status.textContent = `${all.toLocaleString("en")} ${all === 1 ? "thing" : "things"}${words.length ? ` for “${box.value.trim()}”` : ""}`;
  };
  box.addEventListener("input", narrow);
  document.getElementById("find").addEventListener("submit", (event) => {
    if (began) return; // the list holds what was found for that; another search needs the whole of it
    event.preventDefault();
    const first = document.querySelector(".shelf:not([hidden]) li:not([hidden]) a");
    if (first && box.value.trim()) first.focus();
  });
})();
