/**
 * Reads a part of the page aloud, sentence by sentence, with a voice of the device. Fetched when
 * the reader asks for it. Nothing is remembered but the speed, and that only until the page closes.
 *
 * A sentence is one utterance: pausing is stopping and remembering it, which works on every phone
 * (Android has no pause), and no browser cuts a sentence short for its length.
 *
 * @typedef {{lang: string, voices: string[], letters: string[], percent: string,
 *   first: string, year: string, words: Object<string, string>, controls: Object<string, string>}} Speech
 * @typedef {{ranges: Range[], block: Element, said: string}} Sentence
 */

import { addStyles, keepClear } from "./shared.js";

/** What is seen and not heard: menus, controls, marks, official words in another language. */
const SKIPPED =
  "nav,script,noscript,button,select,audio,thead,.listen,.contents,.sources,.official,.cite,.no-listen," +
  ".recording,[aria-hidden=true]";
const SPEEDS = /** @type {[string, number][]} */ ([["slow", 0.8], ["normal", 1], ["fast", 1.2]]);
/** Milliseconds after which a voice that has not begun is taken for a voice that does not answer. */
const PATIENCE = 8000;
/** Milliseconds a letter: slower than any voice at its normal speed. After that, the next sentence. */
const SLOWEST = 250;
/** Chrome drops what is said right behind a cancel; milliseconds to wait. */
const AFTER_CANCEL = 60;
const ENDS = /[.!?…؟۔።፧]+(?:[»”“’"')\]\u2060]|\s»)*\s+(?![\p{Ll}–»])/gu;
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]/g;
const TELEPHONE = /\+?\b(?:0\d{1,3}|41)(?: \d{2,3}){2,4}\b/g;
const EMERGENCY = /\b1(?:1[278]|4[3-7])\b/g;
const DATE = /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b(?:\.(?= \p{Ll}))?|\b(\d{4})-(\d\d)-(\d\d)\b/gu;
const PERCENT = /(\d+(?:[.,]\d+)?)\s?%|%\s?(\d+(?:[.,]\d+)?)/g;
const LETTER = "[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}]";
/** Two capitals or more, and the letters that permits are called by, standing alone. */
const SPELLED = "[A-Z]{2,6}|[BCFGKLNSV](?!['’-]\\p{Script=Latin})";

/** The files of words, one a language: the build puts their names here. */
const FILES = "./listen.*.json".split(" ");

const speech = self.speechSynthesis;
/** @type {Reading | null} */
let current = null;
let rate = 1;
let loading = false;

/**
 * Start, pause or go on reading the element that a listen block stands in.
 * @param {HTMLElement} place the block: its first child is the button
 * @throws when the words cannot be fetched
 */
export async function listen(place) {
  addStyles(new URL("./listen.css", import.meta.url)).then(clear, () => {});
  if (current && current.place === place) return current.toggle();
  if (loading) return;
  loading = true;
  try {
    const { lang } = document.documentElement;
    const name = FILES.find((one) => one.startsWith(`./listen.${lang}.`)) ?? "";
    const answer = await fetch(new URL(name, import.meta.url));
    if (!answer.ok) throw Error(`${name}: ${answer.status}`);
    /** @type {Speech} */
    const words = await answer.json();
    const voice = chooseVoice(voices(), words.voices);
    current?.stop();
    current = new Reading(place, words, voice);
    if (voice) current.speak();
    else current.fail();
  } finally {
    loading = false;
  }
}

/** The device's voices; an engine that throws has none. */
function voices() {
  try {
    return speech.getVoices();
  } catch {
    return [];
  }
}

const clear = () => keepClear("Top", current?.place);
addEventListener("resize", clear);

/**
 * The best voice of the device itself: a remote one would send the text to another host.
 * @param {SpeechSynthesisVoice[]} voices
 * @param {string[]} wanted tags, the best first
 */
export function chooseVoice(voices, wanted) {
  const local = voices.filter((one) => one.localService);
  for (const tag of wanted) {
    const fits = RegExp(`^${tag.replace("-", "[-_]")}(?![a-z])`, "i");
    const found = local.filter((one) => fits.test(one.lang));
    if (found[0]) return found.find((one) => one.default) ?? found[0];
  }
}

/**
 * How a text is said: telephone numbers digit by digit, letters by their names.
 * @param {string} text as written
 * @param {Speech} words
 */
export function spoken(text, words) {
  const keys = Object.keys(words.words).sort((a, b) => b.length - a.length);
  const known = keys.flatMap((one) => [one, capital(one)]).map(escaped).join("|");
  const pattern = RegExp(`(^|(?!${LETTER}).)(${known}|${SPELLED})(?!${LETTER})`, "gsu");
  return text
    .replace(INVISIBLE, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(DATE, (_, day, month, year, ...iso) =>
      date(words, ...(year ? [year, month, day] : iso.slice(0, 3))),
    )
    .replace(TELEPHONE, (number) => number.split(" ").map(digits).join(", "))
    .replace(EMERGENCY, digits)
    .replace(PERCENT, (_, before, after) => words.percent.replace("{n}", before ?? after))
    .replace(/(G[,،፣]? )Ci(?!\p{L})/u, "$1CI")
    .replace(pattern, (_, before, written) => before + said(written, words));
}

/** @param {string} written @param {Speech} words */
function said(written, words) {
  const word = words.words[written] ?? words.words[uncapital(written)];
  const name = (/** @type {string} */ letter) => words.letters[letter.charCodeAt(0) - 65];
  return word ?? [...written].map(name).join(" ");
}

const capital = (/** @type {string} */ word) => word[0].toUpperCase() + word.slice(1);
const uncapital = (/** @type {string} */ word) => word[0].toLowerCase() + word.slice(1);
const escaped = (/** @type {string} */ word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const digits = (/** @type {string} */ number) => [...number].join(" ");

/** A date in the language's words where the browser knows them, else its three numbers. */
function date(/** @type {Speech} */ words, /** @type {string[]} */ ...[year, month, day]) {
  const format = new Intl.DateTimeFormat(`${words.lang}-u-ca-gregory-nu-latn`, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  const knows = base(format.resolvedOptions().locale) === base(words.lang);
  if (!knows) return `${+day}, ${+month}, ${year}`;
  const parts = format.formatToParts(Date.UTC(+year, +month - 1, +day));
  const at = parts.findIndex(({ type }) => type === "year");
  if (words.year) parts.splice(at, parts.length, { type: "year", value: words.year.replace("{n}", year) });
  const isFirst = (/** @type {Intl.DateTimeFormatPart} */ { type, value }) => type === "day" && value === "1" && words.first;
  return parts.map((one) => isFirst(one) || one.value).join("");
}

const base = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];

/**
 * The sentences that can be seen in an element, in their order.
 * @param {Element} root
 * @param {Speech} words
 * @returns {Sentence[]}
 */
function sentencesIn(root, words) {
  /** @type {Sentence[]} */
  const found = [];
  let text = "";
  /** @type {{node: Text, at: number}[]} */
  let pieces = [];
  const flush = (/** @type {Element} */ block) => {
    for (const [start, end] of cut(text, words)) {
      const written = text.slice(start, end);
      if (!/[\p{L}\p{N}–]/u.test(written)) continue;
      const ranges = rangesOf(pieces, start, end);
      found.push({ ranges, block, said: inTable(block, spoken(written, words)) });
    }
    text = "";
    pieces = [];
  };
  const walk = (/** @type {Element} */ parent, /** @type {Element} */ block) => {
    for (const child of parent.childNodes) {
      if (child instanceof Text) {
        pieces.push({ node: child, at: text.length });
        text += child.data.replace(/\s/g, " ");
      } else if (child instanceof Element && isHeard(child, words.lang)) {
        const inline = /^(inline|contents)/.test(getComputedStyle(child).display);
        if (!inline || child.tagName === "BR") flush(block);
        walk(child, inline ? block : child);
        if (!inline) flush(child);
      }
    }
  };
  walk(root, root);
  flush(root);
  return found;
}

/** @param {Element} element @param {string} lang */
function isHeard(element, lang) {
  const other = element.getAttribute("lang");
  if (element.matches(SKIPPED) || (other && base(other) !== base(lang))) return false;
  const folded = element.parentElement?.matches("details:not([open])");
  if (folded && element.tagName !== "SUMMARY") return false;
  const style = getComputedStyle(element);
  return style.display !== "none" && style.visibility === "visible";
}

/** Where sentences begin and end. @param {string} text @param {Speech} words */
function cut(text, words) {
  const short = Object.keys(words.words).filter((one) => one.endsWith("."));
  const stays = RegExp(
    `(?:^|(?!${LETTER}).)(?:\\d{1,2}|${short.map((one) => escaped(one.slice(0, -1))).join("|")})\\.$`,
    "iu",
  );
  const places = [];
  let start = 0;
  for (const match of text.matchAll(ENDS)) {
    const index = match.index ?? 0;
    if (stays.test(text.slice(start, index + 1))) continue;
    places.push([start, index + match[0].length]);
    start = index + match[0].length;
  }
  return [...places, [start, text.length]];
}

/** @param {{node: Text, at: number}[]} pieces @param {number} start @param {number} end */
function rangesOf(pieces, start, end) {
  return pieces
    .filter(({ node, at }) => at < end && at + node.length > start)
    .map(({ node, at }) => {
      const range = document.createRange();
      range.setStart(node, Math.max(0, start - at));
      range.setEnd(node, Math.min(node.length, end - at));
      return range;
    });
}

/** A cell is said with the head of its column, or as its label says. */
function inTable(/** @type {Element} */ block, /** @type {string} */ text) {
  if (!(block instanceof HTMLTableCellElement) || block.tagName !== "TD") return text;
  const head = block.closest("table")?.tHead?.rows[0]?.cells[block.cellIndex];
  const said = block.getAttribute("aria-label") ?? text;
  return head ? `${head.textContent}: ${said}` : said;
}

/** One reading of one part of the page. */
class Reading {
  /** @param {HTMLElement} place @param {Speech} words @param {SpeechSynthesisVoice} [voice] */
  constructor(place, words, voice) {
    this.place = place;
    this.words = words.controls;
    this.voice = voice;
    this.button = /** @type {HTMLElement} */ (place.firstElementChild);
    this.status = place.querySelector("[role=status]") ?? document.createElement("span");
    this.status.setAttribute("role", "status");
    place.append(this.status);
    this.label = this.button.textContent;
    this.sentences = sentencesIn(/** @type {Element} */ (place.parentElement), words);
    this.index = 0;
    this.playing = false;
    /** Counts utterances: events of one that is over mean nothing. */
    this.turn = 0;
    this.status.textContent = "";
    this.controls = this.makeControls();
    this.status.before(...this.controls);
  }

  /** Say the current sentence. */
  speak() {
    const sentence = this.sentences[this.index];
    if (!sentence || !isShown(sentence)) return this.stop();
    this.turn += 1;
    this.show(true);
    mark(sentence, this.place);
    const say = this.mine(() => this.say(sentence.said));
    if (hush()) setTimeout(say, AFTER_CANCEL);
    else say();
  }

  /** What may happen late, only as long as nothing else has been said since. @param {(event?: any) => void} act @returns {(event?: any) => void} */
  mine(act) {
    const { turn } = this;
    return (/** @type {any} */ event) => {
      if (turn === this.turn) act(event);
    };
  }

  /** Give a text to the device, and watch over it: some engines throw, some never tell the end. @param {string} text */
  say(text) {
    const silence = setTimeout(this.mine(() => this.fail()), PATIENCE);
    const next = this.mine(() => this.move(1));
    try {
      // Kept on `this`: Chrome forgets an utterance that nothing holds, and its events with it.
      const said = (this.said = new SpeechSynthesisUtterance(text));
      const voice = /** @type {SpeechSynthesisVoice} */ (this.voice);
      Object.assign(said, { voice, lang: voice.lang, rate });
      said.onstart = () => {
        clearTimeout(silence);
        setTimeout(next, PATIENCE + (text.length * SLOWEST) / rate);
      };
      said.onend = next;
      said.onerror = this.mine(({ error }) =>
        /^(interrupted|canceled)$/.test(error) ? this.pause() : this.fail(),
      );
      speech.speak(said);
    } catch (error) {
      console.error(error);
      this.fail();
    }
  }

  /** Pause, or go on with the sentence that was being said. */
  toggle() {
    if (this.playing) this.pause();
    else this.speak();
  }

  pause() {
    this.turn += 1;
    this.show(false);
    hush();
  }

  /** @param {number} step sentences forward (1) or back (-1) */
  move(step) {
    this.index = Math.max(0, this.index + step);
    if (this.index < this.sentences.length) this.speak();
    else this.stop();
  }

  stop() {
    this.turn += 1;
    current = null;
    hush();
    unmark();
    if (this.controls.some((one) => one.contains(document.activeElement))) this.button.focus();
    for (const control of this.controls) control.remove();
    this.button.textContent = this.label;
    delete this.button.dataset.icon;
    delete this.place.dataset.on;
    clear();
  }

  fail() {
    this.stop();
    this.status.textContent = this.place.dataset.on = this.words.failed;
  }

  /** @param {boolean} playing */
  show(playing) {
    this.playing = playing;
    this.place.dataset.on = "";
    this.button.textContent = playing ? this.words.pause : this.words.continue;
    this.button.dataset.icon = playing ? "⏸\ufe0e" : "▶\ufe0e";
    clear();
  }

  makeControls() {
    const speeds = document.createElement("span");
    speeds.setAttribute("role", "group");
    speeds.setAttribute("aria-label", this.words.speed);
    for (const [name, speed] of SPEEDS) {
      const button = makeButton(this.words[name], () => {
        rate = speed;
        press();
        if (this.playing) this.speak();
      });
      speeds.append(button);
    }
    const press = () =>
      [...speeds.children].forEach((one, n) => one.setAttribute("aria-pressed", `${SPEEDS[n][1] === rate}`));
    press();
    const back = makeButton("", () => this.move(-1), "⏮\ufe0e");
    const forward = makeButton("", () => this.move(1), "⏭\ufe0e");
    back.setAttribute("aria-label", this.words.back);
    forward.setAttribute("aria-label", this.words.forward);
    const steps = document.createElement("span");
    steps.append(back, forward);
    return [makeButton(this.words.stop, () => this.stop(), "⏹\ufe0e"), steps, speeds];
  }
}

/** @param {string} label @param {() => void} act @param {string} [icon] */
function makeButton(label, act, icon) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  if (icon) button.dataset.icon = icon;
  button.onclick = act;
  return button;
}

/** Silence the device; tell whether something was being said. */
function hush() {
  try {
    const busy = speech.speaking || speech.pending;
    if (busy) speech.cancel();
    return busy;
  } catch {
    return false; // what cannot be silenced will throw once more when it is to speak
  }
}

/** @param {Sentence} sentence */
function isShown({ block }) {
  return block.isConnected && block.getClientRects().length > 0;
}

/** Mark the sentence without touching the text; in an older browser, its block. */
function mark(/** @type {Sentence} */ { ranges, block }, /** @type {HTMLElement} */ bar) {
  unmark();
  if (self.Highlight && CSS.highlights) CSS.highlights.set("reading", new Highlight(...ranges));
  else block.classList.add("reading");
  const box = new Range();
  box.setStart(ranges[0].startContainer, ranges[0].startOffset);
  const last = ranges[ranges.length - 1];
  box.setEnd(last.endContainer, last.endOffset);
  const { top, bottom } = box.getBoundingClientRect();
  if (top >= Math.max(0, bar.getBoundingClientRect().bottom) && bottom <= innerHeight) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: top - innerHeight / 3, behavior: still ? "auto" : "smooth" });
}

function unmark() {
  if (self.Highlight && CSS.highlights) CSS.highlights.delete("reading");
  for (const one of document.querySelectorAll(".reading")) one.classList.remove("reading");
}

/** Leaving or printing the page ends the reading; so does a sentence that is seen no more. */
for (const type of ["pagehide", "beforeprint"]) addEventListener(type, () => current?.stop());
new MutationObserver(() => {
  if (current && !isShown(current.sentences[current.index])) current.stop();
}).observe(document, { subtree: true, attributeFilter: ["hidden", "open"] });
