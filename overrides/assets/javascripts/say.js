/**
 * The sentences to say at a counter, heard in French or German where the device itself has the voice:
 * a button beside each such line. Brought by site.js where a page has sentences and a device voices.
 */
import { element } from "./shared.js";

/** @param {Element} line */
const voiceOf = (line) => {
  const language = /** @type {string} */ (line.getAttribute("lang"));
  return speechSynthesis.getVoices().find((one) => one.localService && one.lang.slice(0, 2) === language);
};

/** @param {Element} line */
function hear(line) {
  const said = new SpeechSynthesisUtterance(/** @type {Node} */ (line.firstChild).textContent || "");
  said.voice = voiceOf(line) || null;
  said.lang = line.getAttribute("lang") || "";
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

/** Put a button beside each line that can be heard, and take away those that no longer can. */
export function offer() {
  for (const line of document.querySelectorAll(".say > [lang]")) {
    const words = /** @type {HTMLElement} */ (line.parentElement).dataset.listen || "";
    const button = line.querySelector("button");
    if (button && !voiceOf(line)) button.remove();
    else if (!button && voiceOf(line)) {
      const onclick = () => hear(line);
      line.append(element("button", { type: "button", className: "md-button hear", textContent: words, onclick }));
    }
  }
}
