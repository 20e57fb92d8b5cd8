/* Notices that come, offer to undo, and go. */
import { ask, csrfToken, fresh, onContent, word } from "./page.js";

const KEPT = "kept-notices";
const SECONDS = 6;
const SECONDS_WITH_UNDO = 12;

function close(toast) {
  toast.remove();
}

function live(toast) {
  if (toast.dataset.tone === "bad") return;
  const seconds = toast.querySelector("[data-undo]") ? SECONDS_WITH_UNDO : SECONDS;
  let timer = setTimeout(close, seconds * 1000, toast);
  const hold = () => clearTimeout(timer);
  const release = () => { clearTimeout(timer); timer = setTimeout(close, seconds * 1000, toast); };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, release);
}

/** Shows a notice: {text, tone: good|warn|bad|info, undo_url}. */
export function showToast({ text, tone = "info", undo_url: undoUrl = "" }) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.dataset.tone = tone;
  if (tone === "bad") toast.setAttribute("role", "alert");
  const line = document.createElement("p");
  line.textContent = text;
  toast.append(line);
  if (undoUrl) toast.append(undoForm(undoUrl));
  toast.append(button(word("dismiss"), "✕", { toastClose: "" }));
  toast["ready-toast"] = true;
  region.append(toast);
  ready(toast);
}

function button(label, text, data) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button quiet square small";
  element.setAttribute("aria-label", label);
  element.textContent = text;
  Object.assign(element.dataset, data);
  return element;
}

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.dataset.undo = "";
  const token = Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken", value: csrfToken() });
  const send = Object.assign(document.createElement("button"), { className: "button small", textContent: word("undo") });
  form.append(token, send);
  return form;
}

function ready(toast) {
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => close(toast));
  toast.querySelector("[data-undo]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    undo(toast, event.target);
  });
  live(toast);
}

async function undo(toast, form) {
  try {
    const response = await ask(form.action, { method: "POST", body: new FormData(form) });
    if (!response.ok) throw new Error(String(response.status));
    keepNotices(await response.text());
    location.reload();
  } catch {
    close(toast);
    showToast({ text: word("undo_failed"), tone: "bad" });
  }
}

/** Keeps the notices of an answer that nobody will look at, to show them on the page that comes next. */
export function keepNotices(html) {
  const toasts = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-toast]")];
  const kept = toasts.map((toast) => ({
    text: toast.querySelector("p").textContent,
    tone: toast.dataset.tone,
    undo_url: toast.querySelector("[data-undo]")?.getAttribute("action"),
  }));
  if (kept.length) sessionStorage.setItem(KEPT, JSON.stringify(kept));
}

function showKept() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  sessionStorage.removeItem(KEPT);
  kept.forEach(showToast);
}

onContent((root) => { if (root === document) showKept(); });
onContent((root) => fresh(root, "[data-toast]", "toast").forEach(ready));

/* The server may send a notice with any answer: `HX-Trigger: {"toast": {...}}`. */
document.addEventListener("toast", (event) => showToast(event.detail));
