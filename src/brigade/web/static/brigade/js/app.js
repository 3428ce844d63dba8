// What every page needs. Everything else is loaded only where a page has use for it,
// and nothing here is needed to read a page or to send a form.
document.documentElement.classList.add("js");

// htmx is a plain script, not a module; the import map knows where it lies.
const htmx = async () => {
  if (document.querySelector("script[data-htmx]")) return {};
  const script = document.createElement("script");
  script.dataset.htmx = "";
  script.src = import.meta.resolve("htmx");
  document.head.append(script);
  return {};
};

const loaders = [
  ["[hx-get],[hx-post],[hx-trigger],[hx-patch]", htmx],
  ["[data-composer]", () => import("brigade/composer")],
  ["[data-draft]", () => import("brigade/drafts")],
  ["[data-edit],[data-reply]", () => import("brigade/record")],
  ["[data-clock]", () => import("brigade/clocks")],
  ["[data-live]", () => import("brigade/live")],
  ["[data-live-record]", () => import("brigade/live-record")],
  ["[data-picker]", () => import("brigade/picker")],
  ["[data-bulk],.table.stackable", () => import("brigade/table")],
];

// A wide table or diagram is a focusable, named region only while it really scrolls.
const fit = (element) => {
  const scrolls = element.scrollWidth > element.clientWidth + 1;
  if (!scrolls && element.dataset.auto) {
    for (const name of ["tabindex", "role", "aria-label", "data-auto"]) element.removeAttribute(name);
  }
  if (!scrolls || element.hasAttribute("tabindex")) return;
  const name = element.dataset.name ?? element.closest("section")?.querySelector("h2")?.textContent ?? document.title;
  element.dataset.auto = "1";
  element.tabIndex = 0;
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", name);
};
const watched = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target.closest(".tablewrap"))));
// What a wrap holds may grow while the wrap itself keeps its size.
const watch = (wrap) => [wrap, ...wrap.children].forEach((element) => watched.observe(element));

// Called once for the page and again for whatever htmx puts into it.
export const begin = (root) => {
  root.querySelectorAll(".tablewrap").forEach(watch);
  for (const [selector, load] of loaders) {
    if (root.matches?.(selector) || root.querySelector(selector)) load().then((module) => module.begin?.(root));
  }
  root.querySelector("[data-focus]")?.focus();
};

const said = new WeakMap();

// A second press of a button that sends does nothing; the button says what it does meanwhile.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "1";
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  said.set(button, [...button.childNodes]);
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});
const ready = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[data-busy][aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    button.replaceChildren(...(said.get(button) ?? []));
  }
};
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(ready));
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("form");
  if (form) ready(form);
});
document.addEventListener("htmx:after:swap", (event) => begin(event.target));

// Toasts go after ten seconds, but stay while somebody is on them.
const toasts = document.getElementById("toasts");
const leave = (toast) => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave(toast) : toast.remove()), 10000);
toasts?.querySelectorAll("[data-toast]").forEach(leave);
if (toasts) {
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => node.dataset && leave(node))))
    .observe(toasts, { childList: true });
}

// One sentence at the bottom: why a move is not possible, for example.
export const say = (words) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.textContent = words;
  toasts?.append(toast);
};

// Which areas of the navigation are open belongs to the person, not to the browser.
const keepArea = ({ dataset, open }) => {
  const body = new URLSearchParams({ area: dataset.area, open: open ? "" : "1" });
  fetch("/account/areas", { method: "POST", body, headers: { "X-CSRFToken": token() } });
};

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-dismiss], [data-palette], [data-why], .nav details > summary");
  if (!target) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
    return;
  }
  if (target.matches("summary")) keepArea(target.parentElement);
  if (target.dataset.dismiss !== undefined) target.closest("[data-toast]").remove();
  if (target.dataset.why) say(target.dataset.why);
  if (target.dataset.palette !== undefined && document.getElementById("palette")) {
    event.preventDefault();
    openPalette();
  }
});

// The palette is there at once, so that no key is lost; what fills it comes after.
function openPalette() {
  const palette = document.getElementById("palette");
  if (!palette || palette.open) return false;
  palette.showModal();
  palette.querySelector("input").select();
  import("brigade/palette").then((module) => module.ask());
  return true;
}

// The token that Django asks for in what a script sends.
export function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}

// Single keys (WCAG 2.1.4: they can be turned off, and never act in a field) and the few with Ctrl.
const single = document.body.dataset.keys === "on";
const fields = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]";
const press = (selector) => {
  const target = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
  if (!target) return false;
  if (target.matches("input:not([type=radio],[type=checkbox]), textarea, select")) target.focus();
  else target.click();
  // What opens under a button is for whoever pressed its key: its first field gets the focus.
  if (target.matches("summary")) target.parentElement.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  return true;
};
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
    if (form && event.target.matches("textarea")) form.requestSubmit([...form.querySelectorAll("[data-send-button]")].find((one) => one.checkVisibility()));
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

begin(document.body);
