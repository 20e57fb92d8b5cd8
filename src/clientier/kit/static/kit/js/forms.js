/* Forms: sent once, errors first, saved by Ctrl+Enter. */
import { fresh, onContent } from "./page.js";

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-busy]")) button.removeAttribute("data-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("data-busy", "");
  form.addEventListener("form:free", () => free(form), { once: true });
  setTimeout(() => free(form), 15000);
}, true);

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) free(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[method=post]");
  if (form) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.primary, button:not([type=button])"));
  }
});

onContent((root) => {
  for (const summary of fresh(root, "[data-error-summary]", "summary")) {
    if (!summary.closest("dialog:not([open])")) summary.focus();
  }
});
