// A field is changed where it stands; a canned reply lands where the cursor is, or after a slash.
// Without this each of them is a link to its own page.
import { begin as beginPage } from "brigade/app";

const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

const edit = async (link) => {
  const place = link.closest("dd");
  if (!place) return location.assign(link.href);
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return location.assign(link.href);
  const before = [...place.childNodes];
  place.innerHTML = await answer.text();
  const leave = (event) => {
    event.preventDefault();
    place.replaceChildren(...before);
    link.focus();
  };
  place.addEventListener("keydown", (event) => event.key === "Escape" && leave(event), { once: true });
  place.querySelector("[data-leave]")?.addEventListener("click", leave);
  beginPage(place);
  place.querySelector("input:not([type=hidden]), select, textarea")?.focus();
};

const insert = async (address, area) => {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  area.setRangeText(await answer.text(), area.selectionStart, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

// Typing / offers the canned replies whose name goes on like that.
const expand = async (form) => {
  await import("text-expander");
  const area = form.querySelector("textarea");
  const box = document.createElement("text-expander");
  box.setAttribute("keys", "/");
  box.setAttribute("suffix", "");
  const [parent, next, active] = [area.parentNode, area.nextSibling, document.activeElement === area];
  box.append(area); // The element looks for its textarea when it enters the page.
  parent.insertBefore(box, next);
  if (active) area.focus();
  box.addEventListener("text-expander-change", (event) => {
    const { provide, text } = event.detail;
    provide(suggest(form.dataset.replies, text));
  });
  box.addEventListener("text-expander-value", (event) => {
    event.detail.value = event.detail.item.dataset.text;
  });
};

const suggest = async (address, text) => {
  const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`).catch(() => null);
  if (!answer?.ok) return { matched: false };
  const holder = document.createElement("div");
  holder.innerHTML = await answer.text();
  const fragment = holder.querySelector("[role=listbox]");
  return { matched: fragment.children.length > 0, fragment };
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-edit], a[data-reply]");
  if (!link || !plain(event)) return;
  event.preventDefault();
  if (link.dataset.edit !== undefined) return edit(link);
  link.closest("details").open = false;
  insert(link.dataset.reply, link.closest("form").querySelector("textarea"));
});

export const begin = (root) => root.querySelectorAll("[data-composer]").forEach((form) => {
  const menu = form.querySelector("[data-replies]");
  if (!menu || form.dataset.expanding) return;
  form.dataset.expanding = "1";
  form.dataset.replies = menu.dataset.replies;
  expand(form);
});
