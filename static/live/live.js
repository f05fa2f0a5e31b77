// The live part of a page: says what it shows, takes the parts that differ, and always
// tells how fresh it is. It calls itself live only while it has a proof younger than SURE_FOR:
// a beat of the push process, or the answer to a question. Without one it asks over HTTP.
"use strict";

(() => {
  const page = document.querySelector("[data-live]");
  const scope = page.dataset.live;
  const line = window.freshnessLine;
  // All in milliseconds. Ten seconds are promised; what is left covers the looks themselves.
  const SURE_FOR = 8_000; // How long a proof holds.
  const DOUBT = 4_500; // After so long without a beat we ask.
  const LOOK_EVERY = 500; // Between two looks at the clock.
  const ASLEEP = 2_500; // A longer time between two looks: the machine slept, or the page was frozen.
  const PATIENCE = 2_000; // An answer takes no longer, or the socket is mute.
  const OVER_HTTP_EVERY = 30_000;
  const GRACE = 1_500; // Of silence before a page that lost its socket calls itself old.
  const DRIFT = 3_000; // A proof that seems further from the present: one of two clocks has jumped.
  const YOUNG = 60_000; // Since the page was loaded: loading it again would give the same one.
  const LONGEST_PAUSE = 10_000; // Between two attempts that the push process turns away.
  let pause = 500; // Between two looks for a push process that is gone, on an average; it says how long.

  let state = "";
  let isProven = false;
  let hasEnded = false;
  let provenAt = Date.now(); // The page was drawn just now.
  let lostAt = Date.now();
  let lookedAt = Date.now();
  let wokeAt = 0;
  let anchor = null; // The same instant on both clocks: ours at a question, theirs at its answer.
  let asked = null; // The question that waits for its answer.
  let questions = 0;
  let refusals = 0;
  let wantsWhole = false;
  let returning = null;
  let overHttp = null;

  const age = () => Math.abs(Date.now() - provenAt); // A proof of tomorrow is none: the clock was set.
  const about = (milliseconds) => milliseconds * (0.5 + Math.random());

  function say(next) {
    state = next;
    line.say(state, provenAt);
  }

  // --- What is shown

  function take(news) {
    if (news.revision === page.dataset.revision) {
      return;
    }
    const settle = (parts) => page.dispatchEvent(new CustomEvent("live:changed", { bubbles: true, detail: { parts } }));
    if (window.parts.take(news, settle)) {
      page.dataset.revision = news.revision;
      line.announceChange();
    } else {
      startAnew(news);
    }
  }

  // What has no place here is asked for whole. If that has none, this page was drawn by an older product.
  function startAnew(news) {
    page.dataset.revision = "";
    if (news.changes) {
      ask();
    } else {
      end("stale"); // What comes meanwhile would load it again, and break off what has begun.
      if (performance.now() > YOUNG) {
        location.reload();
      }
    }
  }

  function pushed(news) {
    if (hasEnded || news.scope !== scope) {
      return;
    }
    if (news.since ? news.since === page.dataset.revision : wantsWhole) {
      wantsWhole = false;
      window.overHttp.isTheirs(page, news) ? fetched(news).then((own) => own && take(own)) : take(news);
    } else if (news.since) {
      ask(); // Made for another version than the one shown here.
    }
  }

  // The news over HTTP; nothing when there are none for us.
  async function fetched(because) {
    const { news, end: how } = await window.overHttp.fetched(page, because);
    if (how) {
      end(how);
    }
    return hasEnded ? null : news;
  }

  // --- Proofs

  function ask() {
    if (socket.connected && asked === null) {
      questions += 1;
      asked = { number: questions, at: Date.now() };
      wantsWhole = true;
      socket.emit("watch", { scope, revision: page.dataset.revision, question: asked.number });
    }
  }

  function heard(beat) {
    if (hasEnded || beat.scope !== scope) {
      return;
    }
    pause = beat.pause * 1000;
    const isAnswer = asked !== null && beat.question === asked.number;
    if (isAnswer) {
      anchor = { ours: asked.at, theirs: beat.at };
      asked = null;
    }
    if (anchor === null) {
      return;
    }
    // The answer was stamped after the question: a beat may be younger than this, never older.
    const at = anchor.ours + (beat.at - anchor.theirs) * 1000;
    if (beat.revision !== page.dataset.revision || (!isAnswer && Math.abs(Date.now() - at) > DRIFT)) {
      ask();
    } else {
      prove(at);
    }
  }

  function prove(at) {
    provenAt = Math.min(at, Date.now());
    isProven = age() < SURE_FOR;
    if (isProven) {
      refusals = 0;
      stopAskingOverHttp();
      say("live");
    }
  }

  // --- Without a socket, or with a mute one

  async function askOverHttp() {
    const at = Date.now();
    const news = await fetched();
    if (news && !isProven) {
      wantsWhole = false; // What a mute socket still holds is older.
      take(news);
      provenAt = at;
    }
    if (state === "stale") {
      say("stale");
    }
  }

  function stopAskingOverHttp() {
    clearTimeout(overHttp);
    overHttp = null;
  }

  function keepAskingOverHttp(delay) {
    stopAskingOverHttp();
    overHttp = setTimeout(async () => {
      await askOverHttp();
      if (!isProven && !hasEnded) {
        keepAskingOverHttp(OVER_HTTP_EVERY);
      }
    }, delay);
  }

  // --- Losing the line, and finding it again

  function lose(next) {
    if (isProven) {
      lostAt = Date.now();
    }
    isProven = false;
    asked = null;
    say(next);
    if (overHttp === null) {
      // Not all pages at once: it may be the push process that starts anew.
      keepAskingOverHttp((next === "connecting" ? GRACE : 0) + Math.random() * 4 * pause);
    }
    comeBackIn(Math.min(about(pause * 2 ** refusals), Math.max(LONGEST_PAUSE, pause)));
  }

  // A browser makes whoever opens many sockets in vain wait for seconds before the next one:
  // we look over HTTP whether somebody is there, and only then open one.
  function comeBackIn(delay) {
    clearTimeout(returning);
    returning = setTimeout(async () => {
      const isThere = await fetch(`${server.origin}/socket.io/ready`, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(5_000) })
        .then((answer) => answer.ok, () => false);
      if (hasEnded || socket.connected) {
        return;
      }
      if (isThere) {
        connect();
      } else {
        comeBackIn(about(pause));
      }
    }, delay);
  }

  function connect() {
    socket.io.timeout(Math.min(Math.max(5_000, 4 * pause), 20_000));
    socket.connect();
  }

  function end(how) {
    hasEnded = true;
    isProven = false;
    stopAskingOverHttp();
    clearTimeout(returning);
    clearInterval(looking);
    socket.disconnect();
    say(how);
  }

  // --- The clock

  // The page is looked at again: ask once, at once.
  function wake() {
    const now = Date.now();
    if (hasEnded || document.hidden || Math.abs(now - wokeAt) < 1_000) {
      return;
    }
    wokeAt = now;
    if (isProven && age() >= SURE_FOR) {
      lose("connecting");
    }
    if (socket.connected) {
      asked = null;
      ask();
    } else {
      clearTimeout(returning);
      socket.disconnect(); // An attempt that began before may wait for an answer that nobody sends.
      connect();
      keepAskingOverHttp(0);
    }
  }

  function look() {
    const now = Date.now();
    const hasSlept = now < lookedAt || now - lookedAt > ASLEEP;
    lookedAt = now;
    if (hasSlept) {
      wake();
    }
    if (age() > DOUBT) {
      ask();
    }
    const isMute = asked !== null && now - asked.at > PATIENCE;
    if (isProven ? age() >= SURE_FOR : isMute) {
      socket.disconnect();
      lose("stale");
    } else if (state === "connecting" && now - lostAt > GRACE) {
      say("stale");
    }
  }

  // Nobody looks at the clock of a frozen page: what it says last has to be true when it is shown again.
  function freeze() {
    if (!hasEnded) {
      isProven = false;
      say("stale");
    }
  }

  const server = new URL(line.server);
  if (server.port) {
    server.hostname = location.hostname; // Without a proxy: another port of whatever name brought us here.
  }
  say("connecting");
  const socket = io(server.origin, { transports: ["websocket"], withCredentials: true, reconnection: false, timeout: 5_000 });
  socket.on("connect", () => {
    asked = null;
    ask();
  });
  socket.on("picture", pushed);
  socket.on("beat", heard);
  socket.on("unread", ({ unread }) => window.bell.show(unread));
  socket.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") {
      lose("connecting");
    }
  });
  socket.on("connect_error", () => {
    refusals += 1;
    lose(state);
    if (refusals === 1) {
      keepAskingOverHttp(0); // Somebody is there and lets us not in: the session may have ended.
    }
  });
  keepAskingOverHttp(GRACE + PATIENCE); // For a page that cannot hold a socket at all.
  const looking = setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", wake);
  document.addEventListener("resume", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("freeze", freeze);
  window.addEventListener("pagehide", freeze);
})();
