/**
 * The sentences to say at a counter, heard in French or German where the device itself has the voice:
 * a button beside each such line. Brought by site.js where a page has sentences and a device voices.
 */
import { element } from "./shared.js";

/** The words of the page's own button; a page that is in two languages has none. */
const words = document.querySelector(".listen button")?.textContent ?? "▶";

/** @param {Element} line */
const voiceOf = (line) => {
  const language = /** @type {string} */ (line.getAttribute("lang"));
  return speechSynthesis.getVoices().find((one) => one.localService && one.lang.slice(0, 2) === language);
};

/** @param {Element} line @param {() => void} fail is called where the voice does not speak */
function hear(line, fail) {
  try {
    const said = new SpeechSynthesisUtterance(/** @type {Node} */ (line.firstChild).textContent || "");
    said.voice = voiceOf(line) || null;
    said.lang = line.getAttribute("lang") || "";
    said.onerror = ({ error }) => /^(interrupted|canceled)$/.test(error) || fail();
    speechSynthesis.cancel();
    speechSynthesis.speak(said);
  } catch {
    fail();
  }
}

/**
 * Put a button beside each line that can be heard, and take away those that no longer can.
 * @param {(place: Element, sentence?: string) => void} tell tells in a place what does not work
 */
export function offer(tell) {
  for (const line of document.querySelectorAll(".say > [lang]")) {
    const place = /** @type {HTMLElement} */ (line.parentElement);
    const { failed } = place.dataset;
    const button = line.querySelector("button");
    if (button && !voiceOf(line)) button.remove();
    else if (!button && voiceOf(line)) {
      const onclick = () => hear(line, () => tell(place, failed));
      line.append(element("button", { type: "button", className: "md-button hear", textContent: words, onclick }));
    }
  }
}
