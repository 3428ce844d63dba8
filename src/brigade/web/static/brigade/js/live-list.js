// A list while somebody works in it: rows are renewed where they stand, none is moved, added or
// taken away under their hands. What is new is counted, and shown when they ask for it.
import { begin } from "brigade/app";
import { now } from "brigade/clocks";

const box = document.querySelector("[data-live-list]");
const place = box.querySelector("[data-news]");
const fresh = new Set();
const waiting = new Set();
let timer;
let since = now();
let missed = false;

const rows = () => new Map([...box.querySelectorAll("tbody .check input")].map((input) => [input.value, input.closest("tr")]));

const renew = (row, other) => {
  if (row.contains(document.activeElement) && !document.activeElement.matches("a, .check input")) return;
  const focused = document.activeElement?.closest("tr") === row && document.activeElement.matches("a");
  // The box to select by stays: somebody may have ticked it.
  const cells = [...other.cells].filter((cell) => !cell.matches(".check"));
  [...row.cells].filter((cell) => !cell.matches(".check")).forEach((cell, n) => cells[n] && cell.replaceWith(cells[n]));
  row.classList.remove("gone");
  if (focused) row.querySelector("a")?.focus({ preventScroll: true });
};

const count = () => {
  const n = fresh.size;
  if (!n) return place.replaceChildren();
  const link = place.querySelector("a") ?? document.createElement("a");
  const address = new URL(location.href);
  address.searchParams.delete("after");
  link.href = address;
  const words = n === 1 ? place.dataset.one : place.dataset.many.replace("{n}", n);
  if (link.textContent !== words) link.textContent = words;
  if (!link.isConnected) place.replaceChildren(link);
};

const look = async () => {
  const asked = [...waiting].slice(0, 100);
  waiting.clear();
  const address = new URL(box.dataset.liveList, location.href);
  for (const number of asked) address.searchParams.append("number", number);
  const before = since;
  since = now();
  // Five seconds more: what was written then may have been committed since.
  if (missed) address.searchParams.set("since", Math.floor(before / 1000) - 5);
  missed = false;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, found] = [rows(), new Set()];
  for (const input of page.querySelectorAll("tbody .check input")) {
    found.add(input.value);
    const row = here.get(input.value);
    if (row) {
      renew(row, input.closest("tr"));
      begin(row);
    } else fresh.add(input.value);
  }
  for (const number of asked) {
    if (found.has(number)) continue;
    fresh.delete(number);
    const row = here.get(number);
    if (!row) continue;
    row.classList.add("gone");
    row.title = place.dataset.gone;
  }
  count();
};

const soon = (milliseconds) => {
  timer ??= setTimeout(() => {
    timer = undefined;
    look();
  }, milliseconds * (0.7 + Math.random() * 0.6));
};

export const changed = (numbers) => {
  Object.keys(numbers).forEach((number) => waiting.add(number));
  soon(700);
};

// What left somebody's reach leaves their page, even under their hands.
export const gone = (numbers) => {
  const here = rows();
  for (const number of numbers) {
    waiting.delete(number);
    fresh.delete(number);
    const row = here.get(number);
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    const held = row?.contains(document.activeElement);
    row?.remove();
    if (held) next?.querySelector("a, input")?.focus({ preventScroll: true });
  }
  count();
};

export const again = () => {
  missed = true;
  for (const number of rows().keys()) waiting.add(number);
  soon(1500);
};
