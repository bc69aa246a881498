// Lets the site be used as an app where the browser can: WeChat's own may not, and needs none of it.
"use strict";

(() => {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/worker.js").catch(() => {});

  // A technician's work: each order's page is kept as well, anew when it has changed.
  const keepAll = async () => {
    const work = document.querySelector("[data-work]");
    const links = [...document.querySelectorAll("a[data-keep]")];
    if (navigator.onLine === false) return;
    const cache = await caches.open("wuye-work");
    const wanted = new Map(links.map((link) => [link.href, link.dataset.keep]));
    wanted.set(new URL("/work", location.href).href, work.dataset.work);
    for (const [address, mark] of wanted) {
      const kept = await cache.match(address);
      if (kept?.headers.get("Wuye-Keep") === mark) continue;
      const response = await fetch(address);
      if (response.ok && response.headers.has("Wuye-Keep")) await cache.put(address, response);
    }
    for (const old of await cache.keys()) if (!wanted.has(old.url)) await cache.delete(old);
    document.documentElement.dataset.kept = String(links.length);
  };
  const keep = () => keepAll().catch(() => {});

  if (document.querySelector("[data-work]")) {
    keep();
    document.body.addEventListener("htmx:afterSettle", keep);
  }
  document.querySelector("form[data-leave]")?.addEventListener("submit", () => {
    caches.delete("wuye-work");
  });
})();
