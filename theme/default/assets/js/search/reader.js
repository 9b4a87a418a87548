// Answers from the files of the index: the same hits, in the same order, as generator/search/reader.py gives.
import { analysed, check, follows, hashed, normalised, words as wordsOf } from "./analysis.js";
import { parse } from "./query.js";

const VERSION = 1;
const ENOUGH = 10;
const FEW_WORDS = 4;
const COMMON = 5;
const TITLES = 8;
const MOST_VERIFIED = 400;
const MOST_SIMILAR = 16;
const MOST_BEGINNING = 64;
const MOST_SHARDS = 4;
const AT_ONCE = 10;
const MASKS = { "": 0, title: 1, abstract: 2, author: 4, topic: 8, org: 16 };

/** A file is of another build than the index. */
export class Stale extends Error {}

/** Return a reader of the index whose files `load(name, tag, range)` returns as ArrayBuffers, whole or the range of it. */
export async function open(load) {
  const index = JSON.parse(text(await opened(await load("index.bin", ""))));
  if (index.version !== VERSION) throw new Stale("index.bin");
  return new Reader(load, index);
}

class Reader {
  files = new Map();
  missing = new Set();

  constructor(load, index) {
    this.load = load;
    this.index = index;
    this.segments = index.segments.map((segment) => ({ ...segment, firsts: segment.first.split("\n") }));
    this.prefix = Uint8Array.from(atob(index.cards.prefix), (character) => character.charCodeAt(0));
  }

  /**
   * Return the hits of `query` from `start` on, `count` at most; `filter` holds clauses that must match as well, `ids`
   * the papers that are looked at (none given: all).
   */
  async search(query, { filter = "", ids = null, sort = "relevance", start = 0, count = AT_ONCE } = {}) {
    this.missing.clear();
    const parsed = parse(query);
    const further = parse(filter).clauses;
    if (ids) further.push({ kind: "ids", occur: "must", words: [], ids: ids.map((id) => "id:" + id.toLowerCase()) });
    const search = new Search(this, { ...parsed, id: further.length ? "" : parsed.id, clauses: [...parsed.clauses, ...further] }, sort);
    if (this.index.papers) await search.find(sort === "relevance" && count === AT_ONCE ? start + count : 0);
    return { ...(await search.answer(start, count)), missing: [...this.missing] };
  }

  /** Return what the file "facets" or "days" says. */
  async json(name) {
    return JSON.parse(text(await this.file(`${name}.bin`, this.index[name])));
  }

  // --- files -------------------------------------------------------------------------------------------------------

  /** Return what `make` makes of `name`, made once; what failed is tried again when it is next asked for. */
  once(name, make) {
    if (!this.files.has(name)) {
      const made = make();
      this.files.set(name, made);
      made.catch(() => this.files.delete(name));
    }
    return this.files.get(name);
  }

  file(name, tag) {
    return this.once(name, async () => opened(await this.load(name, tag)));
  }

  async current(segment, name) {
    const source = new Bytes(await this.file(`${segment.name}/${name}.bin`, segment.tag));
    if (source.number() !== segment.epoch) throw new Stale(name);
    return source;
  }

  shard(segment, number) {
    return this.once(`${segment.name} ${number}`, async () => {
      const source = await this.current(segment, number);
      const terms = text(source.take(source.varint())).split("\n");
      const table = terms.map(() => [1, 2, 3, 4, 5].map(() => source.varint()));
      const entries = new Map();
      let at = source.at;
      terms.forEach((term, place) => {
        const [df, inline, lent, overflow, size] = table[place];
        entries.set(term, { df, inline, lent, overflow, at });
        at += size;
      });
      return { data: source.data, terms, entries };
    });
  }

  /** Return `part`, or nothing where it does not come: an answer may lack papers, but there is one. */
  async orNothing(part, name) {
    try {
      return await part;
    } catch (error) {
      if (error instanceof Stale) throw error;
      this.missing.add(name);
      return null;
    }
  }

