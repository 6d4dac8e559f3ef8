/**
 * The eligibility self-check: one question at a time, while its answer can still change the
 * outcome. Answers live in the form and nowhere else: not stored, not sent, not in the address.
 * Brought by site.js at the first answer; so is the page of all results, whose words it shows.
 *
 * `evaluate` says the same as scripts/table/evaluate.py; the tests compare the two.
 *
 * @typedef {{id: string, when: Object<string, string[]>, outcome: string, notices: string[]}} Rule
 * @typedef {{inputs: [string, string[]][], outcomes: string[], rules: Rule[]}} Table
 * @typedef {Object<string, string>} Answers input id to an answer or "unknown"; absent is open
 */

import { page } from "./shared.js";

const UNKNOWN = "unknown";

/**
 * The table that a self-check carries: its questions and answers from the form, its rules from
 * the data beside it (a row a rule, as `self_check_data` in scripts/site/render.py writes it).
 * @param {HTMLElement} root
 * @returns {Table}
 */
export function readTable(root) {
  const data = JSON.parse(root.querySelector("[data-table]")?.textContent ?? "");
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
    const { outcome } = table.rules.find((rule) => matches(rule, situation));
    if (!outcomeOfRest.has(rest)) outcomeOfRest.set(rest, outcome);
    return outcomeOfRest.get(rest) !== outcome;
  });
}

/**
 * The answers that matter: in the table's order, each only while it can change the outcome.
 * @param {Table} table
 * @param {Answers} given
 * @returns {Answers}
 */
