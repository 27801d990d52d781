const [end, fields] = arguments;
const wants = (form) => form.getAttribute("action")?.split("?")[0].endsWith(end);
const has = (form) => fields.every(([name, value]) => {
  const found = [...form.elements].filter((one) => one.name === name);
  return found.length && (found[0].tagName !== "BUTTON" || found.some((one) => one.value === value));
});
const forms = [...document.querySelectorAll("main form")].filter(wants);
const form = forms.find(has) ?? forms[0];
if (!form) return "no form that posts to " + end;
let pressed;
for (const [name, value] of fields) {
  const found = [...form.elements].filter((one) => one.name === name);
  if (!found.length) return "the form to " + end + " has no field " + name;
  const field = found.find((one) => one.value === value) ?? found[0];
  if (field.tagName === "BUTTON") {
    if (field.value !== value) return "no button " + name + "=" + value;
    if (field.disabled) return "the button " + name + "=" + value + " cannot be pressed";
    pressed = field;
  } else if (field.type === "radio" || field.type === "checkbox") field.checked = true;
  else field.value = value;
  if (field.tagName === "SELECT" && field.value !== value) return name + " has no choice " + value;
}
window.sentForm = true;
if (pressed) form.requestSubmit(pressed);
else form.requestSubmit();
return null;