  /** Return the years of a segment's papers: "2025–2026", or nothing where they have no date. */
  years({ start, count }) {
    let at = 0;
    const within = this.index.months.filter(([, papers]) => (at += papers) > start && at - papers < start + count);
    return [...new Set([within[0], within.at(-1)].map(([month]) => month.slice(0, 4)))].join("–");
  }

  /** Return a term in all segments. `whole` asks for all of its postings, however common it is. */
  async term(term, whole) {
    const parts = await Promise.all(this.segments.map(async (segment) => {
      const number = place(segment.firsts, term);
      const shard = await this.orNothing(this.shard(segment, number), this.years(segment));
      return { segment, shard, entry: shard?.entries.get(term) };
    }));
    const found = parts.filter(({ entry }) => entry);
    const df = found.reduce((sum, { entry }) => sum + entry.df, 0);
    const everything = whole || COMMON * df <= this.index.papers;
    const postings = new Map();
    const lent = new Map();
    await Promise.all(found.map(async ({ segment, shard, entry }) => {
      const source = new Bytes(shard.data, entry.at);
      source.postings(entry.inline, segment.start, postings);
      const borrowers = source.deltas(entry.lent);
      borrowers.forEach((number) => lent.set(segment.start + number, source.data[source.at++]));
      if (!entry.overflow || !everything) return;
      const more = await this.orNothing(this.current(segment, `x${entry.overflow - 1}`), this.years(segment));
      more?.postings(more.varint(), segment.start, postings);
    }));
    return { df, postings, lent, isWhole: postings.size === df };
  }

  /** Return the terms that begin with `text` in the first few shards where such can be. */
  async beginning(text) {
    const shards = this.segments.flatMap((segment) => {
      const start = place(segment.firsts, text);
      let end = start + 1;
      while (end < Math.min(start + MOST_SHARDS, segment.firsts.length) && segment.firsts[end].startsWith(text)) end++;
      return range(start, end).map((number) => this.orNothing(this.shard(segment, number), this.years(segment)));
    });
    return (await Promise.all(shards)).flatMap((shard) => shard?.terms.filter((term) => term.startsWith(text)) ?? []);
  }

  /** Return the words of the vocabulary with the first letter of `word`, sorted, and in how many papers they are. */
  async vocabulary(word) {
    const name = /^[a-z]/.test(word) ? word[0] : /^[0-9]/.test(word) ? "0" : "_";
    const tag = this.index.words[name];
    if (!tag) return [];
    const data = await this.orNothing(this.file(`words/${name}.bin`, tag), "words");
    return data ? text(data).split("\n").map((line) => line.split(" ")).map(([word, count]) => [word, Number(count)]) : [];
  }

  /** Return words that begin with `text`, the commonest first. */
  async commonest(text) {
    const words = (await this.vocabulary(text)).filter(([word]) => word.startsWith(text));
    return words.sort((a, b) => b[1] - a[1]).map(([word]) => word);
  }

  /** Return the card of a document. */
  card(number) {
    return this.once(`card ${number}`, async () => {
      const { cards } = this.index;
      const data = await inflated([this.prefix, await this.slot(number)], "deflate-raw");
      const [epoch, own, id, url, fields, html] = JSON.parse(text(data.subarray(cards.dictionary)));
      if (epoch !== cards.epochs[Math.floor(number / (cards.per * cards.group))] || own !== number) throw new Stale(`card ${number}`);
      return { number, id, url, fields, html };
    });
  }

  /** Return the cards of documents that come. */
  async cards(numbers) {
    return Promise.all(numbers.map((number) => this.orNothing(this.card(number), "cards")));
  }

