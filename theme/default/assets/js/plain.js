// A plain folder has no server that answers for "day/" with "day/index.html".
if (location.protocol === "file:") {
  for (const link of document.querySelectorAll("a[href]")) {
    const address = new URL(link.href);
    if (address.protocol === "file:" && address.pathname.endsWith("/")) {
      address.pathname += "index.html";
      link.href = address.href;
    }
  }
  for (const form of document.forms) {
    const address = new URL(form.action);
    if (address.protocol === "file:") form.action = `${address.href.replace(/index\.html$/, "")}index.html`;
  }
  // A page that leads elsewhere would lead into a folder.
  if (document.body.dataset.page === "redirect") location.replace(document.querySelector("main a").href);
  for (const advice of document.querySelectorAll("[data-plain]")) advice.hidden = false;
}
