/*
 * The worker: what was read once can be read again without network, never half old, half new.
 *
 * A set is a cache of pages of one version: SCOPE + version holds the pages read, SCOPE +
 * language + "/" + version a language kept on purpose. The cache `sets` holds styles and scripts,
 * whose names change with them, and says which sets count: SCOPE + "?fr" names the kept set of
 * French, SCOPE + "?" the pages read, in the last version seen. Without network the pages of a
 * language come from its kept set or, where it has none, from the pages read: from one set only.
 * A name is written last, so a set counts once it is whole. keep.js, which an open page loads on a
 * message, writes the kept sets, brings older sets up to date and tidies.
 *
 * Each reader pays for every byte of this file at the first visit: hence its brevity.
 */
"@version"; // put in by the build, so that browsers see a new worker
const { scope } = registration;

/** Returns a stored style or script, fetched first where need be: the browser may still hold it. */
const file = async (url) => {
  const cache = await caches.open("sets");
  return (await cache.match(url)) || cache.add(new Request(url, { cache: "force-cache" })).then(() => cache.match(url));
};

/** Keeps a page, after its styles and scripts; tells whether there are sets of other versions. */
const store = async (url, answer) => {
  const text = await answer.text();
  const name = scope + /data-version="?(\w+)/.exec(text)[1];
  if (answer.status != 200) return;
  for (const link of text.match(/[^"= ]+\.[\da-f]{8}\.(css|js)\b/g)) await file(new URL(link, url).href);
  const cache = await caches.open(name);
  await cache.put(url, new Response(text, answer));
  await (await caches.open("sets")).put(scope + "?", new Response(name));
  for (const key of (await cache.keys()).slice(0, -40)) await cache.delete(key);
  return (await caches.keys()).some((key) => key.startsWith(scope) && key.slice(-8) != name.slice(-8));
};

/** Returns the stored page or, if it must, a stored page that says which ones there are instead. */
const copy = async (url, must) => {
  const [code] = url.slice(scope.length).split("/");
  const set = (await caches.match(scope + "?" + code)) || (await caches.match(scope + "?"));
  const cache = await caches.open(await set.text());
  const found = await cache.match(url);
  if (found || !must) return found;
  const keys = await cache.keys();
  const own = keys.filter((key) => key.url.startsWith(scope + code));
  let answer, text, base, links = "";
  for (const key of own[0] ? own : keys) {
    answer = await cache.match(key);
    text = await answer.text();
    base = key.url;
    links += `<li><a href="${base}">${/<title>([^<–]*)/.exec(text)[1]}</a>`;
  }
  const [, title, hint] = /data-offline="(.+?)\|(.+?)"/.exec(text);
  text = text
    .replace(/ (href|src)="([^"#][^"]*)/g, (_, name, link) => ` ${name}="${new URL(link, base)}`)
    .replace(/(<title>)[^<]*|(<main.*?>)[^]*<.main>/g, (_, head, main) =>
      head ? head + title : `${main}<h1>${title}</h1><p>${hint}<ul>${links}</ul></main>`,
    );
  return new Response(text, { status: 503, headers: answer.headers });
};

/** The network first; a copy, where there is one, when it fails or takes over 4 seconds. */
const page = (event, url) => {
  const network = fetch(event.request);
  const keep = network.then((answer) => store(url, answer.clone()));
  event.waitUntil(keep.then(async (old) => old && (await clients.get(event.resultingClientId)).postMessage(0)));
  const late = new Promise((done) => setTimeout(done, 4e3)).then(() => copy(url));
  return Promise.race([network, late.then((found) => found || network, () => network)]).catch(() => copy(url, 1));
};

onfetch = (event) => {
  const { request } = event;
  const [url] = request.url.split(/[?#]/);
  if (request.method != "GET" || !url.startsWith(scope)) return;
  if (/\.[\da-f]{8}\.\w+$/.test(url)) event.respondWith(file(url).catch(() => fetch(request)));
  else if (request.mode == "navigate") event.respondWith(page(event, url));
};

/** The page that brought the worker is kept too, as the browser holds it: no further request. */
oninstall = (event) => {
  skipWaiting();
  const first = async () => {
    for (const { url } of await clients.matchAll({ includeUncontrolled: true }))
      if (url.startsWith(scope)) await store(url.split(/[?#]/)[0], await fetch(url, { cache: "force-cache" }));
  };
  registration.active || event.waitUntil(first().catch(() => {}));
};
onactivate = () => clients.claim();
