/**
 * The Share button of a sandbox's page: its dialog comes when somebody asks for it. Without it the link leads to
 * the page about the sandbox, which shares the scenario.
 */
const link = document.querySelector("a[data-share-url]");

link?.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await (await import("./sharing.js")).open(link.dataset.shareUrl);
  } catch {
    location.assign(link.href);
  }
});
