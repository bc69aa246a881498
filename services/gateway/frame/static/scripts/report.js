// Takes over a suggested category when its reader says so.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-choose]");
  if (!button) return;
  const form = button.closest("form");
  const tile = [...form.elements].find(
    (field) => field.name === "category" && field.value === button.dataset.choose,
  );
  if (!tile) return;
  tile.checked = true;
  tile.dispatchEvent(new Event("input", { bubbles: true }));
  tile.focus();
});
