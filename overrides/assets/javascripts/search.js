/**
 * Search in the reader's language, on the reader's device. Loaded when the reader turns to the
 * field of the page of all topics; nothing typed leaves the page, is stored or gets into an address.
 *
 * scripts/site/search_index.py makes the index and says what it holds. Letters are folded here only.
 *
 * @typedef {{page: number, url: string, title: string, heading: string}} Section
 * @typedef {{shown: string, folded: string, stem: string, everywhere: boolean,
 *   places: Map<number, number>}} Word `places`: section number to the weight of the place
 * @typedef {{joins: boolean, tag: string, sections: Section[], words: Word[]}} Index
 * @typedef {{folded: string, everywhere: boolean, scores: Map<number, number>,
 *   titles: Map<number, number>, shown: (section: number) => string[]}} Matches what the index has for one word of a query
 * @typedef {Section & {score: number, words: string[]}} Result `words`: what matches, as it stands
 */

import { edits } from "./edits.js";

/** The index's marks, which the build reads here: scripts/site/search_index.py says what each means. */
const SHARED = "!#$%&()*+,-./:;<=>?@[]^_{|}~";
const GAPS = "#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{";
const EVERYWHERE = "}";
const HALF = GAPS.length / 2;
/** Weights of places: in the title of a page, a heading, an entry of the glossary, the text. */
const TITLE = 6;
/** An everyday word leads to the first of its places with this weight, to each further with 1 less. */
const EVERYDAY = 7;
const HEADING = 4;
const ENTRY = 3;
const TEXT = 1;
/** The share of these weights that pages on the site itself and letters have: others explain more. */
const ASIDE = 0.5;
/** The share of a title's score that the sections below it get. */
const UNDER_TITLE = 0.4;
/** A section with less than this share of the best score is not shown. */
const WORTH_SHOWING = 0.07;
/** With less than this share of the best score, having all words is by chance. */
const WORTH_PREFERRING = 0.5;
/** The likeness of the same word, letters folded; of one that begins so; of a slip of the finger. */
const SAME = 10;
const BEGINS = 5;
const SLIP = 6;
/** One slip of the finger is forgiven in words of so many letters or more, two from so many. */
const LONG = 5;
const LONGER = 9;
const MOST = 10;
const MOST_OF_A_PAGE = 2;

/** Marks above and below letters, Arabic vowels, tatweel, what joins and parts, apostrophes. */
const MARKS = /[\u0300-\u036f\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u00ad'’ʼ]/g;
/** Letters that readers put for one another. The Arabic ones: alef, ya, kaf, gaf, ha. */
const ALIKE = /** @type {Object<string, string>} */ ({
  đ: "d", ł: "l", ı: "i", ø: "o", ß: "ss", æ: "ae", œ: "oe",
  "\u0671": "\u0627",
  "\u0649": "\u064a", "\u06cc": "\u064a", "\u06cd": "\u064a", "\u06d0": "\u064a", "\u06d2": "\u064a",
  "\u06a9": "\u0643", "\u06aa": "\u0643", "\u06ab": "\u06af",
  "\u0629": "\u0647", "\u06be": "\u0647", "\u06c1": "\u0647", "\u06c3": "\u0647", "\u06d5": "\u0647",
});
const CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш";
const SERBIAN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split(" ");

/** Return a text without what writers leave out or write in several ways. @param {string} text */
export function fold(text) {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(MARKS, "")
    .replace(/[^\0-\x7f]/g, (letter) => ALIKE[letter] ?? letter)
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\u1220-\u1227]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 16))
    .replace(/[\u1340-\u1347]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 8))
    .normalize(); // a Tamil vowel is one sign again
}

/**
 * Return what stays of a folded word when it is inflected: no Arabic article, no vowel of an
 * Ethiopic syllable (rows of 8); ae, oe, ue as a, o, u (German without its dots).
 * @param {string} folded
 */
function stemOf(folded) {
  return folded
    .replace(/^(?:[وفبك]?ال|لل)(?=..)/, "")
    .replace(/[\u1200-\u135f]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) & ~7))
    .replace(/([aou])e/g, "$1");
}