  /** Return a compressed card: what is in its slot, and what lies behind the slots. */
  async slot(number) {
    const { per, slot, group, tags } = this.index.cards;
    const file = Math.floor(number / per);
    const part = async (first, last) => {
      // A file of one card is fetched whole, and a host may answer with the whole file to whoever asks for a part.
      const data = new Uint8Array(await this.load(`cards/${file}.bin`, tags[Math.floor(file / group)], per > 1 ? [first, last] : null));
      return data.subarray(data.length > last - first ? first : 0, last);
    };
    const first = (number % per) * slot;
    const head = new Bytes(await part(first, first + slot));
    const [length, rest] = [head.number(), head.number()];
    const begin = head.take(Math.min(length, slot - 8));
    if (length <= slot - 8) return begin;
    return new Blob([begin, await part(rest, rest + length - begin.length)]);
  }

  /** Return the documents filed in a period; a period of days knows of further days a document was listed on. */
  async period({ field, first, last }) {
    let [groups, also] = [this.index.months, []];
    if (field === "day" || Math.max(first.length, last.length) > "2025-12".length) {
      ({ days: groups, also } = (await this.orNothing(this.json("days"), "days")) ?? { days: groups, also });
    }
    const isWithin = ([when]) => when && when >= first && (!last || when.slice(0, last.length) <= last);
    const found = new Set();
    let start = 0;
    for (const group of groups) {
      if (isWithin(group)) for (let number = start; number < start + group[1]; number++) found.add(number);
      start += group[1];
    }
    for (const listed of also) if (isWithin(listed)) found.add(listed[1]);
    return found;
  }

  idf(df) {
    return Math.floor(1024 * Math.log(1 + (this.index.papers - df + 0.5) / (df + 0.5)) + 0.5);
  }
}

/** One query on its way. Sets of documents are null where they might be all. */
class Search {
  corrected = new Map();
  terms = new Map();
  marks = new Set();
  phrases = new Set();
  matches = new Set();
  scores = new Map();
  order = [];
  byId = [];

  constructor(reader, query, sort) {
    Object.assign(this, { reader, query, sort });
    // Where the best papers of a very common word are not enough.
    this.isWhole = sort !== "relevance" || query.clauses.some(({ occur }) => occur !== "should");
    this.isLong = query.clauses.filter(({ occur }) => occur === "should").length > FEW_WORDS;
    this.relevance = (a, b) => (this.scores.get(b) ?? 0) - (this.scores.get(a) ?? 0) || b - a;
  }

  /** Return the hits from `start` on. */
  async answer(start, count) {
    const { likely, matches } = this;
    const order = await this.sorted();
    const phrases = [...this.phrases];
    const told = { marks: [...this.marks], corrected: [...this.corrected], jump: null };
    if (this.byId.length) told.jump = (await this.reader.card(this.byId[0])).url;
    if (!phrases.length) return { ...told, total: order.length, matching: likely || matches.size, about: likely >= 0, hits: order.slice(start, start + count) };
    const hits = [];
    let looked = 0;
    let cards;
    for (; looked < Math.min(MOST_VERIFIED, order.length) && hits.length < start + count; looked++) {
      if (looked % AT_ONCE === 0) cards = await this.reader.cards(order.slice(looked, looked + AT_ONCE));
      const card = cards[looked % AT_ONCE];
      if (card && phrases.every((clause) => stands(card, clause) === (clause.occur !== "not"))) hits.push(card.number);
    }
    const total = looked ? Math.ceil((order.length * hits.length) / looked) : 0;
    return { ...told, total, matching: total, about: looked < order.length, hits: hits.slice(start) };
  }

  /** Return the documents in the order asked for; orders other than by relevance list no half matches. */
  async sorted() {
    const shown = [...(this.matches.size ? this.matches : this.order)];
    if (this.sort === "newest") return shown.sort((a, b) => b - a);
    if (this.sort !== "votes") return this.order;
    const data = await this.reader.orNothing(this.reader.file("votes.bin", this.reader.index.votes), "votes");
    if (!data) return shown;
    const votes = (number) => data[2 * number] + 256 * data[2 * number + 1];
    return shown.sort((a, b) => votes(b) - votes(a) || b - a);
  }

