// What a person typed, as clauses: docs/search.md, section 4. generator/search/query.py is the same, step for step.
import { analysed, isJoined, key, normalised, tokens, words } from "./analysis.js";

const MOST_CHARACTERS = 2000;
const MOST_CLAUSES = 128;
// So many items are a text that somebody pasted: its quotes ask for nothing.
const PASTED = 16;
const BOOST = 10;

// What is \s here is listed in docs/search.md: Python's differs.
const ITEM = /([+-]?)((?:[A-Za-z]+:)?)(?:"([^"]*)"([^\s"]*)|([^\s"]+))/gu;
const FIELDS = ["title", "abstract", "author", "topic", "org", "subject", "year", "day", "id", "has"];
const ALSO = { authors: "author", topics: "topic", organisation: "org", organization: "org" };
const WITHOUT_WORDS = FIELDS.slice(5);
const HAS = ["code", "project", "pdf"];
const MOMENT = "(?:[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)";
const PERIOD = new RegExp(`^(?:(${MOMENT})|(${MOMENT}?)\\.\\.(${MOMENT}?))$`);
const ARXIV = /^(?:https?:\/\/[^/]+\/(?:abs|pdf|papers)\/|arxiv:)?(.+?)(?:v[0-9]{1,2})?(?:\.pdf)?$/;
const PLAUSIBLE = /^(?=.*[0-9])[^\s"]+$/u;

/** Return what `text` asks for: its clauses, the id it may be, and the text by which a title is the same. */
export function parse(text) {
  const cut = [...text].slice(0, MOST_CHARACTERS).join("").replace(/[“”„‟«»]/g, '"');
  const items = [...cut.matchAll(ITEM)].map(([, ...parts]) => parts.map((part) => part ?? ""));
  const clauses = items.flatMap((parts) => item(parts, items.length > PASTED));
  const isBare = (clause) => clause.occur === "should" && clause.kind === "word";
  const means = (clause) => clause.words[0].terms.length > 0;
  // Stop words are asked for only where there is nothing else.
  const kept = clauses.some((clause) => isBare(clause) && means(clause))
    ? clauses.filter((clause) => !isBare(clause) || means(clause))
    : clauses;
  return { clauses: kept.slice(0, MOST_CLAUSES), id: idOf(cut), title: normalised(cut) };
}

const clause = (given) => ({ occur: "should", field: "", words: [], boost: BOOST, ...given });

function idOf(text) {
  const match = ARXIV.exec(text.trim().toLowerCase());
  return match && PLAUSIBLE.test(match[1]) ? match[1] : "";
}

function item([sign, prefix, quoted, tail, plain], isPasted) {
  if (isPasted && quoted && !sign && !prefix) return wordClauses("should", "", `${quoted} ${tail}`, BOOST);
  const name = prefix.slice(0, -1).toLowerCase();
  const field = FIELDS.find((field) => field === name || field === ALSO[name]) ?? "";
  const lead = field ? "" : prefix;
  const [value, boost] = boosted(quoted ? tail : plain || tail);
  if (quoted) {
    const rest = boost !== BOOST ? "" : tail;
    return [...made(sign, field, quoted, boost, true, lead), ...(rest ? made("", "", rest, BOOST, false, "") : [])];
  }
  return value ? made(sign, field, value, boost, false, lead) : [];
}

/** Return `value` without its boost, and the boost in tenths. */
function boosted(value) {
  const match = /\^([0-9]{1,4})(?:\.([0-9]{1,4}))?$/.exec(value);
  if (!match) return [value, BOOST];
  return [value.slice(0, match.index), Math.min(100, Math.max(1, match[1] * 10 + Number((match[2] ?? "0")[0])))];
}

function made(sign, field, value, boost, isQuoted, lead) {
  const special = specialOf(field, value);
  if (special) return [clause({ ...special, occur: sign === "-" ? "not" : "must" })];
  const isWithoutWords = WITHOUT_WORDS.includes(field);
  const where = isWithoutWords ? "" : field;
  const occur = sign === "-" ? "not" : sign === "+" || where || isQuoted ? "must" : "should";
  const first = isWithoutWords ? field : lead;
  const before = first ? wordClauses(isQuoted ? "should" : occur, "", first, boost) : [];
  if (!isQuoted) return [...before, ...plainClauses(occur, where, value, boost)];
  const read = words(value);
  const named = nameOf(where, value);
  if (named || read.reduce((sum, word) => sum + word.units.length, 0) > 1) {
    const kind = named ? "term" : "phrase";
    return [...before, clause({ kind, occur, field: where, words: read, text: named, boost })];
  }
  return [...before, ...wordClauses(occur, where, value, boost)];
}

/** Return the clauses of a value without quotes. */
function plainClauses(occur, field, value, boost) {
  const fuzzy = /~([12]?)$/.exec(value);
  const begins = value.endsWith("*");
  const found = tokens(fuzzy ? value.slice(0, fuzzy.index) : begins ? value.slice(0, -1) : "");
  const [text] = found;
  const isOne = found.length === 1;
  if (fuzzy && isOne && analysed(text).parts.length === 1) {
    return [clause({ kind: "fuzzy", occur, field, text, distance: Number(fuzzy[1] || 1), boost })];
  }
  if (begins && isOne && isPrefix(text)) return [clause({ kind: "prefix", occur, field, text, boost })];
  const named = nameOf(field, value);
  if (named) return [clause({ kind: "term", occur, field, words: words(value), text: named, boost })];
  return wordClauses(occur, field, value, boost);
}

function isPrefix(token) {
  return isJoined(token) || ([...token].length > 1 && analysed(token).parts.length === 1);
}

function wordClauses(occur, field, value, boost) {
  return words(value)
    .filter((word) => word.units.length)
    .map((word) => clause({ kind: "word", occur, field, words: [word], boost }));
}

/** Return the filter term of a topic or organisation called `value`. */
function nameOf(field, value) {
  const name = field === "topic" || field === "org" ? key(value) : "";
  return name && `${field}:${name}`;
}

/** Return what `value` means for a field that holds no words, or nothing where it makes no sense there. */
function specialOf(field, value) {
  const lower = value.toLowerCase();
  if (field === "id") return { kind: "term", text: `id:${lower.trim()}` };
  if (field === "has" && HAS.includes(lower)) return { kind: "term", text: `has:${lower}` };
  if (field === "subject" && key(value)) return { kind: "term", text: `subject:${key(value)}` };
  const match = (field === "year" || field === "day") && value !== ".." && PERIOD.exec(value);
  return match ? { kind: "period", field, first: match[1] ?? match[2], last: match[1] ?? match[3] } : null;
}
