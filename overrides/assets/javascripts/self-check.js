/**
 * The eligibility self-check: one question at a time, while its answer can still change the
 * outcome. Answers live in the form and nowhere else: not stored, not sent, not in the address.
 * Brought by site.js at the first answer; so are the pages of all outcomes and notices, whose words it shows.
 *
 * `evaluate` says the same as scripts/table/evaluate.py; the tests compare the two.
 *
 * @typedef {{id: string, when: Object<string, string[]>, outcome: string, notices: string[]}} Rule
 * @typedef {{inputs: [string, string[]][], outcomes: string[], rules: Rule[]}} Table
 * @typedef {Object<string, string>} Answers input id to an answer or "unknown"; absent is open
 */

import { element, page, parsed, resultsOf } from "./shared.js";

const UNKNOWN = "unknown";
/** Milliseconds after which a second press is meant for what the first has brought. */
const DOUBLE_PRESS = 500;

/**
 * The table that a self-check carries: its questions and answers from the form, its rules from
 * the data beside it (a row a rule, as `self_check_data` in scripts/site/rules_data.py writes it).
 * @param {HTMLElement} root
 * @returns {Table}
 */
export function readTable(root) {
  const data = JSON.parse(root.querySelector("[data-table]")?.textContent || "");
  const inputs = /** @type {Table["inputs"]} */ (
    [...root.querySelectorAll("fieldset")].map((question) => [
      question.dataset.question,
      [...question.querySelectorAll("input")].map((one) => one.value).slice(0, -1),
    ])
  );
  return {
    inputs,
    outcomes: data.outcomes.split(" "),
    rules: data.rules.map((/** @type {string[]} */ [id, outcome, notices, ...cells]) => ({
      id,
      outcome,
      notices: notices.split(" ").filter(Boolean),
      when: Object.fromEntries(
        inputs.flatMap(([input, domain], at) =>
          cells[at] ? [[input, [...cells[at]].map((position) => domain[Number(position)])]] : [],
        ),
      ),
    })),
  };
}

/**
 * @param {Table} table
 * @param {Answers} answers
 * @returns {{rules: string[], outcomes: string[], question: string | null}}
 */
export function evaluate(table, answers) {
  const rules = table.rules.filter((rule) => matches(rule, answers));
  const open = table.inputs.find(([id]) => !(id in answers) && canChange(table, answers, id));
  return {
    rules: rules.map((rule) => rule.id),
    outcomes: table.outcomes.filter((name) => rules.some((rule) => rule.outcome === name)),
    question: open ? open[0] : null,
  };
}

/**
 * Whether two situations that fit the answers differ in this input only, and in outcome.
 * @param {Table} table
 * @param {Answers} answers
 * @param {string} input
 */
export function canChange(table, answers, input) {
  const outcomeOfRest = new Map();
  return situations(table, answers).some((situation) => {
    const rest = JSON.stringify({ ...situation, [input]: "" });
    const { outcome } = /** @type {Rule} */ (table.rules.find((rule) => matches(rule, situation)));
    if (!outcomeOfRest.has(rest)) outcomeOfRest.set(rest, outcome);
    return outcomeOfRest.get(rest) !== outcome;
  });
}

/**
 * The questions asked under the answers given, in their order, and the answers that count: those
 * to them. Only the last question can be open; an answer to a later one waits.
 * @param {Table} table
 * @param {Answers} given
 */
function followed(table, given) {
  /** @type {{asked: string[], answers: Answers, isOpen: boolean}} */
  const path = { asked: [], answers: {}, isOpen: false };
  for (const [id] of table.inputs) {
    if (path.isOpen || !canChange(table, path.answers, id)) continue;
    path.asked.push(id);
    if (id in given) path.answers[id] = given[id];
    else path.isOpen = true;
  }
  return path;
}

