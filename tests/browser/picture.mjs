/** Takes trial.png for the README: three steps of a login through `idv trial`, side by side. `IDV_BIN=… npm run picture` */
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { logIn, result, simulate } from "./login.mjs";
import { startTrial } from "./trial.mjs";

const PICTURE = fileURLToPath(new URL("trial.png", import.meta.url));
const HEIGHT = 720; // pixels of each step

const trial = await startTrial();
const browser = await launch();
try {
  const page = await (await browser.newContext({ colorScheme: "light", locale: "en" })).newPage();
  const steps = [];
  const show = async (title, width) => {
    await page.setViewportSize({ width, height: HEIGHT });
    steps.push({ title, taken: (await page.screenshot()).toString("base64") });
  };
  await page.goto(trial.address);
  await show("1. A person logs in to an application", 380);
  await logIn(page, trial, "Payroll");
  await show("2. idv verifies the person", 360);
  await simulate(page, "success");
  await result(page);
  await show("3. What the application receives", 500);
  await page.setViewportSize({ width: 1320, height: HEIGHT + 80 });
  await page.goto("about:blank");
  await page.setContent(together(steps));
  await page.screenshot({ path: PICTURE, fullPage: true });
} finally {
  await browser.close();
  await trial.stop();
}

function together(steps) {
  const figures = steps.map(({ title, taken }) => `<figure><figcaption>${title}</figcaption><img src="data:image/png;base64,${taken}"></figure>`);
  return `<style>
    body { display: flex; gap: 20px; margin: 20px; background: #d8dce1; font: 600 16px system-ui, sans-serif; }
    figure { margin: 0; }
    figcaption { margin-block-end: 10px; color: #1b1f24; }
    img { display: block; border-radius: 10px; border: 1px solid #818b95; }
  </style>${figures.join("")}`;
}
