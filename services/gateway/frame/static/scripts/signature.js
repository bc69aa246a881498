// Signing on the screen: what is drawn goes as a picture into the form's own field, as a photo does.
// Without this nothing is asked for.
"use strict";

(() => {
  const WIDTH = 5;

  const fieldOf = (node) => node.closest?.("[data-signature]");

  const blank = (canvas) => {
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
  };

  const keep = (field) => {
    const canvas = field.querySelector("canvas");
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "signature.png", { type: "image/png" }));
      field.querySelector("input[type=file]").files = files.files;
    }, "image/png");
  };

  const wipe = (field) => {
    blank(field.querySelector("canvas"));
    field.querySelector("input[type=file]").value = "";
  };

  const show = () => {
    for (const field of document.querySelectorAll("[data-signature][hidden]")) {
      field.hidden = false;
      blank(field.querySelector("canvas"));
    }
  };

  const placeOf = (event, canvas) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ];
  };

  document.addEventListener("pointerdown", (event) => {
    const field = fieldOf(event.target);
    if (!field || !(event.target instanceof HTMLCanvasElement)) return;
    event.preventDefault();
    const canvas = event.target;
    const pen = canvas.getContext("2d");
    canvas.setPointerCapture(event.pointerId);
    Object.assign(pen, { lineWidth: WIDTH, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    pen.beginPath();
    pen.moveTo(...placeOf(event, canvas));
    const draw = (moved) => {
      pen.lineTo(...placeOf(moved, canvas));
      pen.stroke();
    };
    const end = () => {
      canvas.removeEventListener("pointermove", draw);
      keep(field);
    };
    draw(event);
    canvas.addEventListener("pointermove", draw);
    canvas.addEventListener("pointerup", end, { once: true });
    canvas.addEventListener("pointercancel", end, { once: true });
  });

  document.addEventListener("click", (event) => {
    const field = fieldOf(event.target);
    if (field && event.target.closest("button")) wipe(field);
  });

  document.addEventListener("reset", (event) => {
    for (const field of event.target.querySelectorAll("[data-signature]")) wipe(field);
  });

  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("DOMContentLoaded", show);
})();
