/* Passkeys: a form with data-passkey asks the device and sends what it answers in its field "credential". */
import { fresh, island, onContent } from "./page.js";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The server's options, their texts turned into the bytes that the browser wants. */
function readable(options) {
  const key = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: toBytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (key[list]) key[list] = key[list].map((each) => ({ ...each, id: toBytes(each.id) }));
  }
  return { publicKey: key };
}

/** What the device answered, its bytes turned into texts. */
function sendable(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

/** A key that is kept on the device and opens by finger, face or PIN can also be the only thing one needs. */
function asPasskey(options) {
  const wanted = { ...options.publicKey.authenticatorSelection, residentKey: "preferred", userVerification: "preferred" };
  return { publicKey: { ...options.publicKey, authenticatorSelection: wanted } };
}

async function ask(form) {
  const ceremony = form.dataset.passkey;
  if (ceremony === "create") return navigator.credentials.create(readable(asPasskey(island("passkey-options"))));
  if (ceremony === "get") return navigator.credentials.get(readable(island("passkey-options")));
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return navigator.credentials.get(readable((await answer.json()).request_options));
}

function say(form, text) {
  const words = form.querySelector("[data-passkey-words]");
  words.textContent = text;
  words.hidden = !text;
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  if (!window.PublicKeyCredential) return say(form, form.dataset.passkeyMissing);
  say(form, "");
  try {
    form.elements.credential.value = JSON.stringify(sendable(await ask(form)));
  } catch {
    return say(form, form.dataset.passkeyFailed);
  }
  return form.submit();
}

onContent((root) => {
  for (const form of fresh(root, "[data-passkey]", "passkey")) form.addEventListener("submit", submit);
});