function relevant(table, given) {
  /** @type {Answers} */
  const kept = {};
  for (const [id] of table.inputs) {
    if (id in given && canChange(table, kept, id)) kept[id] = given[id];
  }
  return kept;
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

/** @type {((failed: () => void) => void) | undefined} */
let submit;

/**
 * Go on to the next question or the result.
 * @param {HTMLElement} root the self-check of the page
 * @param {() => void} failed called when the words of the result cannot be brought
 */
export function next(root, failed) {
  prepare(root);
  submit?.(failed);
}

/** Take over the self-check of the page, once. @param {HTMLElement} root */
export function prepare(root) {
  submit = submit ?? attach(root);
}

/** @param {HTMLElement} root @returns {(failed: () => void) => void} */
function attach(root) {
  const find = (/** @type {string} */ query) => /** @type {HTMLElement} */ (root.querySelector(query));
  const form = /** @type {HTMLFormElement} */ (find("form"));
  const list = find("[data-answer-list]");
  const error = find("[data-error]");
  const table = readTable(root);
  const questions = /** @type {NodeListOf<HTMLElement>} */ (
    root.querySelectorAll("[data-question]")
  );
  /** Views in their order; the browser's history holds only the position in this list. */
  let trail = [/** @type {string | null} */ (table.inputs[0][0])];
  let position = 0;
  /** The page of all results, once it is there. @type {Document | undefined} */
  let texts;

  const answers = () => relevant(table, Object.fromEntries(new FormData(form).entries()));

  /** Bring the page of all results; one of another version does not fit this page. */
  function loadTexts(then = () => {}, failed = then) {
    if (texts) return then();
    page(new URL(root.dataset.selfCheck ?? "", location.href).href).then((found) => {
      const section = /** @type {Element} */ (found.querySelector("[data-result]"));
      const { version } = document.documentElement.dataset;
      if (found.documentElement.dataset.version !== version) return failed();
      if (!texts) {
        texts = found;
        find("[data-answers]").before(section);
        const listen = find("[data-result] .listen");
        if (listen) listen.hidden = find(".listen").hidden;
        find("[data-print]").addEventListener("click", () => print());
      }
      then();
    }).catch(failed);
  }

  /** Show the view at the current position. */
  function show(focus = true) {
    const view = trail[position];
    const kept = answers();
    const result = find("[data-result]");
    for (const question of questions) question.hidden = question.dataset.question !== view;
    error.textContent = "";
    form.hidden = view === null;
    if (result) result.hidden = view !== null;
    find("[data-back]").hidden = position === 0;
    listAnswers(kept, view);
    if (view === null) showResult(kept, result);
    else showProgress(view, kept);
    if (!focus) return;
    if (view === null) meet(result, result);
    else meet(find(`[data-question="${view}"]`), form);
  }

  /** Lead the screen reader to what is new, and the eye to the beginning of it. */
  function meet(/** @type {HTMLElement} */ place, /** @type {HTMLElement} */ beginning) {
    place.focus({ preventScroll: true });
    beginning.scrollIntoView({ block: "start", behavior: "instant" });
  }

  /** @param {string} view @param {Answers} kept */
  function showProgress(view, kept) {
    const progress = find("[data-progress]");
    const number = table.inputs.filter(([id]) => id in kept && id !== view).length + 1;
    progress.textContent = (progress.dataset.progress ?? "")
      .replace("{n}", String(number))
      .replace("{max}", String(table.inputs.length));
  }

  /** @param {Answers} kept @param {HTMLElement} result */
  function showResult(kept, result) {
    const { rules, outcomes } = evaluate(table, kept);
    const hit = table.rules.filter((rule) => rules.includes(rule.id));
    const notices = [...new Set(hit.flatMap((rule) => rule.notices))];
    result.dataset.outcome = outcomes.join(" ");
    result.dataset.rule = rules.join(" ");
    find("[data-several]").hidden = outcomes.length === 1;
    copy(texts, "o-", outcomes, find("[data-result-outcomes]"));
    copy(document, "r-", rules, find("[data-result-rules]"));
    copy(texts, "n-", notices, find("[data-result-notices]"));
    find("[data-important]").hidden = notices.length === 0;
    find("[data-code]").textContent = rules.join(" ");
  }

  /**
   * Put copies of texts, without their ids, into a place of the result.
   * @param {Document | undefined} from @param {string} kind @param {string[]} names
   * @param {HTMLElement} place
   */
  function copy(from, kind, names, place) {
    place.textContent = "";
    place.append(
      ...names.map((name) => {
        const twin = /** @type {HTMLElement} */ (from?.getElementById(kind + name)?.cloneNode(true));
        twin.removeAttribute("id");
        twin.dataset.of = kind + name; // two.js looks there for the same in another language
        return twin;
      }),
    );
  }

  /** @param {Answers} kept @param {string | null} view */
  function listAnswers(kept, view) {
    const ids = Object.keys(kept).filter((id) => id !== view);
    find("[data-answers]").hidden = ids.length === 0;
    list.textContent = "";
    list.append(...ids.map((id) => answerLine(id, kept[id])));
  }

  /** @param {string} id @param {string} answer */
  function answerLine(id, answer) {
    const question = find(`[data-question="${id}"]`);
    const text = alone(question.querySelector("legend"));
    const said = alone(question.querySelector(`[value="${answer}"]`)?.parentElement);
    const line = document.createElement("li");
    line.dataset.answer = `${id}=${answer}`;
    const change = document.createElement("button");
    change.type = "button";
    change.textContent = list.dataset.change ?? "";
    const which = document.createElement("span");
    which.className = "hidden";
    which.textContent = `: ${text}`;
    change.append(which);
    change.addEventListener("click", () => go(id));
    const label = document.createElement("span");
    const strong = document.createElement("strong");
    strong.textContent = said.trim();
    label.append(text, " ", strong);
    line.append(label, change);
    return line;
  }

  /** A text without what two.js put beside it. @param {Element | null | undefined} element */
  function alone(element) {
    const copy = /** @type {Element | undefined} */ (element?.cloneNode(true));
    for (const pair of copy?.querySelectorAll(".two") ?? []) pair.lastChild?.remove();
    return copy?.textContent ?? "";
  }

  /** Go on to a view. @param {string | null} view */
  function go(view) {
    trail = [...trail.slice(0, position + 1), view];
    position += 1;
    history.pushState({ step: position }, "");
    show();
  }

  find("[data-back]").addEventListener("click", () => history.back());
  find("[data-restart]").addEventListener("click", () => {
    form.reset();
    go(table.inputs[0][0]);
  });
  addEventListener("popstate", (event) => {
    const step = event.state?.step ?? 0;
    if (step === position || step >= trail.length) return;
    position = step;
    show();
  });
  history.replaceState({ step: 0 }, "");
  loadTexts();

  return (failed) => {
    const view = trail[position];
    if (view !== null && !new FormData(form).has(view)) {
      error.textContent = error.dataset.error ?? "";
      /** @type {HTMLElement} */ (find(`[data-question="${view}"] input`)).focus();
      return;
    }
    const question = evaluate(table, answers()).question;
    if (question) go(question);
    else loadTexts(() => go(null), failed);
  };
}
