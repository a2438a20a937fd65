function key(row, column) {
  const cell = row.cells[column];
  return cell.dataset.key === undefined ? cell.textContent : cell.dataset.key;
}

function sort(head) {
  const column = head.cellIndex;
  const falling = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const isNumber = head.classList.contains("number");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [key(one, column), key(other, column)];
    const order = isNumber ? Number(a) - Number(b) : a.localeCompare(b);
    return falling ? -order : order;
  });
  body.append(...rows);
}

function search(field) {
  const wanted = field.value.toLowerCase();
  const table = field.closest(".table");
  let shown = 0;
  for (const row of table.querySelectorAll("tbody tr")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    shown += !row.hidden;
  }
  table.classList.toggle("searched", wanted !== "");
  table.querySelector(".nothing").hidden = shown > 0;
}

for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length < 2) continue;
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }
}
for (const label of document.querySelectorAll(".search")) {
  label.hidden = false;
  const field = label.querySelector("input");
  field.addEventListener("input", () => search(field));
}
document.documentElement.dataset.ready = "yes";
