// One more empty row of dates, a copy of the last one.
const button = document.querySelector("[data-add-row]");
const rows = document.querySelector("[data-rows]");

function addRow() {
  const last = rows.lastElementChild;
  const row = last.cloneNode(true);
  const number = rows.children.length;
  for (const error of row.querySelectorAll(".field-error")) error.remove();
  for (const input of row.querySelectorAll("input")) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    for (const name of ["id", "name"]) input[name] = input[name].replace(/-\d+-/, `-${number}-`);
  }
  for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/-\d+-/, `-${number}-`);
  rows.append(row);
  row.querySelector("input").focus();
  button.hidden = rows.children.length >= Number(rows.dataset.rows);
}

button.hidden = rows.children.length >= Number(rows.dataset.rows);
button.addEventListener("click", addRow);
