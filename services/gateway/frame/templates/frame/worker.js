// Serves what was kept on the device where the network does not answer. Made by frame/offline.py.
"use strict";

const SHELL = "wuye-shell";
const WORK = "wuye-work";
const FILES = {{ shell | tojson }};
const OFFLINE = {{ url_for("frame.no_connection") | tojson }};
const ICON = {{ asset("icons/app-192.png") | tojson }};
const KEEP = {{ header | tojson }};
// a page that is there already is shown when the network takes longer
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(SHELL);
      await cache.addAll([...FILES, OFFLINE]);
      for (const old of await cache.keys()) {
        const { pathname, search } = new URL(old.url);
        if (![...FILES, OFFLINE].includes(pathname + search)) await cache.delete(old);
      }
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const timeout = () => new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));

async function page(request) {
  const cache = await caches.open(WORK);
  const kept = await cache.match(request);
  try {
    const asked = fetch(request);
    const response = await (kept ? Promise.race([asked, timeout()]) : asked);
    if (new URL(response.url || request.url).pathname === "/login") await caches.delete(WORK);
    else if (response.ok && response.headers.has(KEEP)) await cache.put(request, response.clone());
    return response;
  } catch {
    // the page that told of an act, as it was before it
    const before = kept ?? (await cache.match(request, { ignoreSearch: true }));
    return before ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

// A message of the inbox, pushed: shown, and on a click the order it is about.
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    return;
  }
  const { id, title, text, language, community, number } = told;
  const shown = { body: text, tag: id, lang: language, icon: ICON, data: { community, number } };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { community, number } = event.notification.data ?? {};
  const order = /^[RC]-/.test(number) ? `/orders/${community}/${number}` : "/inbox";
  event.waitUntil(
    (async () => {
      const open = await self.clients.matchAll({ type: "window" });
      const one = open.find((each) => each.focused) ?? open[0];
      if (!one) return self.clients.openWindow(order);
      await one.focus().catch(() => {});
      return one.navigate(order);
    })(),
  );
});
