// Reloads the page when the preview has a newer one, and shows what is wrong with the newest build.
const script = document.currentScript;
let seen = Number(script.dataset.version);
let overlay = null;

const events = new EventSource(new URL("events", script.src));
events.onmessage = async (message) => {
  const { run, version, pages, error } = JSON.parse(message.data);
  show(error);
  if (!error && (pages > seen || run !== script.dataset.run)) location.reload();
  else if (!error && version > seen) await restyle(version);
};
addEventListener("pagehide", () => events.close());

async function restyle(version) {
  const text = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelectorAll("link[rel=stylesheet]");
  const links = document.querySelectorAll("link[rel=stylesheet]");
  if (fresh.length !== links.length) return location.reload();
  links.forEach((link, number) => link.setAttribute("href", fresh[number].getAttribute("href")));
  seen = version;
}

function show(error) {
  overlay?.remove();
  overlay = null;
  if (!error) return;
  overlay = document.createElement("div");
  overlay.id = "preview-error";
  overlay.setAttribute("role", "alert");
  overlay.style.cssText =
    "position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:60vh;overflow:auto;padding:1rem 1.5rem;" +
    "background:#2b0b0b;color:#fff;font:14px/1.5 ui-monospace,monospace;border-top:4px solid #e5484d";
  const title = document.createElement("strong");
  title.textContent = "This page is the last good one. The newest build failed:";
  const text = document.createElement("pre");
  text.textContent = error;
  text.style.cssText = "margin:.5rem 0 0;white-space:pre-wrap;color:inherit;background:none;font:inherit";
  overlay.append(title, text);
  document.body.append(overlay);
}
