/* What one types survives a reload and a lost connection, on this device, until it is saved. */
import { fresh, onContent, word } from "./page.js";

const PREFIX = "draft:";
const SENT = "draft-sent";
const MAX_AGE_DAYS = 14;

function read(key) {
  try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
}

function entries(form) {
  return [...form.elements]
    .filter((field) => field.name && field.name !== "csrfmiddlewaretoken" && !["file", "password", "hidden", "submit", "button"].includes(field.type))
    .flatMap((field) => {
      if (["checkbox", "radio"].includes(field.type)) return [[field.name, field.value, field.checked]];
      if (field.type === "select-one" || field.type === "select-multiple") {
        return [...field.selectedOptions].map((option) => [field.name, option.value, option.textContent]);
      }
      return [[field.name, field.value]];
    });
}

function put(form, saved) {
  for (const select of form.querySelectorAll("select")) for (const option of select.options) option.selected = false;
  for (const [name, value, extra] of saved) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(field.type)) { if (field.value === value) field.checked = extra; }
      else if (field.tagName === "SELECT") choose(field, value, extra);
      else if (field.type !== "hidden") field.value = value;
    }
  }
}

function choose(select, value, text) {
  let option = [...select.options].find((each) => each.value === value);
  if (!option && value) {
    option = new Option(text, value);
    select.append(option);
  }
  if (option) option.selected = true;
}

function forget(key) {
  localStorage.removeItem(PREFIX + key);
}

function note(form, key) {
  const line = document.createElement("div");
  line.className = "notice draft-note";
  line.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = word("draft_restored");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = word("draft_discard");
  button.addEventListener("click", () => { forget(key); location.reload(); });
  line.append(text, button);
  form.prepend(line);
}

function watch(form) {
  const key = form.dataset.draft;
  const state = form.querySelector("[data-draft-state]");
  const failed = form.querySelector("[data-error-summary]");
  if (sessionStorage.getItem(SENT) === key && !failed) forget(key);
  if (sessionStorage.getItem(SENT) === key) sessionStorage.removeItem(SENT);
  const saved = read(key);
  const recent = saved && Date.now() - saved.at < MAX_AGE_DAYS * 86400000;
  if (recent && !failed && JSON.stringify(saved.entries) !== JSON.stringify(entries(form))) {
    put(form, saved.entries);
    note(form, key);
  }
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), entries: entries(form) }));
      if (state) state.textContent = word("draft_kept");
    }, 250);
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); sessionStorage.setItem(SENT, key); });
  form.addEventListener("form:saved", () => { forget(key); sessionStorage.removeItem(SENT); });
}

/* A form that was sent and is not here again was saved: the server went on to another page. */
onContent((root) => {
  if (root === document) {
    const sent = sessionStorage.getItem(SENT);
    if (sent && !document.querySelector(`[data-draft="${CSS.escape(sent)}"]`) && !document.querySelector("main.bare")) {
      forget(sent);
      sessionStorage.removeItem(SENT);
    }
  }
  for (const form of fresh(root, "form[data-draft]", "draft")) watch(form);
});
