// Parts of a page that keep themselves up to date (htmx asks, see frame/live.py).
// Nothing is taken out of the hands of somebody who is writing: they are told, and look when ready.
"use strict";

(() => {
  const changed = document.getElementById("changed");
  const told = document.getElementById("told");
  let focused = null;

  const isTouched = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "radio" || field.type === "checkbox") {
      return field.checked !== field.defaultChecked;
    }
    if (field instanceof HTMLSelectElement) {
      return [...field.options].some((one) => one.selected && !one.defaultSelected && one.value);
    }
    return field.defaultValue !== undefined && field.value !== field.defaultValue;
  };

  const isBusy = (part) =>
    [...part.querySelectorAll("form[method=post]")].some(
      (form) => form.contains(document.activeElement) || [...form.elements].some(isTouched),
    );

  // what has the focus, to be found again in what takes its place: a link, or a box to choose by
  const selector = (element) => {
    const href = element.getAttribute("href");
    if (href) return `a[href="${CSS.escape(href)}"]`;
    const { name, value } = element;
    return name && value ? `[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]` : null;
  };

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden || navigator.onLine === false) event.preventDefault();
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (part.id !== "live" || !event.detail.shouldSwap) return;
    if (isBusy(part)) {
      event.detail.shouldSwap = false;
      changed.hidden = false;
      return;
    }
    focused = part.contains(document.activeElement) ? selector(document.activeElement) : null;
  });

  // the session has ended: the link leads to the log-in, and nothing is taken away before
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) changed.hidden = false;
  });

  document.body.addEventListener("htmx:afterSwap", () => {
    const part = document.getElementById("live");
    if (part === null) return;
    // what was told of is on the page now
    changed.hidden = true;
    if (focused !== null) part.querySelector(focused)?.focus();
    if (part.dataset.told) told.textContent = part.dataset.told;
  });
})();
