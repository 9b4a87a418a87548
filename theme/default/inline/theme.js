try {
  const { theme, density, favourites, muted, row, news } = JSON.parse(localStorage.getItem("broadsheet:reader")) ?? {};
  const { dataset } = document.documentElement;
  if (["light", "dark"].includes(theme)) dataset.theme = theme;
  if (["compact", "full"].includes(density)) dataset.density = density;
  dataset.row = row;
  dataset.heard = news === dataset.news;
  if (favourites?.length || muted?.length) dataset.waits = "";
} catch {}
if (location.protocol === "file:") {
  addEventListener("DOMContentLoaded", () => document.head.append(document.getElementById("folder").content));
}
