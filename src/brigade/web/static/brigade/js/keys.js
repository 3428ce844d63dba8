// Single keys (WCAG 2.1.4: they can be turned off, and never act in a field) and the few with Ctrl.
const single = document.body.dataset.keys === "on";
const fields = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]";
const press = (selector) => {
  const target = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
  if (!target) return false;
  if (target.matches("input:not([type=radio],[type=checkbox]), textarea, select")) target.focus();
  else target.click();
  return true;
};
const openPalette = () => document.getElementById("palette") && import("brigade/palette").then((module) => module.open());
const dialog = (id) => document.getElementById(id)?.showModal();

let waitingForPlace = 0;
const go = (key) => {
  const fresh = Date.now() - waitingForPlace < 1500;
  waitingForPlace = 0;
  return fresh && press(`[data-go="${CSS.escape(key)}"]`);
};

// What a key does where no button of the page claims it with aria-keyshortcuts.
const own = {
  "/": openPalette,
  "?": () => dialog("keys"),
  f: () => press("[data-filter]"),
  r: () => press("[data-composer] input[value=public]") && focusComposer(),
  n: () => press("[data-composer] input[value=internal]") && focusComposer(),
  e: () => press("[data-edit]"),
  u: () => press("[data-undo]"),
  j: () => press("[data-next]"),
  k: () => press("[data-previous]"),
};
const focusComposer = () => press("[data-composer] textarea");

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return openPalette();
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest?.("form");
    if (form && event.target.matches("textarea")) form.requestSubmit(form.querySelector("[data-send-button]") ?? undefined);
    return;
  }
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
  if (!single || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(fields) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (waitingForPlace && go(key)) return event.preventDefault();
  if (key === "g") return (waitingForPlace = Date.now());
  const claimed = key.length === 1 && /[a-z0-9]/.test(key) && !event.shiftKey && press(`[aria-keyshortcuts="${key.toUpperCase()}"]`);
  if (claimed || own[key]?.()) event.preventDefault();
});
