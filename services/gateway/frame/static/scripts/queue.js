// What a technician does without a connection is kept on the device, and sent once when it is back:
// each with the command id of its form, so that sending it again does nothing. Its photos lie in a
// database of the browser's, for a text that is kept has no room for them.
"use strict";

(() => {
  const shelf = document.getElementById("queue");
  if (shelf === null) return;
  const KEY = `wuye.queue.${shelf.dataset.owner}`;
  const PATIENCE = 10000;
  const PATIENCE_WITH_PHOTOS = 120000;
  const AGAIN = 20000;

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? [];
    } catch {
      return [];
    }
  };

  const write = (items) => {
    localStorage.setItem(KEY, JSON.stringify(items));
    show(items);
  };

  // [[field, file name, type, bytes]] by command id; an answer of the database's as a promise
  const photos = async (mode, act) => {
    const opened = indexedDB.open("wuye-photos", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("photos");
    const settled = (request) =>
      new Promise((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
    const database = await settled(opened);
    try {
      return await settled(act(database.transaction("photos", mode).objectStore("photos")));
    } finally {
      database.close();
    }
  };

  const keepPhotos = async (id, files) => {
    const rows = [];
    for (const [field, file] of files) {
      rows.push([field, file.name, file.type, await file.arrayBuffer()]);
    }
    await photos("readwrite", (store) => store.put(rows, id));
  };

  const keptPhotos = async (item) => {
    if (!item.photos) return [];
    const rows = await photos("readonly", (store) => store.get(item.id));
    return (rows ?? []).map(([field, name, type, bytes]) => [field, new File([bytes], name, { type })]);
  };

  const drop = (id) => {
    if (read().some((item) => item.id === id && item.photos)) {
      photos("readwrite", (store) => store.delete(id)).catch(() => {});
    }
    write(read().filter((item) => item.id !== id));
  };

  const change = (id, to) => write(read().map((item) => (item.id === id ? to : item)));

  const show = (items) => {
    shelf.hidden = items.length === 0;
    const list = shelf.querySelector("ul");
    list.replaceChildren(
      ...items.map((item) => {
        const line = document.createElement("li");
        line.textContent = item.photos ? `${item.label} (${shelf.dataset.with})` : item.label;
        if (item.refused) {
          const why = document.createElement("span");
          why.textContent = ` ${item.refused} `;
          const button = document.createElement("button");
          button.type = "button";
          button.className = "link";
          button.textContent = shelf.dataset.drop;
          button.addEventListener("click", () => drop(item.id));
          line.append(why, button);
        }
        return line;
      }),
    );
  };

  // {ok}, {refused: words}, {over} where the session has ended, {lost} where nothing came through
  const send = async (path, fields, files) => {
    const patience = new AbortController();
    const late = setTimeout(
      () => patience.abort(),
      files.length ? PATIENCE_WITH_PHOTOS : PATIENCE,
    );
    const body = files.length ? new FormData() : new URLSearchParams(fields);
    if (files.length) for (const [name, value] of [...fields, ...files]) body.append(name, value);
    let response;
    try {
      response = await fetch(path, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: patience.signal,
      });
    } catch {
      return { lost: true };
    } finally {
      clearTimeout(late);
    }
    if (response.status === 401) return { over: true };
    if (response.status === 429 || response.status >= 500) return { lost: true };
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return { ok: true, next: answer.next };
    return { refused: answer.told ?? response.statusText };
  };

  const flush = async () => {
    const waiting = read().filter((item) => !item.refused);
    if (!waiting.length || navigator.onLine === false) return;
    const asked = await fetch("/work/now", { headers: { Accept: "application/json" } });
    if (!asked.ok || asked.redirected) return;
    const { csrf, now } = await asked.json();
    for (const item of waiting) {
      // by the server's clock, for the device's may be wrong; said once, for it is part of the act
      item.happened ??= new Date(Date.parse(now) - (Date.now() - item.at)).toISOString();
      change(item.id, item);
      const own = [...item.fields.filter(([name]) => name !== "csrf"), ["csrf", csrf]];
      const files = await keptPhotos(item);
      let outcome = await send(item.path, [...own, ["occurred_at", item.happened]], files);
      if (outcome.refused && item.tried) {
        // perhaps it came through the first time, when only the answer was lost
        const before = await send(item.path, own, files);
        if (!before.refused) outcome = before;
      }
      if (outcome.ok) drop(item.id);
      else if (outcome.refused) change(item.id, { ...item, refused: outcome.refused });
      else return;
    }
  };

  const flushAlone = () =>
    (navigator.locks ? navigator.locks.request(KEY, flush) : flush()).catch(() => {});

  // false where the device keeps nothing
  const keep = async (form, fields, files, path, tried) => {
    const { command_id: id } = Object.fromEntries(fields);
    const others = read().filter((item) => item.id !== id);
    const item = { id, path, fields, tried, at: Date.now(), label: form.dataset.queue };
    try {
      if (files.length) await keepPhotos(id, files);
      write([...others, { ...item, photos: files.length }]);
    } catch {
      const fault = files.length ? form.querySelector("[data-fault]") : null;
      if (fault !== null) {
        fault.textContent = shelf.dataset.noRoom;
        fault.hidden = false;
      }
      return false;
    }
    localStorage.removeItem(`wuye.draft.${form.dataset.draft}`);
    form.reset();
    form.closest("details")?.removeAttribute("open");
    shelf.scrollIntoView({ block: "center" });
    return true;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.queue === undefined) {
      // what others may do first, such as taking an order, does not wait
      if (navigator.onLine !== false || form.method !== "post") return;
      event.preventDefault();
      const offline = document.getElementById("offline");
      offline.hidden = false;
      offline.scrollIntoView({ block: "center" });
      return;
    }
    event.preventDefault();
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    const values = [...new FormData(form)];
    const fields = values.filter(([, value]) => typeof value === "string");
    const files = values.filter(([, value]) => typeof value !== "string" && value.size > 0);
    const path = new URL(form.action).pathname;
    const tried = navigator.onLine !== false;
    const outcome = tried ? await send(path, fields, files) : { lost: true };
    if (outcome.ok) {
      location.assign(outcome.next);
      return;
    }
    if (outcome.lost && (await keep(form, fields, files, path, tried))) return;
    button.disabled = false;
    // there is nowhere to send it to, and the form has it all
    if (outcome.lost && !tried) return;
    // the page says what is wrong, and keeps what was typed
    HTMLFormElement.prototype.submit.call(form);
  });

  document.querySelector("form[data-leave]")?.addEventListener("submit", (event) => {
    if (!read().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    shelf.scrollIntoView({ block: "center" });
  });

  addEventListener("online", flushAlone);
  addEventListener("storage", () => show(read()));
  setInterval(flushAlone, AGAIN);
  show(read());
  flushAlone();
})();
