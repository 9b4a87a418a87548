try {
  const { theme, density, favourites, muted, divider } = JSON.parse(localStorage.getItem("broadsheet:reader")) ?? {};
  const { dataset } = document.documentElement;
  if (["light", "dark"].includes(theme)) dataset.theme = theme;
  if (["compact", "full"].includes(density)) dataset.density = density;
  if (favourites?.length || muted?.length) dataset.waits = "";
} catch {}
