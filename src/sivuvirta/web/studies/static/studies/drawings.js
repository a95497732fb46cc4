/* Draws map and Sankey by the report's own scripts, from the data of a study. */
"use strict";
(async () => {
  const place = document.getElementById("drawings");
  if (!place) return;
  const answer = await fetch(place.dataset.address, { credentials: "same-origin" });
  if (!answer.ok) return;
  const data = document.createElement("script");
  data.type = "application/json";
  data.id = "data";
  data.textContent = await answer.text();
  document.body.append(data);
  for (const address of place.dataset.scripts.split(" ")) {
    await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.body.append(script);
    });
  }
})();
