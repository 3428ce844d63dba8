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
const watched = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

// Called once for the page and again for whatever htmx puts into it.
export const begin = (root) => {
  root.querySelectorAll(".tablewrap").forEach((element) => watched.observe(element));
  for (const [selector, load] of loaders) {
    if (root.matches?.(selector) || root.querySelector(selector)) load().then((module) => module.begin?.(root));
  }
  root.querySelector("[data-focus]")?.focus();
};

// A second press of a button that sends does nothing; the button says what it does meanwhile.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "1";
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  button.dataset.said = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});
const ready = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-disabled][data-said]")) {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.said;
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
    import("brigade/palette").then((module) => module.open());
  }
});

// The token that Django asks for in what a script sends.
export function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}

if (document.body.dataset.keys) import("brigade/keys");
begin(document.body);
