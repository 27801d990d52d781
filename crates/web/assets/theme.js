// Applies the theme the person chose before the page is painted.
(() => {
  try {
    const theme = localStorage.getItem("portcullis-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme then holds.
  }
})();
