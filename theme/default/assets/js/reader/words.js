// What the tools say, in one form for all: `%(name)s` in a text stands for a value.

/** Return `text` with its values. */
export function _(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/** Return the text for a number of things, which is its value `count` too. */
export function plural(one, many, count, values = {}) {
  return _(count === 1 ? one : many, { ...values, count: count.toLocaleString(document.documentElement.lang) });
}

/** Return "1 paper", "12 papers". */
export function papersIn(count) {
  return plural("%(count)s paper", "%(count)s papers", count);
}
