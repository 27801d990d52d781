const [end, fields] = arguments;
const form = [...document.querySelectorAll("main form")].find((one) => one.getAttribute("action")?.split("?")[0].endsWith(end));
if (!form) return "no form that posts to " + end;
for (const [name, value] of fields) {
  const found = [...form.elements].filter((one) => one.name === name);
  if (!found.length) return "the form to " + end + " has no field " + name;
  const field = found.find((one) => one.value === value) ?? found[0];
  if (field.type === "radio" || field.type === "checkbox") field.checked = true;
  else field.value = value;
  if (field.tagName === "SELECT" && field.value !== value) return name + " has no choice " + value;
}
window.sentForm = true;
form.requestSubmit();
return null;
