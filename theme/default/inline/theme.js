try {
  const { theme, density } = JSON.parse(localStorage.getItem("broadsheet:reader")) ?? {};
  if (["light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;
  if (["compact", "full"].includes(density)) document.documentElement.dataset.density = density;
} catch {}
