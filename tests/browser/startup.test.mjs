/** How long it takes from the command to a page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startTrial } from "./trial.mjs";

const ROUNDS = 5;

test("the address that the trial prints answers at once", async () => {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    const trial = await startTrial();
    const { status } = await fetch(trial.address);
    rounds.push(performance.now() - begun);
    await trial.stop();
    assert.equal(status, 200);
  }
  const median = rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
  console.log(`startup of idv trial: ${median.toFixed(0)} ms`);
});
