// The page for what does not exist: read the address that was asked for, and say what comes nearest to it.
import { _ } from "./words.js";

const meant = document.querySelector("#meant");
const { root, first, last } = meant.dataset;
const asked = decodeURIComponent(location.pathname.replaceAll("%", "%25").replace(/%25([0-9a-f]{2})/gi, "%$1"));
const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });
// Values, text or links, go to the places of their names.
const say = (text, values) => {
  meant.append(...text.split(/%\((\w+)\)s/).map((part, place) => (place % 2 ? values[part] : part)));
  meant.hidden = false;
};
const exists = async (url) => (await fetch(url, { method: "HEAD" }).catch(() => ({ ok: false }))).ok;

// New ids since April 2007, old ones before: https://info.arxiv.org/help/arxiv_identifier.html
const id = asked.match(/(?:^|\/)(\d{4}\.\d{4,5})(?:v\d+)?\/?$/)?.[1] ?? asked.match(/([a-z-]+(?:\.[A-Z]{2})?)[/-](\d{7})(?:v\d+)?\/?$/)?.slice(1).join("/");
const week = asked.match(/(\d{4})-W(\d\d)/);
const date = asked.match(/(\d{4})(?:-?(\d\d))?(?:-?(\d\d))?(?:\/|$)/);
const pad = (number) => String(number).padStart(2, "0");

const nearest = () => {
  let day;
  if (week) {
    // Monday of an ISO week: 4 January is always in the first.
    day = new Date(Date.UTC(week[1], 0, 4 + 7 * (week[2] - 1)));
    day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  } else {
    // 30 February is taken for the end of that month.
    const [, year, month = 1, number = 1] = date;
    const end = new Date(Date.UTC(year, Math.min(Math.max(month, 1), 12), 0)).getUTCDate();
    day = new Date(`${year}-${pad(Math.min(Math.max(month, 1), 12))}-${pad(Math.min(Math.max(number, 1), end))}T00:00:00Z`);
  }
  const iso = Number.isNaN(day.valueOf()) ? last : day.toISOString().slice(0, 10);
  return iso < first ? first : iso > last ? last : iso;
};

const help = async () => {
  if (id) {
    const page = `${root}paper/${id.replace("/", "-")}/`;
    if (await exists(page)) say(_("Perhaps you mean %(link)s."), { link: link(page, id) });
    else say(_("%(id)s is not in this archive. %(link)s."), { id, link: link(`https://arxiv.org/abs/${id}`, _("See it at arXiv")) });
  } else if (first && (week || date)) {
    const day = nearest();
    say(_("The nearest day of this archive is %(link)s."), { link: link(`${root}day/${day}/`, day) });
  } else {
    const sought = asked.slice(root.length).replace(/index\.html$/, "").split("/").filter(Boolean).at(-1)?.replace(/[-_.]+/g, " ").trim();
    if (!sought) return;
    document.querySelector("#q").value = sought;
    say("%(link)s.", { link: link(`${root}search/?q=${encodeURIComponent(sought)}`, _("Search for “%(words)s”", { words: sought })) });
  }
};
help();
