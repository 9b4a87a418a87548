// The dialog that lists the keys and holds the reader's choices.
import { button, make } from "./page.js";
import { choose, reader } from "./store.js";
import { _ } from "./words.js";

const keys = () => [
  ["?", _("this list")],
  ["/", _("search")],
  ["j k", _("next, previous paper")],
  ["o", _("open the paper")],
  ["s", _("save it, or take it off my list")],
  ["m", _("mark it read or unread")],
  ["x", _("open or close the abstract")],
  ["c", _("copy its BibTeX")],
  ["p", _("open its PDF")],
  ["← →", _("previous, next day, week, month, page or paper")],
  ["t", _("today")],
  ["d w", _("day, week")],
  ["u", _("up to the list")],
];

const words = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);

function chosen(label, name, titles) {
  const select = make("select", {}, ...Object.entries(titles).map(([value, textContent]) => make("option", { value, textContent })));
  select.value = reader()[name];
  select.addEventListener("change", () => choose({ [name]: select.value }));
  return make("label", {}, label, " ", select);
}

function listed(label, name) {
  const input = make("input", { value: reader()[name].join(", ") });
  input.addEventListener("change", () => choose({ [name]: words(input.value) }));
  return make("label", {}, label, " ", input);
}

function ticked(label, name) {
  const input = make("input", { type: "checkbox", checked: reader()[name] });
  input.addEventListener("change", () => choose({ [name]: input.checked }));
  return make("label", {}, label, " ", input);
}

export function openPreferences() {
  const table = keys().flatMap(([names, does]) => [make("dt", {}, ...names.split(" ").flatMap((key) => [make("kbd", { textContent: key }), " "])), make("dd", { textContent: does })]);
  const box = make(
    "dialog", { className: "choices" },
    make("form", { method: "dialog" }, make("h2", { id: "choices", textContent: _("Preferences and keys") }), make("button", { textContent: _("Close") })),
    chosen(_("Colours"), "theme", { system: _("as the system"), light: _("light"), dark: _("dark") }),
    chosen(_("Lists show"), "density", { compact: _("titles only"), standard: _("titles and abstracts"), full: _("all abstracts open") }),
    listed(_("Favourite words and topics"), "favourites"),
    listed(_("Muted words and topics"), "muted"),
    make("p", { className: "hint", textContent: _("Words are separated by commas. A favourite is shown even where a word of it is muted.") }),
    ticked(_("Show what is new since my last visit"), "divider"),
    ticked(_("Put the number of new papers into the window’s title"), "counted"),
    ticked(_("Show the line on how to subscribe"), "row"),
    ticked(_("Use these keys"), "keys"),
    make("dl", {}, ...table),
    make("p", { className: "hint", textContent: _("All this stays in this browser.") }),
  );
  box.setAttribute("aria-labelledby", "choices");
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

export function beginPreferences() {
  document.querySelector(".colophon nav ul")?.append(make("li", {}, button(_("Preferences and keys"), openPreferences)));
}
