// Photos for a form: shown before they are sent, made smaller on the device, taken out again.
// Without this a browser's own field does it, and the edge makes them smaller.
"use strict";

(() => {
  const LONGEST = 2048;
  const PREVIEW = 160;
  const QUALITY = 0.85;
  const KINDS = ["image/jpeg", "image/png", "image/webp"];
  const chosen = new WeakMap();

  document.documentElement.dataset.takesPhotos = "";

  const drawn = (picture, longest, canvas) => {
    const part = Math.min(1, longest / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * part));
    canvas.height = Math.max(1, Math.round(picture.height * part));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  // {file, preview}; null for what this browser takes for no picture
  const prepared = async (file) => {
    if (!KINDS.includes(file.type)) return null;
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return null;
    }
    const preview = drawn(picture, PREVIEW, document.createElement("canvas"));
    const small = picture.width <= LONGEST && picture.height <= LONGEST;
    if (small && file.size < 1000000) return { file, preview };
    const whole = drawn(picture, LONGEST, document.createElement("canvas"));
    const blob = await new Promise((done) => whole.toBlob(done, "image/jpeg", QUALITY));
    const name = `${file.name.replace(/\.\w+$/, "")}.jpg`;
    return { file: blob === null ? file : new File([blob], name, { type: blob.type }), preview };
  };

  const put = (field, input, ones) => {
    const files = new DataTransfer();
    for (const one of ones) files.items.add(one.file);
    input.files = files.files;
    chosen.set(input, ones);
    const list = field.querySelector(".previews");
    list.hidden = ones.length === 0;
    list.replaceChildren(
      ...ones.map((one) => {
        one.preview.setAttribute("role", "img");
        one.preview.setAttribute("aria-label", one.file.name);
        const button = document.createElement("button");
        button.type = "button";
        button.className = "link";
        button.textContent = field.dataset.remove;
        button.setAttribute("aria-label", `${field.dataset.remove} ${one.file.name}`);
        button.addEventListener("click", () => {
          put(field, input, chosen.get(input).filter((other) => other !== one));
          input.focus();
        });
        const line = document.createElement("li");
        line.append(one.preview, button);
        return line;
      }),
    );
  };

  const say = (field, texts) => {
    const fault = field.querySelector("[data-fault]");
    fault.textContent = [...new Set(texts)].join(" ");
    fault.hidden = texts.length === 0;
  };

  document.addEventListener("change", async (event) => {
    const input = event.target;
    const field = input.closest?.("[data-photos]");
    if (!field || input.type !== "file") return;
    const before = chosen.get(input) ?? [];
    const added = [];
    const faults = [];
    const room = Number(field.dataset.most) - field.querySelectorAll(".kept :checked").length;
    for (const file of [...input.files]) {
      if (before.length + added.length >= room) {
        faults.push(field.dataset.tooMany);
        break;
      }
      const one = await prepared(file);
      if (one === null) faults.push(field.dataset.noPicture);
      else if (one.file.size > Number(field.dataset.mostBytes)) faults.push(field.dataset.tooLarge);
      else added.push(one);
    }
    put(field, input, [...before, ...added]);
    say(field, faults);
  });

  document.addEventListener("reset", (event) => {
    for (const field of event.target.querySelectorAll("[data-photos]")) {
      put(field, field.querySelector("input[type=file]"), []);
      say(field, []);
    }
  });
})();
