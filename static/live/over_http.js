// News over HTTP, for pages that hold no socket, and for those that show each reader something of their
// own – what they may do, where they are named: what is pushed is the same for all, so such a page
// takes it from itself, fetched anew as its reader sees it.
"use strict";

window.overHttp = (() => {
  // Both in milliseconds.
  const PATIENCE = 10_000;
  const WITHIN = 300; // All who see a page fetch what is theirs on it, and not at the same time.
  const html = (found, id) => found.getElementById(id)?.outerHTML;

  // Whether what was pushed is to be taken from the page as its reader sees it: where that shows them something of
  // their own, unless it names what (data-own="weeks-12") and none of that has changed.
  function isTheirs(page, { changes }) {
    const { own } = page.dataset;
    if (!own || !changes) {
      return own !== undefined;
    }
    const theirs = own.split(" ");
    const isIn = ({ id, html }) => theirs.some((each) => id === each || html.includes(`id="${each}"`));
    return changes.gone.some((id) => theirs.includes(id)) || changes.put.some(isIn);
  }

  // The changes of `news` as they are in the page; null where it shows something else by now.
  function changesIn(found, { changes }) {
    const put = changes.put.map((part) => ({ ...part, html: html(found, part.id) }));
    return put.every((part) => part.html) && !changes.gone.some((id) => found.getElementById(id)) ? { ...changes, put } : null;
  }

  // What a page that shows `shown` takes over from its own text, fetched because of `news` or of nothing.
  function newsIn(text, shown, news) {
    const found = new DOMParser().parseFromString(text, "text/html");
    const revision = found.querySelector("[data-live]").dataset.revision;
    const isAsTold = news?.changes && news.since === shown && news.revision === revision;
    const changes = isAsTold ? changesIn(found, news) : null;
    const sections = Object.fromEntries([...found.querySelectorAll("[data-section]")].map((each) => [each.id, each.outerHTML]));
    return changes ? { revision, changes } : { revision, sections };
  }

  // The news for `page`, perhaps because of `news` that were pushed: `{ news }`; `{ end }` where
  // there will be none any more, and why; nothing of both where there is no answer.
  async function fetched(page, news) {
    const isOwn = "own" in page.dataset;
    if (news) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * WITHIN));
    }
    try {
      const headers = { Accept: isOwn ? "text/html" : "application/json", "X-Live": "1" };
      const answer = await fetch(page.dataset.fragments, { headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 401 || answer.type === "opaqueredirect") {
        return { end: "ended" };
      }
      if (answer.status === 404) {
        return { end: "gone" };
      }
      if (answer.ok) {
        return { news: isOwn ? newsIn(await answer.text(), page.dataset.revision, news) : await answer.json() };
      }
    } catch {
      // As old as before, and saying so.
    }
    return {};
  }

  return { fetched, isTheirs };
})();
