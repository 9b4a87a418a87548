// From text to terms, as generator/search/analysis.py does it: docs/search.md, section 1, holds for both.
import { stem } from "./stemmer.js";

const STOP_WORDS = new Set(
  ("a able about across after all almost also am among an and any are as at be because been but by can cannot could " +
    "dear did do does either else ever every for from get got had has have he her hers him his how however i if in " +
    "into is it its just least let like likely may me might most must my neither no nor not of off often on only or " +
    "other our own rather said say says she should since so some than that the their them then there these they this " +
    "tis to too twas us wants was we were what when where which while who whom why will with would yet you your"
  ).split(" "),
);
const LONGEST = 40;

const REMOVED = /[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]/g;
const REPLACED = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ı: "i", ς: "σ",
  "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
  "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-",
};
const REPLACEABLE = new RegExp(`[${Object.keys(REPLACED).join("")}]`, "g");
// Han, Hiragana, Katakana: written without blanks.
const J = "[\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}]";
/** What a character of a word matches that is written with blanks around. */
export const W = `(?:(?!${J})[\\p{L}\\p{M}\\p{N}])`;
const TOKEN = new RegExp(
  `${J}+|[a-z][/&][a-z](?!${W})|${W}+(?:(?:[-']|(?<=[0-9])[.](?=[0-9]))${W}+)*(?:(?:[+][+]|#)(?!${W}))?`,
  "gu",
);
const IS_JOINED = new RegExp(`^${J}`, "u");

const known = new Map();

/** Return `text` in the form in which case, accents and kinds of dashes and apostrophes are the same. */
export function fold(text) {
  const lower = text.normalize("NFKD").replace(REMOVED, "").toLowerCase();
  return lower.replace(REPLACEABLE, (character) => REPLACED[character]).normalize("NFC");
}

/** Return the words of `text`, folded, as they stand there. */
export const tokens = (text) => fold(text).match(TOKEN) ?? [];

/** Return the words of `text`: their parts, units and terms, without and with stop words. */
export const words = (text) => tokens(text).map(analysed);

/** Return the text by which two titles are the same. */
export const normalised = (text) => words(text).flatMap((word) => word.parts).join(" ");

/** Return the number below 65,536 that stands for a part of a title, or for a term. */
export const hashed = (text) => [...text].reduce((made, one) => (31 * made + one.codePointAt(0)) % 65536, 0);

/** Return the number below 65,536 that stands for a whole title, `normalised`. */
export const check = (title) => title.split(" ").reduce((sum, part) => sum + hashed(part), 0) % 65536;

/** Return what a name of a topic, organisation or subject is found by. */
export const key = (name) => normalised(name).replaceAll(" ", "-");

/** Return whether `token` is written without blanks between its words. */
export const isJoined = (token) => IS_JOINED.test(token);

/** Return the word that a folded `token` is. */
export function analysed(token) {
  let word = known.get(token);
  if (!word) known.set(token, (word = read(token)));
  return word;
}

/** Return whether `phrase` is spelled in the units `text` from one boundary to another. */
export function follows(text, phrase) {
  const wanted = phrase.join("");
  return wanted !== "" && text.some((_, start) => spelled(text, start, wanted));
}

function read(token) {
  if (isJoined(token)) {
    const characters = [...token];
    const pairs = distinct(characters.slice(1).map((character, place) => characters[place] + character));
    const found = pairs.length ? pairs : [token];
    return { parts: characters, units: characters, terms: found, every: found, together: "" };
  }
  const parts = token.replace(/'s(?=-|$)/g, "").replaceAll("'", "").split("-").filter(Boolean);
  const units = parts.map(unit);
  const together = parts.length > 1 ? unit(parts.join("")) : "";
  const last = together ? [together] : [];
  const kept = units.filter((_, place) => !STOP_WORDS.has(parts[place]));
  return { parts, units, terms: distinct([...kept, ...last]), every: distinct([...units, ...last]), together };
}

function unit(part) {
  const made = /^[a-z]{3,}$/.test(part) ? stem(part) : part;
  return made.length > LONGEST ? [...made].slice(0, LONGEST).join("") : made;
}

function spelled(text, start, wanted) {
  let at = 0;
  for (let place = start; place < text.length && at < wanted.length; place++) {
    if (!wanted.startsWith(text[place], at)) return false;
    at += text[place].length;
  }
  return at === wanted.length;
}

const distinct = (items) => [...new Set(items)];
