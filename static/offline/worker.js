// The service worker. It answers for three things: files, by their content; the pages that the device
// carries, when there is no network; and a word instead of any other page. Everything else – what is sent,
// downloads, feeds, sockets, links with a token – it leaves to the browser. SETTINGS stand above this text.
"use strict";

const FILES = "files"; // The offline page, and what it and other pages are made of. Alike for everybody.
const CARRIED = "carried-"; // And the account: the last pages that it saw. There is never a second one.
const AT = "X-Carried-At"; // When a carried page was true last, in milliseconds of this device's clock.
const VERSION = "X-Carried-Version";
const LONGEST = 7 * 24 * 3_600_000; // Milliseconds that a carried page may be shown.
const PATIENCE = 3_000; // Of a page that is carried; without network it fails at once.
const AWAY = [502, 504]; // What a proxy says when there is nobody behind it.

// --- Files: what an address names by its content never changes, so pages of two versions do not mix

const named = (html) => [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, address]) => address);
const fonts = (sheet, address) => [...sheet.matchAll(/url\("([^":]+)"\)/g)].map(([, path]) => new URL(path, address).href);
const isSheet = (address) => new URL(address).pathname.endsWith(".css");
const whole = (address) => new URL(address, location.origin).href;

// Whether the file is the one that its address names: in the midst of an update it may be the next one.
async function isItself(address, file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const content = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return content.startsWith(new URL(address).searchParams.get("v") || "");
}

// Keeps a file that was fetched, unless it is not what its address says.
async function keep(address, file) {
  if (!file.ok || file.redirected || !(await isItself(address, file.clone()))) {
    throw new Error(`${address} is not what it says`);
  }
  if (isSheet(address)) {
    await Promise.all(fonts(await file.clone().text(), address).map(bring));
  }
  await (await caches.open(FILES)).put(address, file);
}

async function bring(address) {
  if (!(await caches.match(address, { cacheName: FILES }))) {
    await keep(address, await fetch(address));
  }
}

async function file(event) {
  const address = event.request.url;
  const kept = await caches.match(address, { cacheName: FILES });
  if (kept) {
    return kept;
  }
  const answer = await fetch(event.request);
  if (new URL(address).searchParams.has("v")) {
    event.waitUntil(keep(address, answer.clone()).catch(() => {}));
  }
  return answer;
}

// Drops the files that a newer one has replaced, but those that a carried page is made of.
async function tidy() {
  const files = await caches.open(FILES);
  const newest = new Map((await files.keys()).map(({ url }) => [new URL(url).pathname, url]));
  const needed = new Set(newest.values());
  for (const page of await pages()) {
    named(await page.text()).forEach((address) => needed.add(whole(address)));
  }
  const old = (await files.keys()).filter(({ url }) => !needed.has(url));
  await Promise.all(old.map((request) => files.delete(request)));
}

// --- Carried pages

const accounts = async () => (await caches.keys()).filter((name) => name.startsWith(CARRIED));

// All pages that stand ready, the offline page too.
async function pages() {
  const found = [await caches.match(SETTINGS.offline, { cacheName: FILES })];
  for (const name of await accounts()) {
    const cache = await caches.open(name);
    found.push(...(await Promise.all((await cache.keys()).map((request) => cache.match(request)))));
  }
  return found.filter(Boolean);
}

// What is written down or dropped is so one after the other; `era` is another after everything was forgotten.
let era = 0;
let turn = Promise.resolve();
const inTurn = (deed) => (turn = turn.then(deed, deed));

// Drops everything that was kept for an account, perhaps but one.
function forget(account) {
  const but = account && CARRIED + account;
  era += account ? 0 : 1;
  return inTurn(async () => {
    const others = (await accounts()).filter((name) => name !== but);
    await Promise.all(others.map((name) => caches.delete(name)));
  });
}

async function drop(path) {
  for (const name of await accounts()) {
    await (await caches.open(name)).delete(path);
  }
}

// The carried page at `path`, or null: older than LONGEST it is dropped.
async function carried(path) {
  for (const name of await accounts()) {
    const page = await (await caches.open(name)).match(path);
    const at = Number(page?.headers.get(AT));
    // One of next month is as old: the clock was set.
    if (page && Math.abs(Date.now() - at) < LONGEST) {
      return { page, at, version: page.headers.get(VERSION) };
    }
  }
  await drop(path);
  return null;
}

function stamped(html, headers, at) {
  const written = new Headers(headers);
  written.delete("Content-Encoding");
  written.delete("Content-Length");
  written.set(AT, at);
  return new Response(html, { headers: written });
}

// Fetches a page together with all that it is made of, and hands it over only whole.
async function fetched(address) {
  const answer = await fetch(address, { redirect: "manual", cache: "no-store" });
  const html = answer.ok ? await answer.text() : "";
  await Promise.all(named(html).map((each) => bring(whole(each))));
  return { answer, html };
}

async function carry(path) {
  const [begun, at] = [era, Date.now()];
  const { answer, html } = await fetched(SETTINGS.carried[path]);
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    await forget(); // The session has ended.
  } else if (answer.status === 404) {
    await inTurn(() => drop(path)); // Not theirs any more.
  } else if (answer.ok) {
    const account = answer.headers.get("X-Carried-For");
    await forget(account);
    await inTurn(async () => begun === era && (await caches.open(CARRIED + account)).put(path, stamped(html, answer.headers, at)));
    await inTurn(tidy);
  }
}

