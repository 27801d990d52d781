const complaints = [];
const say = (words, element) => complaints.push(words + (element ? ": " + element.outerHTML.slice(0, 160) : ""));
const shown = (element) => element.getClientRects().length > 0;
if (!document.documentElement.lang) say("the page names no language");
if (!document.title.trim()) say("the page has no title");
if (document.querySelectorAll("h1").length !== 1) say("the page has " + document.querySelectorAll("h1").length + " headings of the first rank");
if (!document.querySelector("main")) say("the page has no main part");
for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
  const named = field.labels?.length || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby");
  if (!named) say("a field without a label", field);
}
for (const element of document.querySelectorAll("button, a[href], summary")) {
  const name = (element.textContent || "").trim() || element.getAttribute("aria-label") || element.querySelector("title, img[alt]");
  if (!name) say("a button or link without a name", element);
}
for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) say("an image without a text", image);
for (const table of document.querySelectorAll("table")) if (!table.querySelector("th")) say("a table without headings", table);
const seen = new Set();
for (const element of document.querySelectorAll("[id]")) {
  if (seen.has(element.id)) say("the identifier " + element.id + " twice");
  seen.add(element.id);
}
if (document.documentElement.scrollWidth > window.innerWidth + 1) say("the page is wider than the window by " + (document.documentElement.scrollWidth - window.innerWidth) + " pixels");
if (document.querySelector("[style]")) say("an inline style", document.querySelector("[style]"));
return complaints.slice(0, 10);
