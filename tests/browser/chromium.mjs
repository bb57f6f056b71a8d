/**
 * The browser of the machine. Without a window to be drawn in it takes half the time; what has a camera is the whole of it.
 */
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const [WINDOWLESS, WHOLE] = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** @param film  a file of frames, which cameras see as long as it is there */
export function launch({ film } = {}) {
  const camera = film ? ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`] : [];
  const executablePath = process.env.CHROMIUM ?? (film ? WHOLE : WINDOWLESS);
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...camera] });
}