/** The words of a text, as `words_of` in Python. @param {string} text @param {boolean} joins */
function wordsOf(text, joins) {
  const clean = text.normalize("NFC").replace(/\u00ad/g, "").replace(/['ʼ]/g, "’");
  const pattern = joins
    ? /[\p{L}\p{M}\p{N}\u200c](?:[\p{L}\p{M}\p{N}\u200c’]*[\p{L}\p{M}\p{N}\u200c])?/gu
    : /[\p{L}\p{M}\p{N}\u200c]+’?/gu;
  return (clean.match(pattern) ?? [])
    .filter((word) => word.length > 1 ? !/^..?’$/u.test(word) : /[bcfglns\p{Nd}]/iu.test(word))
    .map((word) => (joins ? word : word.replace("’", "")));
}

/**
 * Return the index that a page's language has.
 * @param {{joins: number, pages: string[][], words: string, places: string,
 *   everyday: (string | number)[][]}} data
 * @param {string} tag the language
 * @returns {Index}
 */
export function decode(data, tag) {
  const joins = Boolean(data.joins);
  /** @type {Section[]} */
  const sections = [];
  /** @type {Map<string, Word>} */
  const words = textWords(data);
  weighTexts([...words.values()]);
  /** Put the words of a short text into a section. */
  const put = (/** @type {string} */ text, /** @type {number} */ number, /** @type {number} */ weight) => {
    const found = wordsOf(text, joins);
    for (const shown of found) {
      const key = shown.toLowerCase();
      const word = words.get(key) ?? newWord(shown, false);
      words.set(key, word);
      // A short heading says more of what stands under it than a long one.
      const worth = weight * (0.6 + 0.8 / (found.length + 1));
      word.places.set(number, Math.max(word.places.get(number) ?? 0, worth));
    }
  };
  data.pages.forEach(([path, title, ...rest], page) => {
    const url = `../${path}`; // the page of all topics stands beside the home page
    const share = /^(about|phone|letters)\//.test(path) ? ASIDE : 1;
    put(title, sections.length, share * TITLE);
    sections.push({ page, url, title, heading: "" });
    for (let at = 0; at < rest.length; at += 2) {
      put(rest[at + 1], sections.length, share * (path.startsWith("words") ? ENTRY : HEADING));
      sections.push({ page, url: `${url}#${rest[at]}`, title, heading: rest[at + 1] });
    }
  });
  for (const [texts, ...places] of /** @type {[string, ...number[]][]} */ (data.everyday)) {
    for (const text of texts.split(",")) {
      const words = text.split(" ").length; // one word of several leads there a little only
      places.forEach((number, rank) => put(text, number, (EVERYDAY - rank) / words));
    }
  }
  return { joins, tag, sections, words: [...words.values()] };
}

/** @param {string} shown @param {boolean} everywhere @returns {Word} */
function newWord(shown, everywhere) {
  const folded = fold(shown);
  return { shown, folded, stem: stemOf(folded), everywhere, places: new Map() };
}

/** Read the two strings of words and places. @param {{words: string, places: string}} data */
function textWords(data) {
  /** @type {Map<string, Word>} */
  const words = new Map();
  let shown = "";
  let at = 0;
  const marks = SHARED.replace(/[\]^-]/g, "\\$&");
  for (const [, mark, rest] of data.words.matchAll(new RegExp(`([${marks}])([^${marks}]*)`, "g"))) {
    shown = shown.slice(0, SHARED.indexOf(mark)) + rest;
    const word = newWord(shown, data.places[at] === EVERYWHERE);
    words.set(shown.toLowerCase(), word);
    if (word.everywhere) at += 1;
    for (let place = -1, open = !word.everywhere; open; at += 1) {
      const gap = GAPS.indexOf(data.places[at]);
      place += gap < 0 ? HALF : (gap % HALF) + 1;
      open = gap < HALF;
      if (gap >= 0) word.places.set(place, TEXT);
    }
  }
  return words;
}

/** A word of a short text says more of it than one of a long text. @param {Word[]} words */
function weighTexts(words) {
  /** @type {number[]} */
  const sizes = [];
  for (const { places } of words) for (const [number] of places) sizes[number] = (sizes[number] ?? 0) + 1;
  for (const { places } of words) for (const [number] of places) {
    places.set(number, TEXT * (0.4 + 0.6 / (1 + sizes[number] / 100)));
  }
}

/**
 * How much a word of the index is what was asked for: 10 the same, 5 to 8 it begins so, 0 another.
 * @param {{folded: string, stem: string}} asked
 * @param {Word} word
 */
function likeness(asked, word) {
  if (word.folded === asked.folded) return SAME;
  const length = asked.folded.length;
  // Two letters begin too many words, two syllables do not.
  if (length < (asked.folded > "\u1000" ? 2 : 3)) return 0;
  if (word.folded.startsWith(asked.folded)) return BEGINS + (3 * length) / word.folded.length;
  const [a, b] = [asked.stem, word.stem];
  if (a === b) return 6;
  const [least, most] = [Math.min(a.length, b.length), Math.max(a.length, b.length)];
  if (least < 3) return 0;
  if (b.startsWith(a)) return 3 + (3 * least) / most;
  const isLong = least > 3 || least / most > 0.6;
  if (isLong && [asked.folded, a].some((part) => word.folded.includes(part))) return 2.5 + (1.5 * least) / most;
  if (2 * least > most && a.startsWith(b)) return 3 + least / most;
  if (2 * least > most && asked.folded.includes(word.folded)) return (3.5 * least) / most;
  return inflected(a, b, most);
}

/** Whether two words share their beginning, or a long part. @param {string} a @param {string} b */
function inflected(a, b, most = 0) {
  let same = 0;
  while (a[same] && a[same] === b[same]) same += 1;
  if (same > 2 && same / most > 0.54) return (4 * same) / most;
  const length = Math.max(5, Math.ceil(0.6 * most));
  for (let at = 0; at + length <= a.length; at += 1) {
    if (b.includes(a.slice(at, at + length))) return 1.5;
  }
  return 0;
}

/**
 * How much a word is what was meant by one with slips of the finger, 0 another. A word that goes on
 * after it, as inflected ones do, is less alike.
 * @param {string} asked
 * @param {string} word
 * @param {number} most the slips that are forgiven
 */
function slipped(asked, word, most) {
  if (word.length < asked.length - most) return 0;
  const row = edits(asked, word.slice(0, asked.length + most), most);
  const least = Math.min(...row);
  if (least > most) return 0;
  const whole = word.length > asked.length + most ? most + 1 : row[row.length - 1];
  if (whole <= most) return SLIP - 0.7 * whole;
  return asked.length > 5 ? SLIP - 2 - 0.7 * least : 0;
}

/**
 * Return the best sections for a query: all its words, then what is worth more without them; else
 * all but the short ones; else any, also where only a long text happens to hold all.
 * @param {Index} index
 * @param {string} query
 * @returns {Result[]}
 */
export function search(index, query) {
  const texts = askedWords(index, query);
  const asked = texts.map((folded) => matches(index, folded, texts.length === 1));
  const any = ranked(index, asked, false);
  for (const some of [asked, asked.filter((one) => one.folded.length > 3)]) {
    const found = ranked(index, some, true);
    if (found.length && found[0].score > any[0].score * WORTH_PREFERRING) {
      const better = any.filter((one) => one.score > found[0].score);
      return [...found, ...better].slice(0, MOST);
    }
  }
  return any;
}

/**
 * @param {Index} index
 * @param {Matches[]} asked
 * @param {boolean} whole whether a section needs every word; words of all sections count as there
 * @returns {Result[]}
 */
function ranked({ sections }, asked, whole) {
  const found = sections
    .map((section, number) => ({
      section,
      number,
      score: asked.reduce((sum, one) => sum + scoreOf(one, number, section.page), 0),
    }))
    .filter(({ section, number }) =>
      asked.some((one) => one.scores.has(number))
      && (!whole || asked.every((one) => one.everywhere || scoreOf(one, number, section.page))))
    .sort((one, other) => other.score - one.score || one.number - other.number);
  return spread(found.filter((one) => one.score > found[0].score * WORTH_SHOWING)).map(
    ({ section, number, score }) => ({
      ...section,
      score,
      words: [...new Set(asked.flatMap((one) => one.shown(number)))],
    }),
  );
}

/** @param {Matches} one @param {number} number @param {number} page */
function scoreOf({ scores, titles }, number, page) {
  return (scores.get(number) ?? 0) + UNDER_TITLE * (titles.get(page) ?? 0);
}

/** @param {Index} index @param {string} query */
function askedWords(index, query) {
  const text = /^sr/.test(index.tag)
    ? query.toLowerCase().replace(/[а-џ]/g, (letter) => SERBIAN[CYRILLIC.indexOf(letter)] ?? letter)
    : query;
  return [...new Set(wordsOf(text, index.joins).map(fold))].filter(Boolean).slice(0, 8);
}

/**
 * Return the sections that hold a word, with their scores: likeness, place, rarity.
 * @param {Index} index
 * @param {string} folded
 * @param {boolean} alone whether no other word is asked: two letters beside others count little
 * @returns {Matches}
 */
function matches({ words, sections }, folded, alone) {
  const asked = { folded, stem: stemOf(folded) };
  const isThere = words.some((word) => word.folded === folded);
  const most = isThere || folded.length < LONG ? 0 : folded.length < LONGER ? 1 : 2;
  const part = folded < "\u0590" ? "folded" : "stem"; // Latin letters that a stem leaves out count
  const like = (/** @type {Word} */ word) =>
    Math.max(likeness(asked, word), most && slipped(asked[part], word[part], most));
  const all = words
    .map((word) => /** @type {[Word, number]} */ ([word, like(word)]))
    .filter(([, found]) => found)
    .sort((one, other) => other[1] - one[1]);
  const everywhere =
    (!alone && /^[a-z\u0400-\u06ff]{2}$/.test(folded)) ||
    all.some(([word, like]) => like === SAME && word.everywhere);
  // A short word of nearly every section is and, the, of: no beginning of another. Elsewhere a
  // word that is there leaves out those that are only a little like it.
  const least = everywhere && folded.length < 4 ? SAME : all.length && all[0][1] >= BEGINS ? 2.8 : 0.1;
  const found = all.filter(([, like]) => like >= least);
  /** @type {Map<number, number>} */
  const scores = new Map();
  for (const [word, like] of found) {
    for (const [number, weight] of word.places) {
      scores.set(number, Math.max(scores.get(number) ?? 0, like * weight));
    }
  }
  const rarity = Math.log(1 + sections.length / (everywhere ? sections.length : scores.size));
  /** @type {Map<number, number>} */
  const titles = new Map();
  for (const [number, score] of scores) {
    scores.set(number, score * rarity);
    const { page, heading } = sections[number];
    if (!heading && found.some(([{ places }]) => (places.get(number) ?? 0) > TEXT)) titles.set(page, score * rarity);
  }
  const shown = (/** @type {number} */ number) =>
    found
      .filter(([word]) => word.places.has(number))
      .slice(0, 3)
      .map(([word]) => word.shown);
  return { folded, everywhere, scores, titles, shown };
}

/**
 * The first sections, with those beyond two of one page behind the others.
 * @template {{section: Section}} T
 * @param {T[]} sorted
 */
function spread(sorted) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  /** @type {[T[], T[]]} */
  const parts = [[], []];
  for (const one of sorted) {
    const count = (seen.get(one.section.page) ?? 0) + 1;
    seen.set(one.section.page, count);
    parts[count > MOST_OF_A_PAGE ? 1 : 0].push(one);
  }
  return parts.flat().slice(0, MOST);
}

