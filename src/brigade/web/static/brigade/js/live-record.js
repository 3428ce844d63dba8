// A record while somebody reads or answers it: what happens meanwhile appears where it belongs, and
// who else is here is said. A text that is being written is never touched.
import { begin as beginPage, token } from "brigade/app";

const box = document.querySelector("[data-live-record]");
const place = document.querySelector("[data-presence]");
const beside = document.querySelector("[data-meanwhile]");
const form = document.querySelector("[data-composer]");
const area = form?.querySelector("textarea");
const EVERY = 15000;
const WRITING = 30000; // after so long without a key somebody only looks
let entry = Number(box.dataset.entry);
let written = 0;
let timer;

const busy = (part) => part.contains(document.activeElement) || part.querySelector("details.menu[open], form[data-sending], dd form");

const fetched = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

const swap = (page) => {
  let left = false;
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    if (busy(part)) left = true;
    else {
      part.replaceChildren(...fresh.childNodes);
      beginPage(part);
    }
  }
  return left;
};

// What others said to the requester stands above the text that is being written; sending it now
// is sending it anyway.
const crossed = async () => {
  const seen = form?.querySelector("input[name=seen]");
  if (!seen) return;
  const answer = await fetch(`${box.dataset.said}?seen=${seen.value}`).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return;
  const holder = document.createElement("div");
  holder.innerHTML = await answer.text();
  const said = holder.querySelector("#meanwhile");
  if (!area.value.trim()) return (seen.value = said.dataset.seen);
  beside.querySelector("#meanwhile")?.removeAttribute("id");
  beside.append(said);
  seen.value = said.dataset.seen;
  const button = form.querySelector("[data-send-button][data-for=public]");
  if (button) button.firstChild.textContent = said.dataset.send;
};

const look = async () => {
  const page = await fetched();
  if (!page) return;
  entry = Math.max(entry, Number(page.querySelector("[data-live-record]")?.dataset.entry ?? 0));
  // What somebody is in the middle of is left as it is until they leave it.
  if (swap(page)) document.addEventListener("focusout", () => soon(500), { once: true });
  await crossed();
};
const soon = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(look, milliseconds);
};

export const changed = (numbers) => {
  if ((numbers[box.dataset.liveRecord] ?? 0) > entry) soon(100);
};
// It left the reader's reach: the page says so as it would to anybody. The draft is kept.
export const gone = () => location.reload();

export const again = () => soon(Math.random() * 2000);

const doing = () => {
  if (!area || Date.now() - written > WRITING || !area.value.trim()) return "viewing";
  return form.querySelector("input[name=visibility]:checked")?.value === "internal" ? "noting" : "replying";
};

let last = "";
const show = async (what = doing()) => {
  last = what;
  const body = new URLSearchParams({ doing: what });
  const keepalive = what === "gone";
  const answer = await fetch(place.dataset.presence, { method: "POST", body, keepalive, headers: { "X-CSRFToken": token() } }).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return;
  const words = await answer.text();
  // A live region speaks only when it changes.
  if (place.dataset.shown !== words) place.innerHTML = words;
  place.dataset.shown = words;
};
export const present = () => place && show();

if (place && !place.dataset.begun) {
  place.dataset.begun = "1";
  setTimeout(() => document.hidden || show(), 400);
  setInterval(() => document.hidden || show(), EVERY);
  area?.addEventListener("input", () => {
    written = Date.now();
    if (doing() !== last) show();
  });
  form?.addEventListener("change", () => doing() !== last && show());
  document.addEventListener("visibilitychange", () => show(document.hidden ? "gone" : doing()));
  window.addEventListener("pagehide", () => last === "gone" || show("gone"));
}
export const begin = () => {};
