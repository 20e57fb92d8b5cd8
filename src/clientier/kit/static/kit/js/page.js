/* What every module needs: the words of the page, news of new content, and how to talk to the server. */

const listeners = [];

/** Calls back with the document at the start and with each part that htmx or a dialog puts in later. */
export function onContent(callback) {
  listeners.push(callback);
}

export function announceContent(root) {
  for (const listener of listeners) listener(root);
}

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  announceContent(target?.isConnected ? target.parentElement ?? document : document);
});

/** Elements below root that match, each only once in its life under the given mark. */
export function fresh(root, selector, mark) {
  const flag = `ready-${mark}`;
  return [...root.querySelectorAll(selector)].filter((element) => {
    if (element[flag]) return false;
    element[flag] = true;
    return true;
  });
}

export function island(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

const dictionary = island("words") ?? {};

/** A sentence in the language of the page, its %(name)s places filled. */
export function word(key, values = {}) {
  return (dictionary[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}

export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Asks the server for a part of a page; redirects are followed, and the answer tells where it ended. */
export function ask(url, options = {}) {
  const headers = { "HX-Request": "true", ...options.headers };
  if (options.method && options.method !== "GET") headers["X-CSRFToken"] = csrfToken();
  return fetch(url, { credentials: "same-origin", ...options, headers });
}

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail?.ctx?.request;
  if (request && request.method !== "GET") request.headers["X-CSRFToken"] = csrfToken();
});

export function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable=true]"));
}

export function isVisible(element) {
  return Boolean(element && element.getClientRects().length);
}

/** Loads one of the larger libraries when it is needed for the first time. */
const loading = new Map();
export function loadScript(url) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    }));
  }
  return loading.get(url);
}
