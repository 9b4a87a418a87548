// What the tools say of several things.
import { _ } from "./words.js";

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