  // --- finding -----------------------------------------------------------------------------------------------------

  /** Work out which documents there are, in order of relevance; those of the page that ends at `last` are fetched early. */
  async find(last) {
    const { clauses, id } = this.query;
    if (id) this.byId = [...(await this.term(`id:${id}`, true)).postings.keys()];
    const found = await Promise.all(clauses.map(async (clause) => [clause, await this.found(clause)]));
    this.scores = summed(found.filter(([{ occur }]) => occur !== "not").map(([, { scores }]) => scores));
    const kept = this.kept(found);
    const wanted = found.filter(([{ occur }]) => occur === "should").map(([, result]) => result);
    if (wanted.length) this.rank(kept, wanted);
    else {
      this.matches = clauses.length ? kept ?? new Set(range(0, this.reader.index.papers)) : new Set();
      this.order = [...this.matches].sort(this.relevance);
    }
    // While titles are looked up, what will most likely be shown is on its way.
    for (const number of this.order.slice(last - AT_ONCE, last)) this.reader.card(number).catch(() => {});
    const first = new Set([...this.byId, ...(await this.titled())]);
    if (!first.size) return;
    this.order = [...first, ...this.order.filter((number) => !first.has(number))];
    this.matches = new Set([...this.matches, ...first]);
  }

  /** Order the documents of `kept` that the words find. */
  rank(kept, wanted) {
    const found = [...this.scores.keys()].filter((number) => !kept || kept.has(number));
    const sets = wanted.map(({ matches }) => matches).filter(Boolean);
    this.matches = new Set(found.filter((number) => sets.every((set) => set.has(number))));
    const { papers } = this.reader.index;
    for (const { matches, df } of wanted) {
      if (!matches) this.likely = Math.floor((this.likely ?? (sets.length ? this.matches.size : papers)) * df / papers);
    }
    found.sort(this.relevance);
    const full = found.filter((number) => this.matches.has(number));
    const rest = full.length < ENOUGH ? found.filter((number) => !this.matches.has(number)) : [];
    this.order = this.isLong ? found : [...full, ...rest];
  }

  /** Return the documents that match what must match, and nothing that must not. */
  kept(found) {
    let kept = null;
    for (const [clause, { matches }] of found) {
      if (clause.occur === "must" && matches) kept = kept ? new Set([...kept].filter((number) => matches.has(number))) : matches;
      else if (clause.occur === "not" && !this.phrases.has(clause)) {
        const all = kept ?? range(0, this.reader.index.papers);
        kept = new Set([...all].filter((number) => !matches?.has(number)));
      }
    }
    return kept;
  }

  /** Return the documents whose title is the query. */
  async titled() {
    const { clauses, title } = this.query;
    if (!title || !clauses.every(({ kind }) => kind === "word" || kind === "phrase")) return [];
    const every = clauses.flatMap(({ words }) => words);
    const telling = every.flatMap(({ terms }) => terms);
    const names = [...new Set(telling.length ? telling : every.flatMap((word) => word.every))];
    const found = await Promise.all(names.map(async (name) => ({ name, ...(await this.term(name, false)) })));
    const [rarest] = found.sort((a, b) => a.df - b.df);
    // A title that nothing speaks against: no term tells of another check, or stands nowhere though it is whole.
    const mayBe = ({ name, postings, isWhole }, number) => {
      const posting = postings.get(number);
      return posting ? posting >> 13 === (((check(title) * (2 * hashed(name) + 1)) / 32) & 2047) : !isWhole;
    };
    const numbers = [...(rarest?.postings.keys() ?? [])].filter((number) => found.every((term) => mayBe(term, number)));
    const cards = await this.reader.cards(numbers.sort(this.relevance).slice(0, TITLES));
    return cards.filter((card) => card && normalised(card.fields[0]) === title).map(({ number }) => number);
  }

