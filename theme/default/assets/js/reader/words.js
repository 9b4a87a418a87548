// What the tools say: "%(name)s" in a text stands for a value. The build puts texts into the language of the site.

/** Return `text` with its values. */
export function _(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}
