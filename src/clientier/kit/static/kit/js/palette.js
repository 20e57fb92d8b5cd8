/* Ctrl/Cmd+K: go to, create, act, search, without leaving the keyboard. */
import { ask, island, isVisible, word } from "./page.js";

const dialog = document.querySelector("[data-palette]");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const commands = island("commands") ?? [];
let searching;
let round = 0;

export function openPalette(text = "") {
  if (!dialog || dialog.open) return;
  input.value = text;
  dialog.showModal();
  input.focus();
  render();
}

function actionsOnPage() {
  return [...document.querySelectorAll("main .page-head [href], main .page-head button, main .listing-head > .actions > .button, .next .button")]
    .filter(isVisible)
    .map((element) => ({ label: (element.textContent.trim() || element.getAttribute("aria-label") || "").trim(), element, group: "actions", key: (element.dataset.key ?? "").toUpperCase() }))
    .filter((each) => each.label);
}

function matches(command, text) {
  const label = `${command.label} ${command.hint ?? ""}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((part) => label.includes(part));
}

function option(command) {
  const element = document.createElement(command.url ? "a" : "div");
  element.className = "palette-item";
  element.setAttribute("role", "option");
  element.tabIndex = -1;
  if (command.url) element.href = command.url;
  const label = document.createElement("span");
  label.textContent = command.label.charAt(0).toUpperCase() + command.label.slice(1);
  element.append(label);
  if (command.key) element.append(Object.assign(document.createElement("kbd"), { textContent: command.key }));
  if (command.element) element.addEventListener("click", () => { dialog.close(); command.element.click(); });
  return element;
}

function heading(text) {
  return Object.assign(document.createElement("p"), { className: "palette-group", role: "presentation", textContent: text });
}

function render() {
  const text = input.value.trim();
  const shown = [...actionsOnPage(), ...commands].filter((command) => matches(command, text));
  const parts = [];
  for (const group of ["actions", "go_to", "create", "commands"]) {
    const members = shown.filter((command) => command.group === group);
    if (members.length) parts.push(heading(word(group)), ...members.map(option));
  }
  const found = document.createElement("div");
  found.setAttribute("role", "presentation");
  list.replaceChildren(found, ...parts);
  select(list.querySelector("[role=option]"));
  clearTimeout(searching);
  if (text) searching = setTimeout(search, 120, text, found);
}

async function search(text, place) {
  const mine = ++round;
  const url = `${dialog.dataset.searchUrl}?q=${encodeURIComponent(text)}`;
  const response = await ask(url, { headers: { "HX-Target": "palette" } }).catch(() => null);
  if (mine !== round || !response?.ok) return;
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const results = [...template.content.querySelectorAll("[role=option]")];
  if (results.length) {
    place.replaceChildren(heading(word("found")), ...results);
    select(results[0]);
  } else if (!list.querySelector("[role=option]")) {
    const none = Object.assign(document.createElement("p"), { className: "palette-none", textContent: word("nothing_found", { text }) });
    place.replaceChildren(none);
  }
}

function select(element) {
  const options = [...list.querySelectorAll("[role=option]")];
  options.forEach((each, index) => {
    each.id ||= `palette-option-${index}-${round}`;
    each.setAttribute("aria-selected", String(each === element));
  });
  if (element) {
    input.setAttribute("aria-activedescendant", element.id);
    element.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function step(by) {
  const options = [...list.querySelectorAll("[role=option]")];
  const place = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  select(options.at((place + by + options.length) % options.length));
}

if (dialog) {
  input.addEventListener("input", render);
  list.addEventListener("pointermove", (event) => {
    const element = event.target.closest("[role=option]");
    if (element && element.getAttribute("aria-selected") !== "true") select(element);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = list.querySelector("[aria-selected=true]");
      if (chosen?.href && (event.ctrlKey || event.metaKey)) window.open(chosen.href, "_blank", "noopener");
      else chosen?.click();
    }
  });
  const field = document.querySelector("[data-search]");
  field?.addEventListener("click", () => openPalette(field.value));
  field?.addEventListener("input", () => { openPalette(field.value); field.value = ""; });
}
