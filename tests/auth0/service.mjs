/** The real idv, started on a free port of loopback with a configuration, a certificate and a store of its own. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const PATIENCE = 30_000; // milliseconds to start, to answer a command, to stop

export const HOST = "idv.example.test";

/** idv takes variables that begin with IDV_ for its configuration; the tests' own is none of it. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("IDV_")));

/**
 * @param tenants  [{ domain, customDomains, secret, returnMethod, resultSubject }]
 * @param more     what else its configuration says: takes its folder, and returns TOML
 * @returns { site: { host, port, ca }, log, issueCode(tenant, subject), stop() }, `log` being the lines so far
 */
export async function startService(tenants, more = () => "") {
  const binary = process.env.IDV_BIN;
  assert.ok(binary, "IDV_BIN names the idv to test");
  const folder = await mkdtemp(join(tmpdir(), "idv-auth0-"));
  let service;
  try {
    const ca = await writeCertificate(folder);
    const config = await writeConfiguration(folder, tenants, await more(folder));
    service = spawn(binary, ["serve", "--config", config], { env, stdio: ["ignore", "ignore", "pipe"] });
    process.once("exit", () => service.kill("SIGKILL")); // it does not outlive a test run that is broken off
    const log = [];
    const port = await ready(service, log);
    return {
      site: { host: HOST, port, ca },
      log,
      issueCode: (tenant, subject) => issueCode(binary, config, tenant, subject),
      stop: async () => {
        await stop(service);
        await rm(folder, { recursive: true });
      },
    };
  } catch (error) {
    service?.kill("SIGKILL");
    await rm(folder, { recursive: true });
    throw error;
  }
}

async function issueCode(binary, config, tenant, subject) {
  const words = ["--config", config, "desk", "issue", "--tenant", tenant, "--subject", subject, "--json"];
  const { stdout } = await run(binary, words, { env, timeout: PATIENCE });
  const { code } = JSON.parse(stdout);
  assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);
  return code;
}

/** The port of the first listener, once the service says that it is ready. */
function ready(service, said) {
  let timer;
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`idv ${why}\n${said.join("\n")}`));
    timer = setTimeout(fail, PATIENCE, "was not ready in time");
    service.once("error", reject);
    service.once("exit", (code) => fail(`ended with ${code}`));

    let port;
    createInterface(service.stderr).on("line", (line) => {
      said.push(line);
      const { message, address } = readLine(line);
      if (message === "listening") port ??= Number(address.split(":").pop());
      if (message === "ready") resolve(port);
    });
  }).finally(() => clearTimeout(timer));
}

/** A line's members, whether they stand in the line itself or under "fields". */
function readLine(line) {
  try {
    const entry = JSON.parse(line);
    return { ...entry, ...entry.fields };
  } catch {
    return {};
  }
}

async function stop(service) {
  const ended = once(service, "exit");
  const timer = setTimeout(() => service.kill("SIGKILL"), PATIENCE);
  service.kill("SIGTERM");
  const [code, signal] = await ended;
  clearTimeout(timer);
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, "idv ends cleanly when asked to");
}

async function writeCertificate(folder) {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const name = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
  await run("openssl", ["req", "-x509", ...kind, ...name, "-keyout", key, "-out", certificate], { timeout: PATIENCE });
  return readFile(certificate, "utf8");
}

async function writeConfiguration(folder, tenants, more) {
  const inFolder = (name) => JSON.stringify(join(folder, name)); // a JSON string is a TOML string
  const tables = await Promise.all(tenants.map(async ({ domain, customDomains = [], secret, returnMethod, resultSubject }) => {
    const file = `${domain}.secret`;
    await writeFile(join(folder, file), `${secret}\n`, { mode: 0o600 });
    return `
      [[tenants]]
      domain = "${domain}"
      custom_domains = ${JSON.stringify(customDomains)}
      token_secrets = [{ file = ${inFolder(file)} }]
      token_parameter = "token"
      return_method = "${returnMethod ?? "redirect"}"
      result_subject = "${resultSubject ?? "user_id"}"`;
  }));
  const config = join(folder, "idv.toml");
  await writeFile(config, `
      public_url = "https://${HOST}"
      [server]
      listen = ["127.0.0.1:0"]
      [server.tls]
      certificate = ${inFolder("certificate.pem")}
      private_key = ${inFolder("key.pem")}
      [store]
      path = ${inFolder("idv.redb")}
      [control]
      socket = ${inFolder("control.sock")}
      [limits]
      starts_per_subject = 0
      ${tables.join("\n")}
      [methods.desk]
      attempts = 5
      ${more}
  `.replace(/^ +/gm, ""));
  return config;
}
