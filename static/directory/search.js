// Says so when the search as one types cannot reach the server; what was found stays.
"use strict";

const failed = document.getElementById("search-failed");

document.addEventListener("htmx:after:swap", () => {
  failed.hidden = true;
});

for (const trouble of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(trouble, () => {
    failed.hidden = false;
  });
}
