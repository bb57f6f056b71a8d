/** `idv serve` on a free port of loopback, for the pages that no application of the trial leads to. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const PATIENCE = 30_000; // milliseconds to start, to stop
const SECRET = "a secret of the tests in a browser, long enough";
const TENANT = "acme.eu.auth0.test";

/** idv takes variables that begin with IDV_ for its configuration; the tests' own is none of it. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("IDV_")));

/**
 * @param organisation  the name that its pages show
 * @param more          what else its configuration says: takes its folder and its address, and returns TOML
 * @returns { link(asks), command(...arguments), stop() }: where Auth0 would send a person, with what is asked in the request
 *          token; and what a command of idv answers as JSON
 */
export async function startService({ organisation, more = () => "" }) {
  const binary = process.env.IDV_BIN;
  assert.ok(binary, "IDV_BIN names the idv to test");
  const folder = await mkdtemp(join(tmpdir(), "idv-browser-"));
  const port = await freePort();
  const config = await writeConfiguration(folder, port, organisation, await more(folder, `http://localhost:${port}`));
  const service = spawn(binary, ["serve", "--config", config], { env, stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => service.kill("SIGKILL");
  process.once("exit", kill); // it does not outlive a test run that is broken off
  const stop = async () => {
    if (service.exitCode === null) {
      const ended = once(service, "exit");
      const timer = setTimeout(kill, PATIENCE);
      service.kill("SIGTERM");
      await ended;
      clearTimeout(timer);
    }
    process.off("exit", kill);
    await rm(folder, { recursive: true });
  };
  try {
    await ready(service);
  } catch (error) {
    await stop();
    throw error;
  }
  const command = async (...words) => {
    const { stdout } = await promisify(execFile)(binary, ["--config", config, "--json", ...words], { env });
    return JSON.parse(stdout);
  };
  return { stop, command, link: (asks) => `http://localhost:${port}/id-verification?token=${request(asks)}&state=${"s".repeat(170)}` };
}

/** A request token, as the Action signs it. */
function request(asks) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: TENANT, sub: "auth0|ada", iat: now, exp: now + 600, jti: randomUUID(), ip: "203.0.113.7", ...asks };
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function writeConfiguration(folder, port, organisation, more) {
  const inFolder = (name) => JSON.stringify(join(folder, name)); // a JSON string is a TOML string
  await writeFile(join(folder, "secret"), SECRET, { mode: 0o600 });
  const config = join(folder, "idv.toml");
  await writeFile(config, `
    public_url = "http://localhost:${port}"
    [server]
    listen = ["127.0.0.1:${port}"]
    [store]
    path = ${inFolder("idv.redb")}
    [control]
    socket = ${inFolder("control.sock")}
    [[tenants]]
    domain = "${TENANT}"
    token_secrets = [{ file = ${inFolder("secret")} }]
    [branding]
    name = ${JSON.stringify(organisation)}
    support = "help@acme.example"
    ${more}
  `.replace(/^ +/gm, ""));
  return config;
}

function ready(service) {
  const said = [];
  let timer;
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`idv ${why}\n${said.join("\n")}`));
    timer = setTimeout(fail, PATIENCE, "was not ready in time");
    service.once("error", reject);
    service.once("exit", (code) => fail(`ended with ${code}`));
    createInterface(service.stderr).on("line", (line) => {
      said.push(line);
      if (/"ready"/.test(line)) resolve();
    });
  }).finally(() => clearTimeout(timer));
}
