/* The keyboard: single letters on the page, `g` and a letter to go places, Ctrl/Cmd+K for everything. */
import { createKeybindingsHandler } from "../vendor/tinykeys/tinykeys.js";
import { isTyping, isVisible } from "./page.js";
import { openPalette } from "./palette.js";
import { rowKey } from "./tables.js";

const goals = Object.fromEntries(
  [...document.querySelectorAll("[data-go]")].map((link) => [`g ${link.dataset.go}`, () => { going = true; location.assign(link.href); }]),
);
const SEQUENCE_MS = 1200;
let going = false;
let pressedG = 0;

const sequences = createKeybindingsHandler(goals, { timeout: SEQUENCE_MS });

function isBlocked(event) {
  return isTyping(event.target) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey
    || document.querySelector("dialog[open], details[data-menu][open]");
}

function actionFor(key) {
  return [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isVisible);
}

function single(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "/") return openPalette() ?? true;
  if (key === "?") return document.getElementById("keys")?.showModal() ?? true;
  if (key === "Enter" && event.target.closest("a, button, summary, input")) return false;
  if (rowKey(key)) return true;
  const action = key.length === 1 ? actionFor(key) : null;
  action?.click();
  return Boolean(action);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (isBlocked(event)) return;
  sequences(event);
  const afterG = Date.now() - pressedG < SEQUENCE_MS;
  pressedG = event.key === "g" && !afterG ? Date.now() : 0;
  if (going || afterG || pressedG) return;
  if (single(event)) event.preventDefault();
});
