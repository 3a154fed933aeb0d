// Gives a field that suggests while one types the name that its label says: select2 leaves its box,
// the text in it and its search field without one. Without this script the field works all the same.

const jQuery = window.django?.jQuery;

function name(select) {
  const label = document.querySelector(`label[for="${select.id}"]`);
  const box = select.nextElementSibling?.querySelector("[role=combobox]");
  const text = box?.querySelector(".select2-selection__rendered");
  if (!label || !text) return;
  label.id ||= `${select.id}_label`;
  box.setAttribute("aria-labelledby", `${label.id} ${text.id}`);
  text.setAttribute("aria-labelledby", label.id);
  jQuery(select).on("select2:open", () => {
    const search = document.querySelector(".select2-container--open .select2-search__field");
    search?.setAttribute("aria-labelledby", label.id);
  });
}

// Queued behind autocomplete.js, which makes the boxes when the page is ready.
jQuery?.(() => document.querySelectorAll("select.admin-autocomplete").forEach(name));
