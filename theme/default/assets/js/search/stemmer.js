// The Porter stemmer as lunr.js 2.3.9 has it; generator/search/stemmer.py is the same, expression for expression.
const ENDINGS_2 = {
  ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al", entli: "ent", eli: "e",
  ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful", ousness: "ous",
  aliti: "al", iviti: "ive", biliti: "ble", logi: "log",
};
const ENDINGS_3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };

const C = "[^aeiou][^aeiouy]*";
const V = "[aeiouy][aeiou]*";
const MORE_THAN_0 = new RegExp(`^(${C})?${V}${C}`);
const EXACTLY_1 = new RegExp(`^(${C})?${V}${C}(${V})?$`);
const MORE_THAN_1 = new RegExp(`^(${C})?${V}${C}${V}${C}`);
const HAS_VOWEL = new RegExp(`^(${C})?[aeiouy]`);
const SHORT = new RegExp(`^${C}[aeiouy][^aeiouwxy]$`);
const STEP_2 = new RegExp(`^(.+?)(${Object.keys(ENDINGS_2).join("|")})$`);
const STEP_3 = new RegExp(`^(.+?)(${Object.keys(ENDINGS_3).join("|")})$`);
const STEP_4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;

/** Return the stem of `word`, which is made of the letters a to z. */
export function stem(word) {
  if (word.length < 3) return word;
  // A "y" that begins a word is a consonant; a capital is one for every expression above.
  const isY = word[0] === "y";
  let made = withoutInflection(isY ? "Y" + word.slice(1) : word);
  made = shortened(replaced(replaced(made, STEP_2, ENDINGS_2), STEP_3, ENDINGS_3));
  return isY ? "y" + made.slice(1) : made;
}

/** Steps 1a to 1c: no plural, no -ed, no -ing, a last "y" as "i". */
function withoutInflection(word) {
  let match = /^(.+?)(ss|i)es$/.exec(word) ?? /^(.+?)([^s])s$/.exec(word);
  if (match) word = match[1] + match[2];
  if ((match = /^(.+?)eed$/.exec(word))) {
    if (MORE_THAN_0.test(match[1])) word = word.slice(0, -1);
  } else if ((match = /^(.+?)(ed|ing)$/.exec(word)) && HAS_VOWEL.test(match[1])) {
    word = match[1];
    if (/(at|bl|iz)$/.test(word)) word += "e";
    else if (/([^aeiouylsz])\1$/.test(word)) word = word.slice(0, -1);
    else if (SHORT.test(word)) word += "e";
  }
  match = /^(.+?[^aeiou])y$/.exec(word);
  return match ? match[1] + "i" : word;
}

/** Steps 2 and 3: a long ending made shorter. */
function replaced(word, ending, endings) {
  const match = ending.exec(word);
  return match && MORE_THAN_0.test(match[1]) ? match[1] + endings[match[2]] : word;
}

/** Steps 4 and 5: without the last ending, a last "e", a doubled "l". */
function shortened(word) {
  let match;
  if ((match = STEP_4.exec(word))) {
    if (MORE_THAN_1.test(match[1])) word = match[1];
  } else if ((match = /^(.+?)(s|t)(ion)$/.exec(word))) {
    if (MORE_THAN_1.test(match[1] + match[2])) word = match[1] + match[2];
  }
  if ((match = /^(.+?)e$/.exec(word))) {
    const head = match[1];
    if (MORE_THAN_1.test(head) || (EXACTLY_1.test(head) && !SHORT.test(head))) word = head;
  }
  return word.endsWith("ll") && MORE_THAN_1.test(word) ? word.slice(0, -1) : word;
}
