/* Dialogs on the page (data-dialog-open names one) and forms fetched into a dialog (data-dialog-url). */
import { announceContent, ask, word } from "./page.js";
import { endWork, startWork } from "./busy.js";
import { keepNotices, showToast } from "./toasts.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog").close();
  if (event.target.matches?.("dialog.dialog, dialog.palette")) closeWhenOutside(event);
  const link = event.target.closest("[data-dialog-url]");
  const plain = !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;
  if (link && plain) {
    event.preventDefault();
    openFrom(link.dataset.dialogUrl, link.textContent.trim());
  }
});

let pressedOn = null;
document.addEventListener("pointerdown", (event) => { pressedOn = event.target; });

/* Only a press that began outside closes: what lay under the pointer may have moved since. */
function closeWhenOutside(event) {
  if (pressedOn !== event.target) return;
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside && event.clientX) event.target.close();
}

function frame(title) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.innerHTML = '<div class="dialog-head"><h2></h2></div><div class="dialog-body"></div>';
  dialog.setAttribute("aria-label", title);
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".dialog-head").append(document.querySelector("#keys [data-dialog-close]").cloneNode(true));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return dialog;
}

/** A form from another page in a dialog over this one; where that fails, the other page itself. */
async function openFrom(url, title) {
  startWork();
  try {
    const response = await ask(url);
    const form = formIn(await response.text());
    if (!response.ok || !form) throw new Error("no form");
    const dialog = frame(title);
    place(form, dialog, url);
    dialog.showModal();
    dialog.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  } catch {
    location.assign(url);
  } finally {
    endWork();
  }
}

function formIn(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return parsed.querySelector("#form") ?? parsed.querySelector("main form") ?? parsed.querySelector("form");
}

function place(form, dialog, url) {
  const body = dialog.querySelector(".dialog-body");
  form.querySelector(".form-foot a")?.remove();
  body.replaceChildren(document.adoptNode(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter, dialog, form.getAttribute("action") || url);
  });
  announceContent(body);
  window.htmx?.process(body);
}

async function send(form, submitter, dialog, url) {
  startWork();
  try {
    const response = await ask(url, { method: "POST", body: new FormData(form, submitter) });
    const goal = response.headers.get("HX-Redirect") ?? (response.redirected ? response.url : null);
    if (goal || response.status === 204 || response.headers.get("HX-Refresh")) {
      form.dispatchEvent(new CustomEvent("form:saved", { bubbles: true }));
      keepNotices(await response.text());
      if (!goal || new URL(goal, location.href).href === location.href) location.reload();
      else location.assign(goal);
      return;
    }
    const answer = formIn(await response.text());
    if (!answer) throw new Error("no form");
    place(answer, dialog, url);
    dialog.querySelector("[data-error-summary]")?.focus();
  } catch {
    showToast({ text: word("failed"), tone: "bad" });
    form.dispatchEvent(new CustomEvent("form:free"));
  } finally {
    endWork();
  }
}
