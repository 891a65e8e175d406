// The comparison: rows are filtered as one types, names are completed from the whole graph. Without this script the forms ask the server.
(() => {
  const rows = document.getElementById("rows");
  if (rows) {
    const [text, group, differ] = ["text", "group", "differ"].map((id) => document.getElementById(id));
    const lines = [...document.querySelectorAll("tr[data-row]")];
    const narrow = () => {
      const wanted = text.value.trim().toLowerCase();
      let shown = 0;
      for (const line of lines) {
        line.hidden = !(line.dataset.row.includes(wanted) && (!group?.value || line.dataset.group === group.value)
          && (!differ.checked || "differ" in line.dataset));
        if (!line.hidden) shown += 1;
      }
      for (const part of document.querySelectorAll(".beside tbody")) part.hidden = !part.querySelector("tr[data-row]:not([hidden])");
      document.getElementById("count").textContent = `${shown} of ${lines.length} rows`;
    };
    rows.addEventListener("input", narrow);
    rows.addEventListener("submit", (event) => event.preventDefault());
    rows.querySelector("button").hidden = true;
    narrow();
  }

  const known = document.getElementById("known");
  const offered = new Set([...known.options].map((option) => option.value));
  let waiting = 0;
  document.getElementById("pick").addEventListener("input", ({ target }) => {
    clearTimeout(waiting);
    const text = target.value.trim();
    if (text.length < 2 || offered.has(text)) return;
    waiting = setTimeout(async () => {
      const reply = await fetch(`/api/v1/search?limit=8&q=${encodeURIComponent(text)}`);
      if (!reply.ok) return;
      for (const { label } of (await reply.json()).results) {
        if (offered.has(label)) continue;
        offered.add(label);
        const option = document.createElement("option");
        option.value = label;
        known.append(option);
      }
    }, 120);
  });
})();
