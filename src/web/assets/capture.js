// Makes a chosen photo small before it is sent, shows it, and sends it once more where the way is bad. Whatever does not go
// well, the photo goes as it is, by the form: without this script the page does all that it has to.
const texts = document.getElementById("capture").dataset;
// Beyond so many pixels the service makes a photo smaller itself.
const LONG_SIDE = 2200;
// A photo of fewer bytes goes as it is.
const SMALL = 1_000_000;
const GLANCE = { resizeWidth: 480 };
const PATIENCE = 3_000;
const TRIES = [0, 2_000, 6_000];
// After so many hints for a photo there are none.
const HINTS = 2;
// Phones convert what they take by what the form asks for, and are not to be asked for anything else.
const isComputer = navigator.maxTouchPoints === 0 && matchMedia("(pointer: fine)").matches;

// A canvas with `bitmap`, or with a drawing of our own. Never as large as a photo: some browsers then hand out black.
function paint(width, height, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  draw(context);
  return { canvas, context };
}

// Decoded small, and turned as the camera says, by the browser alone.
async function decode(file, size) {
  const bitmap = await createImageBitmap(file, { ...size, resizeQuality: "high" });
  const painted = paint(bitmap.width, bitmap.height, (context) => context.drawImage(bitmap, 0, 0));
  bitmap.close();
  return painted;
}

// Whether what is drawn is what is read: some browsers put noise into it, against being recognised.
function isHonest() {
  const shade = (x, y) => [x * 16, y * 16, (x ^ y) * 16];
  const { context } = paint(16, 16, (into) => {
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        into.fillStyle = `rgb(${shade(x, y).join(" ")})`;
        into.fillRect(x, y, 1, 1);
      }
    }
  });
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.every((value, at) => {
    const pixel = at >> 2;
    const wanted = at % 4 === 3 ? 255 : shade(pixel % 16, pixel >> 4)[at % 4];
    return Math.abs(value - wanted) <= 2;
  });
}

// What a small copy looks like: how bright it is, how much of it is white in patches, how much its edges stand out.
function look({ canvas, context }) {
  const { width, height } = canvas;
  const { data } = context.getImageData(0, 0, width, height);
  const grey = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  }
  let [sum, squares, edges, edgeSquares, white, count] = [0, 0, 0, 0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const around = [grey[at - 1], grey[at + 1], grey[at - width], grey[at + width]];
      const edge = 4 * grey[at] - around[0] - around[1] - around[2] - around[3];
      sum += grey[at];
      squares += grey[at] ** 2;
      edges += edge;
      edgeSquares += edge ** 2;
      white += grey[at] > 250 && around.every((neighbour) => neighbour > 250) ? 1 : 0;
      count++;
    }
  }
  const mean = sum / count;
  return {
    mean,
    deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)),
    white: white / count,
    sharpness: edgeSquares / count - (edges / count) ** 2,
  };
}

function hint(seen) {
  const given = Number(sessionStorage.getItem(location.pathname) ?? 0);
  const text =
    seen.mean < 60 ? texts.dark : seen.white > 0.02 && seen.mean < 200 ? texts.glare : seen.sharpness < 20 ? texts.blurred : "";
  if (text === "" || given >= HINTS) {
    return "";
  }
  sessionStorage.setItem(location.pathname, String(given + 1));
  return text;
}

// The JPEG of `canvas`; none if the browser does not answer.
function encode(canvas) {
  const silence = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  return Promise.race([new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85)), silence]);
}

// In pixels. A JPEG of many bytes is a camera's; what else people have may be small, and is not to be made larger.
async function longSide(file) {
  const bitmap = await createImageBitmap(file);
  const side = Math.max(bitmap.width, bitmap.height);
  bitmap.close();
  return side;
}

// The smaller photo; none if the one that there is has to do.
async function shrink(file, { canvas }, seen) {
  if ((file.type === "image/jpeg" && file.size < SMALL) || seen.deviation < 4 || !isHonest()) {
    return null;
  }
  const side = Math.min(LONG_SIDE, file.type === "image/jpeg" ? LONG_SIDE : await longSide(file));
  const large = await decode(file, canvas.width >= canvas.height ? { resizeWidth: side } : { resizeHeight: side });
  const blob = await encode(large.canvas);
  if (blob?.type !== "image/jpeg" || (file.type === "image/jpeg" && blob.size >= file.size)) {
    return null;
  }
  const again = await decode(blob, GLANCE);
  return look(again).deviation < 4 ? null : new File([blob], "photo.jpg", { type: "image/jpeg" });
}

// Where the photo led; none if it did not get there. What is no page of ours is for the form.
async function send(form, tell) {
  for (const pause of TRIES) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    tell(pause === 0 ? texts.sending : texts.again);
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer !== null && answer.status !== 503) {
      return answer.ok && answer.redirected ? answer.url : null;
    }
  }
  return null;
}

function enhance(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button");
  const label = button.textContent;
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  let shown = null;
  let work = Promise.resolve();
  const tell = (text) => (status.textContent = text);
  button.before(status);
  if (isComputer) {
    input.accept = "image/jpeg,image/png,image/webp";
  }

  async function prepare(file) {
    shown?.remove();
    button.textContent = label;
    tell("");
    if (file === undefined) {
      return;
    }
    tell(texts.preparing);
    try {
      const small = await decode(file, GLANCE);
      const seen = look(small);
      const made = await shrink(file, small, seen);
      shown = small.canvas;
      shown.className = "photo";
      shown.setAttribute("role", "img");
      shown.setAttribute("aria-label", texts.preview);
      status.before(shown);
      if (made !== null && input.files[0] === file) {
        const files = new DataTransfer();
        files.items.add(made);
        input.files = files.files;
      }
      const text = hint(seen);
      tell(text);
      button.textContent = text === "" ? label : texts.anyway;
    } catch {
      // What the browser cannot read the service looks at, and says what it is.
      tell("");
    }
  }

  input.addEventListener("change", () => (work = prepare(input.files[0])));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    await work;
    const address = input.files.length === 0 ? null : await send(form, tell);
    button.disabled = false;
    if (address !== null) {
      location.assign(address);
    } else if (navigator.onLine) {
      form.submit();
    } else {
      tell(texts.offline); // the browser's own page for that would lose the photo
    }
  });
}

document.querySelectorAll("form[enctype]").forEach(enhance);
