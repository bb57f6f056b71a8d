// Takes the photo with the camera in this page: on a press, and no longer than somebody looks. It goes into the form as if the
// input had taken it, and capture.js, which runs before, prepares and sends it. Whatever does not go well, the input is there.
const place = document.getElementById("camera");
const said = place.dataset;
const [view, told, shutter] = ["video", "[role=status]", "button"].map((what) => place.querySelector(what));
const input = document.getElementById("take");
// Disabled while a photo is sent.
const sender = input.form.querySelector("button");
const opening = shutter.textContent;
// A camera that is silent for so long is told of, as the person may be asked still whether they allow it; and one that is
// allowed and shows nothing of use is switched off.
const SILENCE = 5_000;
// Between two looks at what it shows; what two see is told.
const PAUSE = 800;
// Of a photo with a shorter side nothing can be read.
const SHORT_SIDE = 600;
// What is wanted of the camera. Of what was wanted before, nothing is to come.
let wish = null;
// Whether a photo is on its way into the form.
let isTaken = false;

function tell(text) {
  if (told.textContent !== text) {
    told.textContent = text;
  }
}

function end(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

function switchOff(text) {
  wish = null;
  end(view.srcObject);
  view.srcObject = null;
  view.parentElement.hidden = true;
  shutter.textContent = opening;
  shutter.classList.add("secondary");
  tell(text);
}

async function switchOn() {
  const own = (wish = { seen: said.ready });
  tell(said.waiting);
  let silence = setTimeout(() => own === wish && tell(said.slow), SILENCE);
  try {
    if (!isHonest()) {
      throw new Error("photos of this browser would be noise");
    }
    const video = { facingMode: said.facing, width: { ideal: 1920 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video });
    if (own !== wish) {
      return end(stream);
    }
    clearTimeout(silence);
    silence = setTimeout(() => own === wish && switchOff(said.none), SILENCE);
    view.srcObject = stream;
    // Some browsers play nothing that is hidden.
    view.parentElement.hidden = false;
    for (const loss of ["ended", "mute"]) {
      // Taken out, or taken over by a call: what there would be to photograph is black.
      stream.getVideoTracks()[0].addEventListener(loss, () => own === wish && switchOff(said.off));
    }
    await view.play();
    // The first that some show is two pixels wide.
    while (own === wish && Math.min(view.videoWidth, view.videoHeight) < SHORT_SIDE) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (own === wish) {
      beReady(own);
    }
  } catch {
    if (own === wish) {
      switchOff(said.none);
    }
  } finally {
    clearTimeout(silence);
  }
}

function beReady(own) {
  own.isReady = true;
  shutter.textContent = said.take;
  shutter.classList.remove("secondary");
  shutter.scrollIntoView({ block: "nearest" });
  tell(said.ready);
  watch(own);
}

// What the camera shows, with its long side as given at the most.
function copy(longSide) {
  const { videoWidth, videoHeight } = view;
  const part = Math.min(1, longSide / Math.max(videoWidth, videoHeight));
  const [width, height] = [videoWidth, videoHeight].map((side) => Math.round(side * part));
  return paint(width, height, (context) => context.drawImage(view, 0, 0, width, height));
}

function watch(own) {
  if (own !== wish) {
    return;
  }
  const { mean, sharpness } = look(copy(GLANCE.resizeWidth));
  const text = mean < 60 ? said.dark : sharpness < 20 ? said.blurred : said.ready;
  if (text === own.seen) {
    tell(text);
  }
  own.seen = text;
  setTimeout(watch, PAUSE, own);
}

async function photograph() {
  isTaken = true;
  const { canvas } = copy(LONG_SIDE);
  switchOff("");
  const blob = await encode(canvas);
  try {
    const files = new DataTransfer();
    files.items.add(new File([blob.slice()], "photo.jpg", { type: blob.type }));
    input.files = files.files;
    input.dispatchEvent(new Event("change"));
    sender.click();
  } catch {
    tell(said.none);
  }
  isTaken = false;
}

place.hidden = false;
if (navigator.mediaDevices?.getUserMedia === undefined) {
  place.replaceChildren(told);
  tell(said.none);
}
shutter.addEventListener("click", () => {
  if (wish?.isReady) {
    photograph();
  } else if (wish === null && !isTaken && !sender.disabled) {
    switchOn();
  }
});
// Whoever chooses a file does not want the camera.
document.addEventListener("change", () => wish && switchOff(""));
document.addEventListener("visibilitychange", () => document.hidden && wish && switchOff(said.off));
addEventListener("pagehide", () => switchOff(""));
