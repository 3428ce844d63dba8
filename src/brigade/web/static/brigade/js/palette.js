// The palette: a dialog with a list from the server. An option is a link, or a button of the page.
import Combobox from "combobox";

const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const nav = new Combobox(input, list, { firstOptionSelectionMode: "selected" });
let timer;

export const ask = async () => {
  const asked = input.value;
  const where = new URL(dialog.dataset.results, location.href);
  where.searchParams.set("q", asked);
  where.searchParams.set("on", location.pathname);
  const answer = await fetch(where, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || asked !== input.value) return;
  nav.stop();
  list.innerHTML = await answer.text();
  nav.start();
};

input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
list.addEventListener("combobox-commit", (event) => {
  const { href, press } = event.target.dataset;
  if (press) { dialog.close(); document.querySelector(press)?.click(); }
  else if (href) location.assign(href);
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  if (list.querySelector("[aria-selected=true]")) event.preventDefault();
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener("close", () => nav.stop());
