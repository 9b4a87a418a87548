// The reader's own tools, begun: theme, list, papers, keys.
import { begin } from "./papers.js";
import { beginKeys } from "./keys.js";
import { beginList } from "./list.js";
import { choose, list, onChange, reader } from "./store.js";

const themes = { system: ["◐", "light"], light: ["☀", "dark"], dark: ["☾", "system"] };
const button = document.querySelector("button.theme");
const mine = [...document.querySelectorAll(".masthead .more a")].find(({ pathname }) => /\/list\/(index\.html)?$/.test(pathname));

function show() {
  const { theme } = reader();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  if (button) {
    button.textContent = themes[theme][0];
    button.ariaLabel = button.title = `Colours: ${theme}; change to ${themes[theme][1]}`;
  }
  const count = list().length;
  if (mine) mine.textContent = count ? `My list (${count})` : "My list";
}

button?.addEventListener("click", () => choose({ theme: themes[reader().theme][1] }));
button?.classList.add("ready");
const { divider, visit } = reader();
try {
  // A visit is a tab's life; the one before it is what things are new since.
  if (divider && !sessionStorage.getItem("broadsheet:visit")) {
    sessionStorage.setItem("broadsheet:visit", "1");
    choose({ before: visit, visit: new Date().toISOString().slice(0, 10) });
  }
} catch {}
onChange(show);
show();
begin();
beginKeys();
beginList();