  /** Return what one clause finds: the scores of documents, and those that match it. */
  async found(clause) {
    const { kind, words, occur } = clause;
    const scores = new Map();
    if (kind === "period") return { scores, matches: await this.reader.period(clause) };
    if (kind === "term" || kind === "ids") {
      const named = await Promise.all((clause.ids ?? [clause.text]).map((name) => this.term(name, true)));
      if (named[0]?.df || !words.length) return { scores, matches: new Set(named.flatMap(({ postings }) => [...postings.keys()])) };
    }
    if (kind === "prefix" || kind === "fuzzy") return this.similar(clause);
    // What only the text of a card can answer: phrases, and names of topics and organisations that are none.
    if (kind === "phrase" || (kind === "term" && words.flatMap(({ units }) => units).length > 1)) this.phrases.add(clause);
    const results = await Promise.all(words.map(async (word) => this.word(occur === "not" ? word : await this.asKnown(word), clause)));
    const sets = results.map(({ matches }) => matches).filter(Boolean);
    return { ...results[0], scores: summed(results.map(({ scores }) => scores)), matches: sets.length ? common(sets) : null };
  }

  /** Return what one word finds. */
  async word(word, clause) {
    const isPlain = clause.occur === "should";
    const names = word.terms.length || clause.kind === "phrase" ? word.terms : word.every;
    const terms = await this.asked(names, clause, this.isWhole);
    const scores = new Map();
    for (const { name, df, postings, lent } of terms) {
      const weight = clause.boost * this.reader.idf(df) * (name === word.together ? 1 : 2);
      for (const [number, each] of isPlain ? [...postings, ...lent] : postings) scores.set(number, (scores.get(number) ?? 0) + weight * impactOf(each));
    }
    if (!names.length || !terms.every(({ isWhole }) => isWhole)) return { scores, df: terms[0]?.df };
    const having = (isTogether) => common(terms.filter(({ name }) => (name === word.together) === isTogether).map(({ postings }) => postings));
    return { scores, matches: new Set([...having(true), ...having(false)]) };
  }

  /** Return what the words find that begin as asked, or are alike; of several in one document the best counts. */
  async similar(clause) {
    const names = await (clause.kind === "prefix" ? this.beginning(clause.text) : this.alike(clause.text, clause.distance));
    const scores = new Map();
    for (const { df, postings } of await this.asked(names, clause, true)) {
      const weight = 2 * clause.boost * this.reader.idf(df);
      for (const [number, posting] of postings) scores.set(number, Math.max(scores.get(number) ?? 0, weight * impactOf(posting)));
    }
    return { scores, matches: new Set(scores.keys()) };
  }

  /** Return terms, each with its name and only what is in the field that `clause` asks for. */
  async asked(names, { occur, field }, whole) {
    if (occur !== "not") names.forEach((name) => this.marks.add(name));
    const mask = MASKS[field];
    return Promise.all(names.map(async (name) => {
      const term = await this.term(name, whole);
      const postings = mask ? [...term.postings].filter(([, posting]) => maskOf(posting) & mask) : term.postings;
      return { ...term, name, postings: new Map(postings) };
    }));
  }

  async beginning(text) {
    const [words, further] = await Promise.all([this.reader.commonest(text), this.reader.beginning(text)]);
    return [...new Set([...words.flatMap((word) => analysed(word).every), ...further])].slice(0, MOST_BEGINNING);
  }

  async alike(text, most) {
    const found = alike(text, await this.reader.vocabulary(text), most).slice(0, MOST_SIMILAR);
    return [...new Set([text, ...found].flatMap((word) => analysed(word).every))];
  }

