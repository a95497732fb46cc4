/* Says in words why a passkey cannot be used here, and what went wrong when one was tried. */
"use strict";
(() => {
  const note = document.getElementById("passkey-note");
  if (!note) return;
  const host = location.hostname;
  const number = /^[0-9.]+$/.test(host) || host.startsWith("[");
  const usable = window.isSecureContext && !number && !!window.PublicKeyCredential;
  const buttons = ["passkey_login", "mfa_webauthn_add", "mfa_webauthn_reauthenticate", "mfa_webauthn_authenticate"]
    .map((id) => document.getElementById(id))
    .filter(Boolean);
  const show = (kind) => {
    for (const said of note.querySelectorAll("[data-when]")) said.hidden = said.dataset.when !== kind;
    note.hidden = false;
  };
  if (!usable) {
    for (const button of buttons) button.disabled = true;
    const own = host === "127.0.0.1" || host === "[::1]";
    const link = note.querySelector("a");
    link.href = `${location.protocol}//localhost${location.port ? `:${location.port}` : ""}${location.pathname}${location.search}`;
    link.textContent = `${location.protocol}//localhost${location.port ? `:${location.port}` : ""}`;
    if (window.isSecureContext && !number) show("browser");
    else show(own ? "number" : "closed");
  }
  document.addEventListener("allauth.error", (event) => {
    const name = event.detail?.exception?.name;
    event.preventDefault();
    show(name === "NotAllowedError" || name === "AbortError" ? "left" : "failed");
  });
})();
