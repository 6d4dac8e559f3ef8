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
 * @typedef {Section & {words: string[]}} Result `words`: what matches, as it stands in the text
 */

const SHARED = "!#$%&()*+,-./:;<=>?@[]^_{|}~";
const GAPS = "#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{";
const HALF = GAPS.length / 2;
/** Weights of places: in the title of a page, in a heading, in the text, under the title. */
const TITLE = 6;
const HEADING = 4;
const TEXT = 1;
const UNDER_TITLE = 0.4;
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
    .replace(/[\u1340-\u1347]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 8));
}

/**
 * Return what stays of a folded word when it is inflected: no Arabic article, no vowel of an
 * Ethiopic syllable (rows of 8) or Tamil letter; ae, oe, ue as a, o, u (German without its dots).
 * @param {string} folded
 */
function stemOf(folded) {
  return folded
    .replace(/^(?:[وفبك]?ال|لل)(?=..)/, "")
    .replace(/[\u1200-\u135f]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) & ~7))
    .replace(/[\u0bbe-\u0bcd\u0bd7]/g, "")
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
 * @param {{joins: number, pages: string[][], words: string, places: string}} data
 * @param {string} tag the language
 * @returns {Index}
 */
export function decode(data, tag) {
  const joins = Boolean(data.joins);
  /** @type {Section[]} */
  const sections = [];
  /** @type {Map<string, Word>} */
  const words = textWords(data);
  const put = (/** @type {string} */ text, /** @type {number} */ number, /** @type {number} */ weight) => {
    const found = wordsOf(text, joins);
    for (const shown of found) {
      const key = shown.toLowerCase();
      const word = words.get(key) ?? newWord(shown, false);
      words.set(key, word);
      // A short heading says more of what stands under it than a long one.
      const worth = weight > TEXT ? weight * (0.6 + 0.8 / (found.length + 1)) : weight;
      word.places.set(number, Math.max(word.places.get(number) ?? 0, worth));
    }
  };
  data.pages.forEach(([path, title, ...rest], page) => {
    const url = `../${path}`; // the page of all topics stands beside the home page
    put(title, sections.length, TITLE);
    sections.push({ page, url, title, heading: "" });
    for (let at = 0; at < rest.length; at += 2) {
      put(rest[at + 1], sections.length, HEADING);
      put(title, sections.length, UNDER_TITLE);
      sections.push({ page, url: `${url}#${rest[at]}`, title, heading: rest[at + 1] });
    }
  });
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
  for (const [, mark, rest] of data.words.matchAll(/([!#-&(-/:-@[\]^_{-~])([^!#-&(-/:-@[\]^_{-~]*)/g)) {
    shown = shown.slice(0, SHARED.indexOf(mark)) + rest;
    const word = newWord(shown, data.places[at] === "}");
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

/**
 * How much a word of the index is what was asked for: 10 the same, 0 another.
 * @param {{folded: string, stem: string}} asked
 * @param {Word} word
 */
function likeness(asked, word) {
  if (word.folded === asked.folded) return 10;
  const length = asked.folded.length;
  if (length < 2) return 0;
  if (word.folded.startsWith(asked.folded)) return 5 + (3 * length) / word.folded.length;
  const [a, b] = [asked.stem, word.stem];
  if (a === b) return 6;
  const [least, most] = [Math.min(a.length, b.length), Math.max(a.length, b.length)];
  if (least < 3) return 0;
  if (b.startsWith(a)) return 3 + (3 * least) / most;
  if (b.includes(a)) return 2 + (2 * least) / most;
  if (2 * least > most && a.includes(b)) return (4 * least) / most;
  let same = 0;
  while (same < least && a[same] === b[same]) same += 1;
  return same > 2 && same / most > 0.54 ? (4 * same) / most : 0;
}

/**
 * Return the best sections for a query: all its words, or as many as one section holds.
 * @param {Index} index
 * @param {string} query
 * @returns {Result[]}
 */
export function search(index, query) {
  const asked = askedWords(index, query).map((text) => matches(index, text));
  const known = asked.filter((one) => one.scores.size || one.everywhere);
  const all = index.sections.map((section, number) => {
    const hits = known.filter((one) => one.scores.has(number));
    const whole = known.length === asked.length && known.every((one) => one.everywhere || one.scores.has(number));
    const score = hits.reduce((sum, one) => sum + (one.scores.get(number) ?? 0), 0);
    return { section, number, hits, whole, score };
  });
  const best = all.some((one) => one.whole && one.score) ? all.filter((one) => one.whole) : all;
  best.sort((one, other) => other.score - one.score || one.number - other.number);
  return spread(best.filter((one) => one.score > best[0].score / 20)).map(({ section, number, hits }) => ({
    ...section,
    words: [...new Set(hits.flatMap((one) => one.shown(number)))],
  }));
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
 */
function matches(index, folded) {
  const asked = { folded, stem: stemOf(folded) };
  let found = index.words
    .map((word) => /** @type {[Word, number]} */ ([word, likeness(asked, word)]))
    .filter(([, like]) => like);
  const everywhere = found.some(([word, like]) => like === 10 && word.everywhere);
  // A short word of nearly every section is and, the, of: no beginning of another.
  if (everywhere && folded.length < 4) found = found.filter(([, like]) => like === 10);
  /** @type {Map<number, number>} */
  const scores = new Map();
  for (const [word, like] of found) {
    for (const [number, weight] of word.places) {
      scores.set(number, Math.max(scores.get(number) ?? 0, like * weight));
    }
  }
  const rarity = Math.log(1 + index.sections.length / (everywhere ? index.sections.length : scores.size));
  for (const [number, score] of scores) scores.set(number, score * rarity);
  found.sort((one, other) => other[1] - one[1]);
  const shown = (/** @type {number} */ number) =>
    found
      .filter(([word]) => (word.places.get(number) ?? 0) >= TEXT)
      .slice(0, 3)
      .map(([word]) => word.shown);
  return { everywhere, scores, shown };
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

/** Attach to the search of the page. @param {HTMLFormElement} form */
function attach(form) {
  const find = (/** @type {string} */ query) => /** @type {HTMLElement} */ (form.querySelector(query));
  const field = /** @type {HTMLInputElement} */ (find("input"));
  const status = find("[role=status]");
  const list = find("ol");
  const none = find("[data-none-found]");
  const failed = find("[data-failed]");
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
      failed.hidden = true;
    } catch {
      failed.hidden = false;
    }
  }

  /** @param {Result[] | null} results null: nothing is asked */
  function show(results) {
    list.replaceChildren(...(results ?? []).map(item));
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
    await run();
    // On a phone this closes the keyboard; a screen reader reads how many there are, then goes on.
    status.focus();
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

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-search]"));
if (form) attach(form);
