// Rows of a list: J and K move, X selects, Shift extends, Enter opens; the bulk bar takes the
// place of the filters while something is selected.
const lists = new WeakSet();
const off = "input:not([type=checkbox]), textarea, select";

class List {
  constructor(table) {
    this.table = table;
    this.at = -1;
    this.bulk = document.getElementById(this.boxes()[0]?.getAttribute("form") ?? "");
    this.filters = document.querySelector("[data-filters]");
    table.addEventListener("change", (event) => this.changed(event.target));
    this.bulk?.querySelector("[data-clear]")?.addEventListener("click", () => this.clear());
    document.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }
  rows() { return [...this.table.querySelectorAll("tbody tr:not(.group)")]; }
  boxes() { return [...this.table.querySelectorAll("tbody .check input")]; }
  changed(box) {
    if (box.dataset.pickAll !== undefined) this.boxes().forEach((other) => (other.checked = box.checked));
    this.show();
  }
  show() {
    const boxes = this.boxes();
    boxes.forEach((box) => box.closest("tr").classList.toggle("sel", box.checked));
    const chosen = boxes.filter((box) => box.checked).length;
    if (!this.bulk) return;
    const words = this.bulk.querySelector("[data-count]");
    this.bulk.hidden = !chosen;
    if (this.filters) this.filters.hidden = chosen > 0;
    words.textContent = chosen === 1 ? words.dataset.one : words.dataset.many.replace("{n}", chosen);
  }
  clear() {
    this.boxes().forEach((box) => (box.checked = false));
    this.table.querySelectorAll("[data-pick-all]").forEach((box) => (box.checked = false));
    this.show();
  }
  move(step, extend) {
    const rows = this.rows();
    if (!rows.length) return;
    if (extend && rows[this.at]) this.select(rows[this.at], true);
    rows[this.at]?.classList.remove("cur");
    this.at = Math.max(0, Math.min(rows.length - 1, this.at + step));
    rows[this.at].classList.add("cur");
    rows[this.at].querySelector("a")?.focus({ preventScroll: true });
    rows[this.at].scrollIntoView({ block: "nearest" });
    if (extend) this.select(rows[this.at], true);
  }
  select(row, on) {
    const box = row?.querySelector(".check input");
    if (!box) return;
    box.checked = on ?? !box.checked;
    this.show();
  }
  // The key of a bulk action acts on the current row where none is selected.
  act(row, key) {
    this.select(row, true);
    const button = this.bulk.querySelector(`[aria-keyshortcuts=${key.toUpperCase()}]`);
    button?.click();
    button?.parentElement.querySelector("select, input:not([type=hidden])")?.focus();
  }
  key(event) {
    if (document.body.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(off) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") this.move(key === "j" ? 1 : -1, event.shiftKey);
    else if (key === "x") this.select(this.rows()[this.at]);
    else if (key === "a" && this.bulk?.hidden && this.rows()[this.at]) this.act(this.rows()[this.at], key);
    else if (key === "enter" && event.target === document.body) this.rows()[this.at]?.querySelector("a")?.click();
    else if (key === "escape" && this.bulk && !this.bulk.hidden) this.clear();
    else return;
    event.preventDefault();
  }
}

export const begin = (root) => root.querySelectorAll(".table.stackable").forEach((table) => {
  if (lists.has(table)) return;
  lists.add(table);
  new List(table);
});
