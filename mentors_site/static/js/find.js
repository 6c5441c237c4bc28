// From a search field marked data-find="#results" the arrows go through the links of the results and back; Escape returns to the field.
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("[data-find]") ?? document.querySelector("[data-find]");
  if (field === null) return;
  const links = [...document.querySelectorAll(`${field.dataset.find} a[href], ${field.dataset.find} button`)];
  const here = links.indexOf(event.target);
  if (event.target !== field && here === -1) return;
  if (event.key === "ArrowDown" && links.length > 0) links[Math.min(here + 1, links.length - 1)].focus();
  else if (event.key === "ArrowUp" && here !== -1) (here === 0 ? field : links[here - 1]).focus();
  else if (event.key === "Escape" && here !== -1) field.focus();
  else return;
  event.preventDefault();
});
