// On every page: tells the server, once in each tab, what this browser is subscribed to, because a sign-in is another
// one and an address was exchanged. Ends what was subscribed by another account or for another key, or is not wanted.
"use strict";

(() => {
  const OF = "push-of"; // The account for which this browser subscribed.
  const AWAY = "push-away"; // Nobody was signed in meanwhile: what the server knew of this browser went with the session.
  const TOLD = "push-told"; // The account for which this tab has told the server.
  const ENDED = [410, 422]; // Ended from another device; of a service that is not known.
  const { account, pushKey, pushTo } = document.body.dataset;

  window.addEventListener("submit", (event) => {
    if ("pushOff" in event.target.dataset && !event.defaultPrevented) {
      localStorage.removeItem(OF);
      sessionStorage.removeItem(TOLD); // The next page ends the subscription.
    }
  });

  const inBase64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const inUrls = (base64) => base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  function isWanted({ options }) {
    const key = options?.applicationServerKey;
    return localStorage.getItem(OF) === account && (!key || inUrls(inBase64(key)) === pushKey);
  }

  // Whether the server wants it still; nothing when it cannot be asked.
  async function tell(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    const body = new URLSearchParams({ endpoint, ...keys, again: localStorage.getItem(AWAY) || "" });
    const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
    const answer = await fetch(pushTo, { method: "POST", body, headers: { ...token, "X-Live": "1" } });
    return answer.status === 204 || (ENDED.includes(answer.status) ? false : null);
  }

  function note() {
    localStorage.removeItem(AWAY);
    sessionStorage.setItem(TOLD, account);
  }

  // For devices.js, whose form tells the server.
  window.push = {
    begin() {
      localStorage.setItem(OF, account);
      note();
    },
  };

  async function renew() {
    const registration = await navigator.serviceWorker?.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    if (!subscription) {
      return;
    }
    const isKept = isWanted(subscription) && (await tell(subscription));
    if (isKept === null) {
      return;
    }
    if (!isKept) {
      await subscription.unsubscribe();
      localStorage.removeItem(OF);
    }
    note();
  }

  if (!account && localStorage.getItem(OF)) {
    localStorage.setItem(AWAY, "1");
    sessionStorage.removeItem(TOLD);
  } else if (account && pushKey && window.Notification?.permission === "granted" && sessionStorage.getItem(TOLD) !== account) {
    renew().catch(() => {}); // Without network a later page does.
  }
})();
