// A field with a list from the server. Arrow keys and what readers hear: combobox-nav.
import Combobox from "combobox";

class Picker {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input:not([type=hidden])");
    this.value = box.querySelector("input[type=hidden]");
    this.list = box.querySelector("[role=listbox]");
    this.nav = new Combobox(this.input, this.list, { firstOptionSelectionMode: "selected" });
    this.input.addEventListener("input", () => { this.value.value = ""; this.ask(); });
    this.input.addEventListener("focus", () => { if (!this.value.value) this.ask(); });
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.input.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    this.list.addEventListener("combobox-commit", (event) => this.take(event.target));
  }
  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const asked = this.input.value;
      const where = new URL(this.box.dataset.picker, location.href);
      where.searchParams.set("q", asked);
      const answer = await fetch(where).catch(() => null);
      if (!answer?.ok || asked !== this.input.value) return;
      this.list.innerHTML = await answer.text();
      this.list.hidden = false;
      this.nav.stop();
      this.nav.start();
    }, 150);
  }
  take(option) {
    if (option.getAttribute("aria-disabled")) return;
    this.value.value = option.dataset.value;
    if (option.dataset.text) this.input.value = option.dataset.text;
    this.value.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }
  close() {
    this.nav.stop();
    this.list.hidden = true;
  }
}

export const begin = (root) => root.querySelectorAll("[data-picker]").forEach((box) => {
  if (box.dataset.begun) return;
  box.dataset.begun = "1";
  new Picker(box);
});