/** @param {Rule} rule @param {Answers} answers */
function matches(rule, answers) {
  return Object.entries(rule.when).every(([id, cell]) => {
    const answer = answers[id] ?? UNKNOWN;
    return answer === UNKNOWN || cell.includes(answer);
  });
}

/** Every situation that fits the answers. @param {Table} table @param {Answers} answers */
function situations(table, answers) {
  return table.inputs.reduce(
    (found, [id, domain]) => {
      const answer = answers[id] ?? UNKNOWN;
      const values = answer === UNKNOWN ? domain : [answer];
      return found.flatMap((one) => values.map((value) => ({ ...one, [id]: value })));
    },
    /** @type {Answers[]} */ ([{}]),
  );
}

/** @type {SelfCheck | undefined} */
let check;

/**
 * Take over the self-check of the page, once.
 * @param {HTMLElement} root
 * @param {() => void} failed called when the words of the result cannot be brought
 * @param {() => void} worked called when a question or the result is shown
 */
export function attach(root, failed, worked) {
  check = check || new SelfCheck(root, failed, worked);
  return check;
}

/**
 * The answers are those of the form; what is shown is worked out from them after every act. The
 * browser's history holds a number: step n shows the nth question asked, or the first open one
 * where fewer are asked, or the result where none is open. An entry of another making (a source
 * mark, the skip link) changes nothing and gets the number of what is shown.
 */
