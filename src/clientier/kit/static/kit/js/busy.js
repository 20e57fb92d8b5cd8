/* The thin line on top while the server works; it shows only when that takes long enough to notice. */
import { word } from "./page.js";
import { showToast } from "./toasts.js";

const mark = document.querySelector("[data-busy-mark]");
let running = 0;

export function startWork() {
  running += 1;
  mark?.toggleAttribute("data-on", true);
}

export function endWork() {
  running = Math.max(0, running - 1);
  if (!running) mark?.removeAttribute("data-on");
}

const isQuiet = (event) => event.target?.closest?.("[data-quiet]");

document.addEventListener("htmx:before:request", (event) => { if (!isQuiet(event)) startWork(); });
document.addEventListener("htmx:finally:request", (event) => { if (!isQuiet(event)) endWork(); });
document.addEventListener("htmx:error", (event) => {
  const aborted = event.detail?.error?.name === "AbortError";
  if (!aborted && !isQuiet(event)) showToast({ text: word("failed"), tone: "bad" });
});
window.addEventListener("beforeunload", startWork);
window.addEventListener("pageshow", () => { running = 0; mark?.removeAttribute("data-on"); });
