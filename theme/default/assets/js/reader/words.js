// What the tools say: "%(name)s" in a text stands for a value. The build puts texts into the language of the site.

/** Return `text` with its values. */
export function _(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/** Return the text for `count` things; `one` may also hold all forms, by what `Intl.PluralRules` calls numbers. */
export function plural(one, several, count, values = {}) {
  const language = document.documentElement.lang;
  const found = typeof one === "object" ? (one[new Intl.PluralRules(language).select(count)] ?? one.other) : count === 1 ? one : several;
  return _(found, { ...values, count: count.toLocaleString(language) });
}

/** Return "1 paper", "12 papers". */
export function papersIn(count) {
  return plural("%(count)s paper", "%(count)s papers", count);
}
