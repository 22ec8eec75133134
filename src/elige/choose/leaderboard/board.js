"use strict";
// Sorts the board by a column; cells without data stay last whichever way.
function sortBy(head, column) {
  const table = head.closest("table"), body = table.tBodies[0];
  const down = head.getAttribute("aria-sort") !== "descending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = (row) => row.cells[column].dataset.value;
  const order = (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === "" || y === "") return (x === "") - (y === "");
    const by = column === 0 ? y.localeCompare(x) : Number(x) - Number(y);
    return down ? -by : by;
  };
  body.append(...[...body.rows].sort(order));
}

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("thead button")) {
    const head = button.closest("th");
    button.addEventListener("click", () => sortBy(head, head.cellIndex));
  }
});
