// What a technician does without a connection is kept on the device, and sent once when it is back:
// each with the command id of its form, so that sending it again does nothing.
"use strict";

(() => {
  const shelf = document.getElementById("queue");
  if (shelf === null) return;
  const KEY = `wuye.queue.${shelf.dataset.owner}`;
  const PATIENCE = 10000;
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

  const drop = (id) => write(read().filter((item) => item.id !== id));

  const change = (id, to) => write(read().map((item) => (item.id === id ? to : item)));

  const show = (items) => {
    shelf.hidden = items.length === 0;
    const list = shelf.querySelector("ul");
    list.replaceChildren(
      ...items.map((item) => {
        const line = document.createElement("li");
        line.textContent = item.label;
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
  const send = async (path, fields) => {
    const patience = new AbortController();
    const late = setTimeout(() => patience.abort(), PATIENCE);
    let response;
    try {
      response = await fetch(path, {
        method: "POST",
        body: new URLSearchParams(fields),
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
      let outcome = await send(item.path, [...own, ["occurred_at", item.happened]]);
      if (outcome.refused && item.tried) {
        // perhaps it came through the first time, when only the answer was lost
        const before = await send(item.path, own);
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
  const keep = (form, fields, path, tried) => {
    const { command_id: id } = Object.fromEntries(fields);
    const others = read().filter((item) => item.id !== id);
    try {
      write([...others, { id, path, fields, tried, at: Date.now(), label: form.dataset.queue }]);
    } catch {
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
    if (form.dataset.queue === undefined || event.defaultPrevented) return;
    event.preventDefault();
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    const fields = [...new FormData(form)];
    const path = new URL(form.action).pathname;
    const tried = navigator.onLine !== false;
    const outcome = tried ? await send(path, fields) : { lost: true };
    if (outcome.ok) {
      location.assign(outcome.next);
      return;
    }
    if (outcome.lost && keep(form, fields, path, tried)) return;
    // the page says what is wrong, and keeps what was typed
    button.disabled = false;
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
