/* Light, dark, or as the system: seen at once, kept by the server. */
import { ask } from "./page.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.theme = theme;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === theme));
  document.dispatchEvent(new CustomEvent("theme"));
  const body = new FormData(form);
  body.set("theme", theme);
  ask(form.action, { method: "POST", body }).catch(() => {});
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("theme")));
