// Keeps what somebody writes: two seconds after a pause and on leaving. The form's data-draft is
// where it goes; the answer's text is what to say about it.
import { token } from "brigade/app";

const keep = async (form, last = false) => {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File || name === "csrfmiddlewaretoken") body.delete(name);
  form.dataset.kept = "1";
  const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: last, headers: { "X-CSRFToken": token() } }).catch(() => null);
  const place = form.querySelector("[data-saved]");
  if (!last && place && answer?.ok) place.textContent = await answer.text();
  if (!answer?.ok) delete form.dataset.kept;
};

export const begin = (root) => [root, ...root.querySelectorAll("[data-draft]")].forEach((form) => {
  if (!form.dataset?.draft || form.dataset.drafting) return;
  form.dataset.drafting = "1";
  let timer;
  form.addEventListener("input", () => {
    delete form.dataset.kept;
    clearTimeout(timer);
    timer = setTimeout(() => keep(form), 2000);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  window.addEventListener("pagehide", () => {
    if (timer && !form.dataset.kept && !form.dataset.sending) keep(form, true);
  });
});