// A page is open that shows this version, and was sure of it at that moment.
async function seen({ account, path, version, at }) {
  await forget(account);
  if (!(path in SETTINGS.carried)) {
    return;
  }
  const begun = era;
  const known = await carried(path);
  if (known?.version !== version) {
    await Promise.all([carry(path), bringOffline()]);
  } else if (at > known.at) {
    const html = await known.page.text();
    await inTurn(async () => begun === era && (await caches.open(CARRIED + account)).put(path, stamped(html, known.page.headers, at)));
  }
}

// --- Pages

async function bringOffline() {
  const { answer, html } = await fetched(SETTINGS.offline);
  if (!answer.ok) {
    throw new Error("no offline page");
  }
  await (await caches.open(FILES)).put(SETTINGS.offline, stamped(html, answer.headers, Date.now()));
}

// Writes into a page when what it shows, or leads to, was true last; and whether the network is slow, not gone.
async function filled(page, isSlow) {
  const html = await page.text();
  const found = await Promise.all(Object.keys(SETTINGS.carried).map(async (path) => [path, await carried(path)]));
  const times = Object.fromEntries(found.map(([path, known]) => [path, known?.at || ""]));
  const said = html.replace(/data-carries="([^"]+)"(\s+)data-at=""/g, (_, path, space) => `data-carries="${path}"${space}data-at="${times[path] || ""}"`);
  return new Response(isSlow ? said.replace('data-why="gone"', 'data-why="slow"') : said, { headers: page.headers });
}

async function carriedInstead(path) {
  const places = path === SETTINGS.start ? Object.keys(SETTINGS.carried) : path in SETTINGS.carried ? [path] : [];
  for (const place of places) {
    const known = await carried(place);
    if (known) {
      return known.page;
    }
  }
  return null;
}

// An answer that came after its page was given up: the page is told, and comes back for it at once.
let held = null;

async function hold(url, answer, clientId) {
  if (answer && !AWAY.includes(answer.status)) {
    held = { url, answer, era };
    (await self.clients.get(clientId))?.postMessage("arrived");
  }
}

function heldFor(url) {
  const found = held?.url === url && held.era === era ? held.answer : null;
  held = null;
  return found;
}

async function opened(event, path) {
  const { request } = event;
  const asked = Promise.resolve(heldFor(request.url) || fetch(request).catch(() => null));
  const instead = await carriedInstead(path);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await (instead ? Promise.race([asked, late]) : asked);
  if (answer?.ok && path === SETTINGS.signIn) {
    await forget(); // Who is signed in is led away from there.
  }
  if (answer && !AWAY.includes(answer.status)) {
    return answer;
  }
  if (answer === undefined) {
    event.waitUntil(asked.then((late) => hold(request.url, late, event.resultingClientId)));
  }
  const page = instead || (await caches.match(SETTINGS.offline, { cacheName: FILES }));
  return page ? filled(page, answer === undefined) : answer || Response.error();
}

// --- What the browser tells

const begins = (path, beginnings) => beginnings.some((beginning) => path.startsWith(beginning));
const isFileName = (path) => /\.[a-z0-9]+$/i.test(path);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isOpened = request.mode === "navigate";
  if (origin !== location.origin || request.headers.has("Range")) {
    return;
  }
  if (request.method === "POST" && isOpened && begins(pathname, SETTINGS.entrances)) {
    event.waitUntil(forget());
  } else if (request.method !== "GET" || begins(pathname, SETTINGS.secrets)) {
    return;
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(file(event));
  } else if (isOpened && !isFileName(pathname)) {
    event.respondWith(opened(event, pathname));
  }
});

self.addEventListener("message", (event) => {
  const { data } = event;
  const quietly = (deed) => event.waitUntil(deed.catch(() => {})); // Without network it stays as it is.
  if (data.has === "seen") {
    quietly(seen(data));
  } else if (data.has === "ended") {
    quietly(forget());
  }
});

// A newer worker waits, as browsers have it, until no page is open of the one before: to take over earlier would
// end the worker that may be answering a page. Each serves the pages of the other as well as its own.
self.addEventListener("install", (event) => event.waitUntil(bringOffline()));
self.addEventListener("activate", (event) => event.waitUntil(inTurn(tidy)));
