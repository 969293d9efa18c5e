"use strict";
(() => {
  const { span, frames } = JSON.parse(document.getElementById("scrub-data").textContent);
  const slider = document.getElementById("time");
  const now = document.getElementById("now");
  const picture = document.getElementById("frame");
  const lanes = document.getElementById("lanes");
  const { left, right, bottom } = lanes.dataset;
  const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
  cursor.setAttribute("class", "cursor");
  cursor.setAttribute("y1", 0);
  cursor.setAttribute("y2", bottom);
  lanes.append(cursor);
  // The margins of a plot within its view box of 460 x 190: see line_plot.py.
  const plotLeft = 52 / 460, plotWidth = (460 - 62) / 460;
  const plots = [...document.querySelectorAll(".plot")].map((figure) => {
    const line = document.createElement("div");
    line.className = "cursor";
    figure.append(line);
    return { line, begin: +figure.dataset.begin, end: +figure.dataset.end };
  });

  function show(time) {
    const share = (time - span[0]) / (span[1] - span[0]);
    const x = +left + share * (right - left);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    now.textContent = `${time.toFixed(2)} s`;
    for (const { line, begin, end } of plots) {
      const at = (time - begin) / (end - begin);
      line.style.display = at < 0 || at > 1 ? "none" : "";
      line.style.left = `${100 * (plotLeft + at * plotWidth)}%`;
    }
    if (picture) {
      let nearest = frames[0];
      for (const frame of frames) {
        if (Math.abs(frame.t - time) < Math.abs(nearest.t - time)) nearest = frame;
      }
      if (picture.src !== nearest.src) picture.src = nearest.src;
    }
  }
  function jump(time) {
    slider.value = (1000 * (time - span[0])) / (span[1] - span[0]);
    show(time);
  }
  slider.addEventListener("input", () => show(span[0] + (slider.value / 1000) * (span[1] - span[0])));
  for (const row of document.querySelectorAll("tr[data-time]")) {
    row.addEventListener("click", () => jump(+row.dataset.time));
  }
  const first = document.querySelector("tr.failed[data-time]");
  jump(first ? +first.dataset.time : span[0]);
})();
