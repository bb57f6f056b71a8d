/** What `idv action` prints for Auth0's Deploy CLI, as the Deploy CLI itself reads and checks it. Nothing leaves this machine. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const require = createRequire(import.meta.url);
const YamlContext = require("auth0-deploy-cli/lib/context/yaml").default;
const { default: schema } = require("auth0-deploy-cli/lib/tools/auth0/schema");

const ACTION = readFileSync(new URL("../../src/auth0/action.js", import.meta.url), "utf8");
const TENANT = "acme.eu.auth0.test";
const NAME = "Identity verification";
/** Everything that a YAML reader or a replacement might take for its own. */
const AWKWARD = String.raw`"'\ #: {} [] @@X@@ ##X## %41 ünïcode - & * ! | >` + "\t";
/** What a replacement in JavaScript might take for its own, one by one. */
const DOLLARS = ["$", "$$", "$&", "$`", "$'", "$0", "$1", "$<name>", "$(cat)", "${x}"].map((part) => `begin${part}end`.padEnd(32, "x"));

let folder, output;

before(() => {
  // The Deploy CLI compiles its schema at every load, which takes ten seconds for all of Auth0. What a package has is left.
  const kept = ["actions", "triggers", "exclude", "include"];
  assert.ok(kept.every((name) => schema.properties[name]) && schema.additionalProperties === false);
  for (const name of Object.keys(schema.properties)) if (!kept.includes(name)) delete schema.properties[name];

  folder = mkdtempSync(join(tmpdir(), "idv-packaging-"));
  output = join(folder, "auth0");
  const config = join(folder, "idv.toml");
  writeFileSync(config, `
public_url = "https://idv.example.test:8443"
server.listen = ["127.0.0.1:0"]
[[tenants]]
domain = "${TENANT}"
token_secrets = [{ env = "UNREAD" }]
`);
  const words = ["--config", config, "action", "--format", "deploy-cli", "--out", output];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("IDV_")));
  execFileSync(process.env.IDV_BIN, words, { env });
});

after(() => rmSync(folder, { recursive: true }));

/** The package's assets after the Deploy CLI loaded, filled in and validated them, all by itself. */
async function load(secret) {
  const config = {
    AUTH0_INPUT_FILE: join(output, "tenant.yaml"),
    AUTH0_DOMAIN: TENANT,
    AUTH0_KEYWORD_REPLACE_MAPPINGS: { TOKEN_SECRET: secret },
  };
  const context = new YamlContext(config, unreachable());
  await context.loadAssetsFromLocal();
  return context.assets;
}

/** In place of the client of Auth0's Management API: reading and checking a package asks nothing of it. */
function unreachable() {
  return new Proxy({}, { get: (_, name) => (typeof name === "symbol" || name === "then" ? undefined : unreachable()) });
}

test("the Deploy CLI accepts the package", async () => {
  const { actions, triggers } = await load("x".repeat(43));
  assert.equal(actions.length, 1);
  const [{ name, runtime, deployed, dependencies, supported_triggers }] = actions;
  assert.deepEqual(
    { name, runtime, deployed, dependencies, supported_triggers },
    { name: NAME, runtime: "node22", deployed: true, dependencies: [], supported_triggers: [{ id: "post-login", version: "v3" }] },
  );
  assert.deepEqual(triggers, { "post-login": [{ action_name: NAME, display_name: NAME }] });
});

test("the Deploy CLI deploys the very same code", async () => {
  const { actions } = await load("x".repeat(43));
  assert.equal(actions[0].code, ACTION);
});

for (const secret of ["kN3-_".repeat(9), AWKWARD, ...DOLLARS]) {
  test(`the secret ${secret} arrives as it is`, async () => {
    const { actions } = await load(secret);
    assert.deepEqual(actions[0].secrets, [
      { name: "TOKEN_SECRET", value: secret },
      { name: "IDV_DOMAIN", value: "idv.example.test:8443" },
      { name: "IDV_EXPIRES_IN", value: "2592000" },
    ]);
  });
}

test("a profile is one setting more", async () => {
  const yaml = join(output, "tenant.yaml");
  const text = readFileSync(yaml, "utf8");
  try {
    writeFileSync(yaml, text.replace(/^( {6})# (- name: IDV_PROFILE)\n( {6})# ( {2}value: .*)$/m, "$1$2\n$3$4"));
    const { actions } = await load("x".repeat(43));
    assert.deepEqual(actions[0].secrets.slice(3), [{ name: "IDV_PROFILE", value: "family_name birthdate" }]);
  } finally {
    writeFileSync(yaml, text);
  }
});

/** As the Deploy CLI put a secret in before 8.18.0: by a replacement that JavaScript looks for patterns in. */
function putInAsOf817(secret) {
  return '"@@TOKEN_SECRET@@"'.replace(/"@@TOKEN_SECRET@@"/g, JSON.stringify(secret));
}

test("a secret with a $ is changed by an older Deploy CLI, which the package says, and none that idv makes has one", () => {
  assert.notEqual(putInAsOf817("begin$&end"), JSON.stringify("begin$&end"));
  assert.match(readFileSync(join(output, "tenant.yaml"), "utf8"), /^# A secret with a \$ in it needs the Deploy CLI from 8\.18\.0 on/m);
  for (let count = 0; count < 20; count += 1) {
    const made = execFileSync(process.env.IDV_BIN, ["secret", "generate", "--out", "-"], { encoding: "utf8" }).trimEnd();
    assert.ok(!made.includes("$"));
    assert.equal(putInAsOf817(made), JSON.stringify(made));
  }
});

test("the Deploy CLI's schema does refuse", async () => {
  const yaml = join(output, "tenant.yaml");
  const text = readFileSync(yaml, "utf8");
  try {
    for (const [from, to] of [["deployed: true", "deployed: perhaps"], ["triggers:", "trigers:"], ["runtime: node22", "runtime: 22"]]) {
      assert.ok(text.includes(from));
      writeFileSync(yaml, text.replace(`\n${from}`, `\n${to}`).replace(` ${from}`, ` ${to}`));
      await assert.rejects(load("x".repeat(43)), /Schema validation failed/, to);
    }
  } finally {
    writeFileSync(yaml, text);
  }
});
