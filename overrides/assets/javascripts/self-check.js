/**
 * The eligibility self-check: one question at a time, while its answer can still change the
 * outcome. Answers live in the form and nowhere else: not stored, not sent, not in the address.
 *
 * `evaluate` says the same as scripts/table/evaluate.py; the tests compare the two.
 *
 * @typedef {{id: string, when: Object<string, string[]>, outcome: string, notices: string[]}} Rule
 * @typedef {{inputs: [string, string[]][], outcomes: string[], rules: Rule[]}} Table
 * @typedef {Object<string, string>} Answers input id to an answer or "unknown"; absent is open
 */

const UNKNOWN = "unknown";

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

/** Attach to the self-check of the page. @param {HTMLElement} root */
function attach(root) {
  const find = (/** @type {string} */ query) => /** @type {HTMLElement} */ (root.querySelector(query));
  const form = /** @type {HTMLFormElement} */ (find("form"));
  const result = find("[data-result]");
  const list = find("[data-answer-list]");
  const error = find("[data-error]");
  const plain = find("[data-plain]");
  /** @type {Table} */
  const table = JSON.parse(find("[data-table]").textContent ?? "");
  const questions = /** @type {NodeListOf<HTMLElement>} */ (
    root.querySelectorAll("[data-question]")
  );
  /** Views in their order; the browser's history holds only the position in this list. */
  let trail = [/** @type {string | null} */ (table.inputs[0][0])];
  let position = 0;

  const answers = () => relevant(table, Object.fromEntries(new FormData(form).entries()));

  /** Show the view at the current position. */
  function show(focus = true) {
    const view = trail[position];
    const kept = answers();
    for (const question of questions) question.hidden = question.dataset.question !== view;
    error.textContent = "";
    form.hidden = view === null;
    result.hidden = view !== null;
    find("[data-back]").hidden = position === 0;
    listAnswers(kept, view);
    if (view === null) showResult(kept);
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

  /** @param {Answers} kept */
  function showResult(kept) {
    const { rules, outcomes } = evaluate(table, kept);
    const hit = table.rules.filter((rule) => rules.includes(rule.id));
    const notices = [...new Set(hit.flatMap((rule) => rule.notices))];
    result.dataset.outcome = outcomes.join(" ");
    result.dataset.rule = rules.join(" ");
    find("[data-several]").hidden = outcomes.length === 1;
    copy("o-", outcomes, find("[data-result-outcomes]"));
    copy("r-", rules, find("[data-result-rules]"));
    copy("n-", notices, find("[data-result-notices]"));
    find("[data-important]").hidden = notices.length === 0;
    find("[data-code]").textContent = rules.join(" ");
  }

  /** Put copies of the page's own texts, without their ids, into a place of the result. */
  function copy(/** @type {string} */ kind, /** @type {string[]} */ names, /** @type {HTMLElement} */ place) {
    place.replaceChildren(
      ...names.map((name) => {
        const twin = /** @type {HTMLElement} */ (find(`#${kind}${name}`).cloneNode(true));
        twin.removeAttribute("id");
        return twin;
      }),
    );
  }

  /** @param {Answers} kept @param {string | null} view */
  function listAnswers(kept, view) {
    const ids = Object.keys(kept).filter((id) => id !== view);
    find("[data-answers]").hidden = ids.length === 0;
    list.replaceChildren(...ids.map((id) => answerLine(id, kept[id])));
  }

  /** @param {string} id @param {string} answer */
  function answerLine(id, answer) {
    const question = find(`[data-question="${id}"]`);
    const text = question.querySelector("legend")?.textContent ?? "";
    const said = question.querySelector(`[value="${answer}"]`)?.parentElement?.textContent ?? "";
    const line = document.createElement("li");
    const change = document.createElement("button");
    change.type = "button";
    change.textContent = list.dataset.change ?? "";
    change.setAttribute("aria-label", `${list.dataset.change}: ${text}`);
    change.addEventListener("click", () => go(id));
    const label = document.createElement("span");
    const strong = document.createElement("strong");
    strong.textContent = said.trim();
    label.append(text, " ", strong);
    line.append(label, change);
    return line;
  }

  /** Go on to a view. @param {string | null} view */
  function go(view) {
    trail = [...trail.slice(0, position + 1), view];
    position += 1;
    history.pushState({ step: position }, "");
    show();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const view = trail[position];
    if (view !== null && !new FormData(form).has(view)) {
      error.textContent = error.dataset.error ?? "";
      /** @type {HTMLElement} */ (find(`[data-question="${view}"] input`)).focus();
      return;
    }
    go(evaluate(table, answers()).question);
  });
  find("[data-back]").addEventListener("click", () => history.back());
  find("[data-print]").addEventListener("click", () => print());
  find("[data-restart]").addEventListener("click", () => {
    form.reset();
    trail = [...trail.slice(0, position + 1)];
    go(table.inputs[0][0]);
  });
  addEventListener("popstate", (event) => {
    const step = event.state?.step ?? 0;
    if (step === position || step >= trail.length) return;
    position = step;
    show();
  });

  form.reset();
  history.replaceState({ step: 0 }, "");
  plain.hidden = true;
  show(false);
}

const root = typeof document === "object" && document.querySelector("[data-self-check]");
if (root) attach(/** @type {HTMLElement} */ (root));
