// Light or dark: what the reader chose on this machine, or else what the system prefers.
(() => {
  const key = "framegraph-theme";
  const preferred = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const chosen = () => { try { return localStorage.getItem(key); } catch { return null; } };
  let theme = chosen() || preferred();
  const apply = () => {
    for (const element of [document.documentElement, document.body])
      if (element && element.classList.contains("dark") !== (theme === "dark")) element.classList.toggle("dark", theme === "dark");
  };
  const begin = () => {
    apply();
    // Gradio sets its own class when it starts; the reader's choice stands
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  };
  apply();
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
  addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    theme = theme === "dark" ? "light" : "dark";
    try { localStorage.setItem(key, theme); } catch { /* a browser that keeps nothing still switches */ }
    apply();
  });
})();
