/* A number or code copied with one click: data-copy holds the text, or the element shows it. */
import { word } from "./page.js";
import { showToast } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const element = event.target.closest("[data-copy]");
  if (!element) return;
  const text = element.dataset.copy || element.textContent.trim();
  await navigator.clipboard.writeText(text);
  showToast({ text: word("copied", { text }), tone: "good" });
});
