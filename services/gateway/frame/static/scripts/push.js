// Notifications on this device: offered where the browser can, asked for only on a click.
// A browser belongs to whoever subscribed it last: somebody else who logs in here takes it back.
"use strict";

(async () => {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const OWNER = "wuye.push.owner";
  const me = document.body.dataset.owner;
  const store = (() => {
    try {
      return localStorage;
    } catch {
      return null;
    }
  })();
  if (!me || store === null) return;

  const worker = await navigator.serviceWorker.ready;
  const current = () => worker.pushManager.getSubscription();
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  const leave = async () => {
    store.removeItem(OWNER);
    await (await current())?.unsubscribe();
  };
  if (store.getItem(OWNER) !== me && (await current())) await leave();

  const leaving = document.querySelector("form[data-leave]");
  const known = await current();
  if (leaving && known) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "push_endpoint", value: known.endpoint });
    leaving.append(field);
    leaving.addEventListener("submit", () => leave().catch(() => {}));
  }

  const section = document.getElementById("push");
  if (!section) return;
  const [on, off] = ["subscribe", "unsubscribe"].map((way) =>
    section.querySelector(`form[action$="/${way}"]`),
  );
  const fault = section.querySelector("[data-fault]");

  const show = async () => {
    const held = (await current()) !== null;
    const now = Notification.permission === "denied" ? "denied" : held ? "on" : "off";
    for (const each of section.querySelectorAll("[data-when]")) {
      each.hidden = each.dataset.when !== now;
    }
    section.hidden = false;
  };

  const send = async (form, fields) => {
    const body = new URLSearchParams([...new FormData(form), ...Object.entries(fields)]);
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    if (!answer.ok && answer.status !== 404) {
      throw new Error((await answer.json().catch(() => ({}))).told ?? section.dataset.failed);
    }
  };

  const subscribe = async () => {
    if ((await Notification.requestPermission()) !== "granted") return;
    const held = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: section.dataset.key,
    });
    try {
      const [key, auth] = ["p256dh", "auth"].map((name) => text(held.getKey(name)));
      await send(on, { endpoint: held.endpoint, key, auth });
      store.setItem(OWNER, me);
    } catch (error) {
      await held.unsubscribe();
      throw error;
    }
  };

  const unsubscribe = async () => {
    const held = await current();
    if (held) await send(off, { endpoint: held.endpoint });
    await leave();
  };

  for (const [form, act] of [
    [on, subscribe],
    [off, unsubscribe],
  ]) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      fault.hidden = true;
      try {
        await act();
      } catch (error) {
        fault.textContent = error instanceof DOMException ? section.dataset.failed : error.message;
        fault.hidden = false;
      }
      button.disabled = false;
      await show();
    });
  }
  await show();
})().catch(() => {});
