/* Runs before the first paint, so it is no module: the address wins, then the person's choice, then the system. */
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  let stored = null;
  try {
    stored = localStorage.getItem("signalbox.theme");
  } catch {
    stored = null;
  }
  const theme = asked.get("theme") || stored;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (asked.get("mode") === "projector") root.dataset.mode = "projector";
})();
