const dark = matchMedia("(prefers-color-scheme: dark)");

async function draw() {
  const config = {
    background: "transparent",
    axis: dark.matches ? { labelColor: "#9aa6b6", titleColor: "#9aa6b6", gridColor: "#333b47", domainColor: "#333b47", tickColor: "#333b47" } : {},
    legend: dark.matches ? { labelColor: "#9aa6b6", titleColor: "#9aa6b6" } : {},
    view: { stroke: "transparent" },
  };
  for (const data of document.querySelectorAll('figure script[type="application/json"]')) {
    await vegaEmbed(data.previousElementSibling, JSON.parse(data.textContent), { actions: false, renderer: "svg", config });
  }
  document.documentElement.dataset.drawn = "yes";
}

function key(row, column) {
  const cell = row.cells[column];
  return cell.dataset.key === undefined ? cell.textContent : Number(cell.dataset.key);
}

function sort(head) {
  const column = head.cellIndex;
  const falling = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [key(one, column), key(other, column)];
    const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
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
  table.querySelector(".none").hidden = shown > 0;
}

for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => sort(button.parentElement));
}
for (const field of document.querySelectorAll(".search input")) {
  field.addEventListener("input", () => search(field));
}
dark.addEventListener("change", draw);
draw();