let attached = false;

/**
 * Attach to the search of the page, once.
 * @param {HTMLFormElement} form
 * @param {() => void} failed called when the index cannot be had; the next try asks again
 * @param {() => void} worked called when it is there
 */
export function attach(form, failed, worked) {
  if (attached) return;
  attached = true;
  const find = (/** @type {string} */ query) => /** @type {HTMLElement} */ (form.querySelector(query));
  const field = /** @type {HTMLInputElement} */ (find("input"));
  const status = find("[role=status]");
  const list = find("ol");
  const none = find("[data-none-found]");
  const topics = /** @type {HTMLElement} */ (document.querySelector("[data-topics]"));
  /** @type {Promise<Index> | null} */
  let loading = null;
  let turn = 0;
  let wait = 0;

  /** The index, fetched once; a failure is forgotten, so that the next try fetches again. */
  function load() {
    loading = loading ?? fetch(form.dataset.search ?? "")
      .then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status))
      .then((data) => decode(data, document.documentElement.lang));
    loading.catch(() => { loading = null; });
    return loading;
  }

  /** Search for what stands in the field, unless it has changed meanwhile. */
  async function run() {
    clearTimeout(wait);
    const mine = ++turn;
    const query = field.value.trim();
    try {
      const index = await load();
      if (mine === turn) show(query ? search(index, query) : null);
      worked();
      return true;
    } catch {
      failed();
      return false;
    }
  }

  /** @param {Result[] | null} results null: nothing is asked */
  function show(results) {
    list.textContent = "";
    list.append(...(results ?? []).map(item));
    list.hidden = !list.firstChild;
    none.hidden = !results || results.length > 0;
    topics.hidden = !list.hidden;
    status.textContent = !results ? ""
      : results.length ? (status.dataset.count ?? "").replace("{n}", String(results.length))
      : status.dataset.none ?? "";
  }

  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(run, 150);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // On a phone this closes the keyboard; a screen reader reads how many there are, then goes on.
    if (await run()) status.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      field.focus();
      run();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [field, ...list.querySelectorAll("a")];
    const at = stops.indexOf(/** @type {HTMLInputElement} */ (document.activeElement));
    const next = stops[Math.max(at, 0) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  run();
}

/** @param {Result} result */
function item({ url, title, heading, words }) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  const name = document.createElement("strong");
  name.textContent = title;
  link.append(name, heading && " ", heading);
  entry.append(link, " ");
  for (const word of words) {
    const mark = document.createElement("mark");
    mark.dir = "auto";
    mark.textContent = word;
    entry.append(mark, " ");
  }
  return entry;
}
