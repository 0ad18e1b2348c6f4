/**
 * The Share buttons of a sandbox's page, on a phone in the menu of the view: the dialog comes when somebody asks for
 * it. Without it the link leads to the page about the sandbox, which shares the scenario.
 */
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-share-url]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await (await import("./sharing.js")).open(link.dataset.shareUrl);
  } catch {
    location.assign(link.href);
  }
});