  /** Return `word`, or the best correction of one that no paper has. */
  async asKnown(word) {
    const typed = word.parts.join("");
    const { length } = [...typed];
    if (this.isLong || word.parts.length !== 1 || length < 4 || /\p{Nd}/u.test(typed)) return word;
    const terms = await Promise.all(word.every.map((name) => this.term(name, false)));
    if (terms.some(({ df }) => df)) return word;
    const [best] = alike(typed, await this.reader.vocabulary(typed), length < 8 ? 1 : 2);
    if (best === undefined) return word;
    this.corrected.set(typed, best);
    return analysed(best);
  }

  /** Return a term; each is read once. */
  term(name, whole) {
    const key = `${whole} ${name}`;
    if (!this.terms.has(key)) this.terms.set(key, this.reader.term(name, whole));
    return this.terms.get(key);
  }
}

// --- words that are nearly the same -----------------------------------------------------------------------------------

/** Return how many letters are wrong, missing, too many or swapped with their neighbour. */
function distance(first, second) {
  let older;
  let before;
  let row = range(0, second.length + 1);
  for (let i = 1; i <= first.length; i++) {
    [older, before, row] = [before, row, [i]];
    for (let j = 1; j <= second.length; j++) {
      row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (first[i - 1] !== second[j - 1]));
      if (first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
    }
  }
  return row.at(-1);
}

/** Return the words at most `most` letters from `text`: the nearest first, then the commonest. */
function alike(text, words, most) {
  const letters = [...text];
  // A letter has one code unit or two.
  const near = words.filter(([word]) => Math.abs(word.length - text.length) <= 2 * most)
    .map(([word, count]) => [distance(letters, [...word]), count, word]).filter(([apart]) => apart <= most);
  return near.sort((a, b) => a[0] - b[0] || b[1] - a[1]).map(([, , word]) => word);
}

/** Return whether the words of a phrase stand one after another in a field of the card. */
function stands(card, clause) {
  const wanted = clause.words.flatMap((word) => word.units);
  const mask = MASKS[clause.field] || 31;
  const lines = card.fields.filter((_, bit) => (mask >> bit) & 1).flatMap((field) => field.split("\n"));
  return lines.some((line) => follows(wordsOf(line).flatMap((word) => word.units), wanted));
}

// --- sets and numbers -------------------------------------------------------------------------------------------------

const range = (first, last) => Array.from({ length: last - first }, (_, place) => first + place);
// A posting is its bytes, the first one lowest.
const impactOf = (posting) => posting & 63;
const maskOf = (posting) => (posting >> 8) & 31;

const common = ([first = [], ...others]) => new Set([...first.keys()].filter((number) => others.every((set) => set.has(number))));

function summed(parts) {
  const total = new Map();
  for (const part of parts) for (const [number, score] of part) total.set(number, (total.get(number) ?? 0) + score);
  return total;
}

/** Return the place of the shard that a term can be in. */
const place = (firsts, term) => firsts.findLastIndex((first) => first <= term);

// --- bytes ------------------------------------------------------------------------------------------------------------

const text = (data) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
const opened = (data) => inflated([data], "gzip");

async function inflated(parts, format) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Bytes that are read from the beginning; `at` is the next one. */
class Bytes {
  constructor(data, at = 0) {
    Object.assign(this, { data, at });
  }

  number() {
    return this.take(4).reduceRight((made, byte) => made * 256 + byte, 0);
  }

  varint() {
    let made = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.data[this.at++];
      made |= (byte & 127) << shift;
      if (!(byte & 128)) return made;
    }
  }

  deltas(count) {
    let number = 0;
    return Array.from({ length: count }, () => (number += this.varint()));
  }

  take(count) {
    this.at += count;
    return this.data.subarray(this.at - count, this.at);
  }

  /** Put the next `count` postings into `found`. */
  postings(count, start, found) {
    const numbers = this.deltas(count);
    this.take(count).forEach((byte, place) => {
      let posting = byte | ((byte & 64 ? this.data[this.at++] : MASKS.abstract) << 8);
      if (maskOf(posting) & MASKS.title) posting |= this.data[this.at++] << 16;
      found.set(start + numbers[place], posting);
    });
  }
}
