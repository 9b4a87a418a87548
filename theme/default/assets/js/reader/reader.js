// The reader's own tools, begun; and what every page has of them: the theme, and how long the list is.
import { beginCards } from "./cards.js";
import { beginKeys } from "./keys.js";
import { beginList } from "./list.js";
import { beginOffline } from "./offline.js";
import { beginPreferences } from "./preferences.js";
import { choose, list, onChange, reader } from "./store.js";
import { _ } from "./words.js";

const themes = {
  system: ["◐", "light", _("Colours: as the system. Change to light")],
  light: ["☀", "dark", _("Colours: light. Change to dark")],
  dark: ["☾", "system", _("Colours: dark. Change to those of the system")],
};
const button = document.querySelector("button.theme");
const mine = [...document.querySelectorAll(".masthead .more a")].find(({ pathname }) => /\/list\/(index\.html)?$/.test(pathname));
const bars = [...document.querySelectorAll("meta[name=theme-color]")].map((meta) => [meta, meta.media]);

const { dataset } = document.documentElement;

function show() {
  const { theme, row, news } = reader();
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  dataset.row = row;
  dataset.heard = news === dataset.news;
  for (const [meta, media] of bars) meta.media = theme === "system" ? media : media.includes(theme) ? "all" : "not all";
  if (button) {
    button.textContent = themes[theme][0];
    button.ariaLabel = button.title = themes[theme][2];
  }
  const count = list().length;
  if (mine) mine.textContent = count ? _("My list (%(count)s)", { count }) : _("My list");
}

addEventListener("beforeprint", () => {
  document.querySelector(".imprint span").textContent = `· ${new Date().toLocaleDateString(document.documentElement.lang)}`;
});
button?.addEventListener("click", () => choose({ theme: themes[reader().theme][1] }));
button?.classList.add("ready");
for (const away of document.querySelectorAll(".away")) {
  away.addEventListener("click", () => choose(away.closest(".news") ? { news: dataset.news } : { row: false }));
}
onChange(show);
show();
// The list makes cards of its own, which are shown with the others.
beginList();
beginCards();
beginPreferences();
beginKeys();
beginOffline();
