/** `idv trial`: the model tenant, its applications and the real idv, on two free ports of loopback. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const PATIENCE = 30_000; // milliseconds to start, to stop

/** idv takes variables that begin with IDV_ for its configuration; the tests' own is none of it. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("IDV_")));

/** @returns { address, stop() }: where the trial begins, and its end by Ctrl-C */
export async function startTrial({ formPost = false, tls = false } = {}) {
  const binary = process.env.IDV_BIN;
  assert.ok(binary, "IDV_BIN names the idv to test");
  const words = ["trial", "--port", "0", ...(formPost ? ["--form-post"] : []), ...(tls ? ["--tls"] : [])];
  const trial = spawn(binary, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => trial.kill("SIGKILL");
  process.once("exit", kill); // it does not outlive a test run that is broken off
  try {
    const address = await opened(trial);
    return {
      address,
      stop: async () => {
        await stop(trial);
        process.off("exit", kill);
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

/** The address that the trial says to open. */
function opened(trial) {
  const said = [];
  let timer;
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`idv trial ${why}\n${said.join("\n")}`));
    timer = setTimeout(fail, PATIENCE, "was not ready in time");
    trial.once("error", reject);
    trial.once("exit", (code) => fail(`ended with ${code}`));
    createInterface(trial.stderr).on("line", (line) => said.push(line));
    createInterface(trial.stdout).on("line", (line) => {
      const [, address] = /^Open (https?:\/\/localhost:\d+)$/.exec(line) ?? [];
      if (address) resolve(address);
    });
  }).finally(() => clearTimeout(timer));
}

async function stop(trial) {
  const ended = once(trial, "exit");
  const timer = setTimeout(() => trial.kill("SIGKILL"), PATIENCE);
  trial.kill("SIGINT");
  const [code, signal] = await ended;
  clearTimeout(timer);
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, "the trial ends cleanly by Ctrl-C");
}