class SelfCheck {
  /** @param {HTMLElement} root @param {() => void} failed @param {() => void} worked */
  constructor(root, failed, worked) {
    this.root = root;
    this.failed = failed;
    this.worked = worked;
    this.form = /** @type {HTMLFormElement} */ (this.find("form"));
    this.error = this.find("[data-error]");
    this.table = readTable(root);
    this.step = 0;
    /** The question shown; undefined at the result. @type {string | undefined} */
    this.view = this.table.inputs[0][0];
    /** When it came and when the reader last pressed, in milliseconds since the page began. */
    this.since = -Infinity;
    this.pressedAt = 0;
    this.isFinger = false;
    this.isGoingBack = false;
    /** All that can be said: asked for, and there. @type {Promise<void> | undefined} */
    this.coming = undefined;
    /** @type {Document | undefined} */
    this.texts = undefined;
    for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll("fieldset[hidden] input")))
      one.checked = false;
    this.listen();
    this.listAnswers();
    this.number();
    this.bringTexts().catch(() => {});
  }

  /** @param {string} query @returns {HTMLElement} */
  find(query) {
    return /** @type {HTMLElement} */ (this.root.querySelector(query));
  }

  listen() {
    this.find("[data-back]").onclick = () => this.goBack();
    this.find("[data-restart]").onclick = () => {
      this.form.reset();
      this.show(0);
    };
    this.form.addEventListener("change", () => {
      this.error.textContent = "";
      this.listAnswers();
    });
    this.root.addEventListener("pointerdown", ({ pointerType, timeStamp }) => {
      this.isFinger = pointerType !== "mouse";
      this.pressedAt = timeStamp;
    });
    this.root.addEventListener("click", (event) => this.refuseSecond(event), true);
    for (const name of ["popstate", "hashchange", "pageshow"]) {
      addEventListener(name, () => this.follow());
    }
  }

  /** The second click of a double one was meant for what stood there before. @param {MouseEvent} event */
  refuseSecond(event) {
    if (event.detail < 2 || !this.isNew()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the last press was so near to the coming of what is shown that nobody can have read it. */
  isNew() {
    return Math.abs(this.pressedAt - this.since) < DOUBLE_PRESS;
  }

  /**
   * Go on from a question, or say that its answer is missing.
   * @param {string} question what was shown when "Continue" was pressed
   */
  press(question) {
    const { asked, answers, isOpen } = this.path();
    const isSecond = this.isFinger && this.isNew(); // a double tap is two clicks, each the first
    this.isFinger = false;
    if (question !== this.view) return; // gone since: the press waited for the network
    if (question in answers) {
      if (isOpen) this.go(asked.length - 1);
      else if (this.texts) this.go(asked.length);
      else this.bringTexts().then(() => this.press(question), this.failed);
    } else if (!isSecond) {
      this.error.textContent = this.error.dataset.error || "";
      this.find(`[data-question="${question}"] input`).focus();
    }
  }

  path() {
    return followed(this.table, /** @type {Answers} */ (Object.fromEntries(new FormData(this.form).entries())));
  }

  /** Bring all that can be said, and the frame of the result with it. */
  bringTexts() {
    const bring = async (/** @type {typeof keptPage} */ from) => this.take(await resultsOf(this.root, location.href, from));
    this.coming = this.coming || bring(page).catch(() => bring(keptPage));
    this.coming.catch(() => (this.coming = undefined));
    return this.coming;
  }

  /** @param {Document} texts @throws when they are made for other rules than this page's */
  take(texts) {
    const [ours, theirs] = [this.root, texts].map((one) => one.querySelector("[data-table]")?.getAttribute("data-table"));
    const names = this.table.rules.flatMap(({ outcome, notices }) => [`o-${outcome}`, ...notices.map((one) => `n-${one}`)]);
    const isWhole = names.every((one) => texts.getElementById(one));
    if (ours !== theirs || !isWhole) throw Error("the rules have changed");
    this.find("[data-answers]").before(/** @type {Element} */ (texts.querySelector("[data-result]")));
    const listen = this.find("[data-result] .listen");
    if (listen) listen.hidden = this.find(".listen").hidden;
    this.find("[data-print]").onclick = () => print();
    this.texts = texts;
  }

  /** Show a step in a new entry of the history. @param {number} step */
  go(step) {
    history.pushState({ step }, "");
    this.show(step);
  }

  /** The reader's Back is the browser's, unless that would show the same again: see `follow`. */
  goBack() {
    if (!this.isGoingBack) history.back();
    this.isGoingBack = true;
  }

  /** Show what the entry of the history says that the browser has come to. */
  follow() {
    const { asked, isOpen } = this.path();
    const most = isOpen || !this.texts ? asked.length - 1 : asked.length;
    const step = Math.min(history.state?.step ?? this.step, most);
    const { isGoingBack } = this;
    this.isGoingBack = false;
    if (asked[step] !== this.view) this.show(step);
    else if (isGoingBack && step > 0) this.show(step - 1);
    else this.number();
  }

  /** Give this entry of the history the number of what is shown. */
  number() {
    const { step } = this;
    if (history.state?.step !== step) history.replaceState({ step }, "");
  }

  /** Show a step in this entry of the history, and lead the reader to it. @param {number} step */
  show(step) {
    const { asked, answers } = this.path();
    const view = asked[step];
    Object.assign(this, { step, view, since: performance.now(), isGoingBack: false });
    this.number();
    this.worked();
    this.error.textContent = "";
    for (const one of this.form.querySelectorAll("fieldset")) one.hidden = one.dataset.question !== view;
    this.form.hidden = !view;
    this.find("[data-back]").hidden = step === 0;
    this.listAnswers();
    const result = this.find("[data-result]");
    if (result) result.hidden = Boolean(view);
    if (view) this.showProgress();
    else this.fillResult(answers);
    const place = view ? this.find(`[data-question="${view}"]`) : result;
    place.focus({ preventScroll: true });
    (view ? this.form : result).scrollIntoView({ block: "start", behavior: "instant" });
  }

  showProgress() {
    const progress = this.find("[data-progress]");
    progress.textContent = (progress.dataset.progress || "")
      .replace("{n}", String(this.step + 1))
      .replace("{max}", String(this.table.inputs.length));
  }

  /** @param {Answers} answers */
  fillResult(answers) {
    const { rules, outcomes } = evaluate(this.table, answers);
    const hit = this.table.rules.filter((rule) => rules.includes(rule.id));
    const notices = [...new Set(hit.flatMap((rule) => rule.notices))];
    const result = this.find("[data-result]");
    result.dataset.outcome = outcomes.join(" ");
    result.dataset.rule = rules.join(" ");
    const isSure = outcomes.length === 1;
    this.find("[data-several]").hidden = isSure;
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (result.querySelectorAll("[data-for]"))) {
      one.hidden = !/** @type {string} */ (one.dataset.for).split(" ").some((/** @type {string} */ id) => rules.includes(id));
    }
    this.copy(this.texts, "o-", outcomes, "[data-result-outcomes]");
    this.copy(document, "r-", rules, "[data-result-rules]");
    this.copy(this.texts, "n-", notices, "[data-result-notices]");
    this.find("[data-code]").textContent = rules.join(" ");
    for (const one of result.querySelectorAll("details")) one.open = isSure;
  }

  /**
   * Put copies of texts, without their ids, into a place of the result.
   * @param {Document | undefined} from @param {string} kind @param {string[]} names @param {string} place
   */
  copy(from, kind, names, place) {
    const twins = names.map((name) => {
      const twin = /** @type {HTMLElement} */ (from?.getElementById(kind + name)?.cloneNode(true));
      twin.removeAttribute("id");
      twin.dataset.of = kind + name; // two.js looks there for the same in another language
      return twin;
    });
    this.find(place).textContent = "";
    this.find(place).append(...twins);
  }

  /** List the answers that count, but for the one that is shown. */
  listAnswers() {
    const { asked, answers } = this.path();
    const listed = asked.filter((id) => id in answers && id !== this.view);
    const list = this.find("[data-answer-list]");
    list.textContent = "";
    list.append(...listed.map((id) => this.answerLine(id, answers[id], () => this.go(asked.indexOf(id)))));
    this.find("[data-answers]").hidden = listed.length === 0;
    this.warn();
  }

  /** @param {string} id @param {string} answer @param {() => void} onclick */
  answerLine(id, answer, onclick) {
    const question = this.find(`[data-question="${id}"]`);
    const text = alone(question.querySelector("legend"));
    const textContent = alone(question.querySelector(`[value="${answer}"]`)?.parentElement).trim();
    const label = element("span", {}, text, " ", element("strong", { textContent }));
    const which = element("span", { className: "hidden", textContent: `: ${text}` });
    const { change = "" } = this.find("[data-answer-list]").dataset;
    const line = element("li", {}, label, element("button", { type: "button", className: "md-button", onclick }, change, which));
    line.dataset.answer = `${id}=${answer}`;
    return line;
  }

  /**
   * Say in the menu of languages, and to whoever comes to it, that another language begins the
   * answers anew: while there are any.
   */
  warn() {
    const menu = document.querySelector(".languages");
    document.getElementById("new-language")?.remove();
    if (!this.form.querySelector(":checked")) return;
    const textContent = this.root.dataset.newLanguage;
    const warning = element("li", { id: "new-language", className: "warning", textContent });
    menu?.querySelector("ul")?.prepend(warning);
    menu?.querySelector("summary")?.setAttribute("aria-describedby", warning.id);
  }
}

/**
 * The copy of a page that the phone keeps in the version of this page: the site may be newer by now.
 * @param {string} address
 * @throws when there is none
 */
async function keptPage(address) {
  const { version = "" } = document.documentElement.dataset;
  for (const cacheName of await caches.keys()) {
    const answer = cacheName.endsWith(version) && (await caches.match(address, { cacheName }));
    if (answer) return parsed(await answer.text(), address);
  }
  throw Error(`no copy of ${address}`);
}

/** A text without pictures and what two.js put beside it. @param {Element | null | undefined} element */
function alone(element) {
  const copy = /** @type {Element | undefined} */ (element?.cloneNode(true));
  for (const picture of copy?.querySelectorAll("[aria-hidden]") || []) picture.remove();
  for (const pair of copy?.querySelectorAll(".two") || []) pair.lastChild?.remove();
  return copy?.textContent || "";
}
