// The tab of a composer changes what its fields say; the toolbar comes with it.
import "markdown-toolbar";

const set = (form) => {
  const tab = form.querySelector(".tabs input:checked");
  const area = form.querySelector("textarea");
  form.querySelector("[data-label]").textContent = tab.nextElementSibling.textContent;
  area.placeholder = tab.dataset.hint;
};

export const begin = (root) => root.querySelectorAll("[data-composer]").forEach((form) => {
  if (form.dataset.begun) return;
  form.dataset.begun = "1";
  form.addEventListener("change", (event) => {
    if (event.target.closest(".tabs")) set(form);
    if (event.target.type === "file") {
      event.target.closest("label").querySelector("span").textContent = [...event.target.files].map((file) => file.name).join(", ");
    }
  });
  set(form);
});
