// The number of notices that the reader has not read, beside the bell of every page.
"use strict";

window.bell = (() => {
  const bells = [...document.querySelectorAll("[data-bell]")];
  const MOST = 99;

  const shown = (unread) => (unread > MOST ? `${MOST}+` : `${unread}`);
  const says = (unread) => (unread > 1 ? "saysMany" : unread ? "saysOne" : "saysNone");
  const words = ({ dataset }, unread) => dataset[says(unread)].replace("#", shown(unread));

  function write(bell, unread) {
    bell.dataset.bell = unread;
    const number = bell.querySelector("[data-bell-number]");
    number.hidden = !unread;
    number.textContent = shown(unread);
    bell.setAttribute("aria-label", words(bell, unread));
  }

  return {
    // Shows how much is unread, and says it aloud where it became more; the page of all that is new speaks for itself.
    show(unread) {
      const [bell] = bells;
      if (!bell || Number(bell.dataset.bell) === unread) {
        return;
      }
      const isMore = unread > Number(bell.dataset.bell);
      bells.forEach((each) => write(each, unread));
      if (isMore && !bell.hasAttribute("aria-current")) {
        document.querySelector("[data-rings]").textContent = words(bell, unread);
      }
    },
  };
})();
