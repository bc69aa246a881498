// What is being typed is kept on this device until it was sent, which only its writer does.
// A form with data-draft="key" is kept; a page with data-draft-sent="key" says that it arrived.
"use strict";

(() => {
  const PREFIX = "wuye.draft.";
  const KEPT_DAYS = 14;
  const store = (() => {
    try {
      localStorage.setItem("wuye.test", "1");
      localStorage.removeItem("wuye.test");
      return localStorage;
    } catch {
      return null; // a private window, or a web-view that has none
    }
  })();
  if (store === null) return;

  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));

  const read = (key) => {
    try {
      const draft = JSON.parse(store.getItem(key));
      const age = Date.now() - draft.at;
      return age < KEPT_DAYS * 86400000 ? draft : null;
    } catch {
      return null;
    }
  };

  const isKept = (field) =>
    field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

  const values = (form) =>
    [...form.elements].filter(isKept).flatMap((field) => {
      if (field.type === "radio" || field.type === "checkbox") {
        return field.checked ? [[field.name, field.value]] : [];
      }
      return [[field.name, field.value]];
    });

  const hasWords = (form) =>
    [...form.elements].some(
      (field) => isKept(field) && /^(text|textarea)$/.test(field.type) && field.value.trim(),
    );

  const fill = (form, fields) => {
    const left = new Map();
    for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
    for (const field of [...form.elements].filter(isKept)) {
      const given = left.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = given.includes(field.value);
      } else if (given.length) {
        const value = given.shift();
        const fits = !(field instanceof HTMLSelectElement) ||
          [...field.options].some((option) => option.value === value);
        if (fits) field.value = value;
      }
    }
  };

  const begin = (form) => {
    const key = PREFIX + form.dataset.draft;
    const notice = form.querySelector("[data-draft-notice]");
    const draft = read(key);
    if (draft !== null && form.dataset.draftFresh !== undefined) {
      fill(form, draft.fields);
      notice.querySelector("time").textContent = new Date(draft.at).toLocaleString(
        document.documentElement.lang,
        { dateStyle: "medium", timeStyle: "short" },
      );
      notice.hidden = false;
      notice.querySelector("button").addEventListener("click", () => {
        store.removeItem(key);
        form.reset();
        notice.hidden = true;
      });
      for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) {
        fold.open = true;
      }
    }
    form.addEventListener("input", () => {
      try {
        if (hasWords(form)) {
          store.setItem(key, JSON.stringify({ at: Date.now(), fields: values(form) }));
        }
      } catch {
        // the device has no room left: the form itself still has it all
      }
    });
    form.addEventListener("submit", (event) => {
      if (navigator.onLine !== false || form.dataset.queue !== undefined) return;
      event.preventDefault();
      const offline = document.getElementById("offline");
      offline.hidden = false;
      offline.scrollIntoView({ block: "center" });
    });
  };

  const beginAll = (part) => part.querySelectorAll("form[data-draft]").forEach(begin);

  for (const sent of document.querySelectorAll("[data-draft-sent]")) {
    store.removeItem(PREFIX + sent.dataset.draftSent);
  }
  for (const key of keys()) if (read(key) === null) store.removeItem(key);
  beginAll(document);
  document.body.addEventListener("htmx:afterSettle", (event) => beginAll(event.target));
  addEventListener("online", () => { document.getElementById("offline").hidden = true; });
  document.querySelector("form[data-leave]")?.addEventListener("submit", () => {
    for (const key of keys()) store.removeItem(key);
  });
})();
