// A canned answer that is chosen goes into the field it is for, to be changed there. Without this
// script the choice is sent, and its words are taken where nothing was typed.
document.addEventListener("change", (event) => {
  const select = event.target.closest?.("select[data-fills]");
  const words = select?.selectedOptions[0]?.dataset.text;
  const field = select && document.getElementById(select.dataset.fills);
  if (!words || !field) return;
  const typed = field.value.trimEnd();
  field.value = typed ? `${typed}\n${words}` : words;
  select.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
