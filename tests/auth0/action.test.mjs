/** The Action alone: what it reads, what it sends to idv, and which results it believes. No service is needed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import jwt from "jsonwebtoken";
import { Browser } from "./browser.mjs";
import { checked, claims, DAY, DOMAIN, HOST, newLogin, NOW, SECRET, USER_ID } from "./login.mjs";

const REQUIRED = { metadata: { IDV_REQUIRED: "true" } };
/** What an application's metadata require, by meaning. */
const REQUIREMENTS = JSON.parse(readFileSync(new URL("requirements.json", import.meta.url), "utf8"));

describe("the settings", () => {
  const other = "another secret of thirty-two bytes or so";
  const sources = [
    // secrets                                             configuration                            signs with, and asks at
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST },           undefined,                               SECRET, HOST],
    [{ TOKEN_SECRET: SECRET },                             { IDV_DOMAIN: HOST },                    SECRET, HOST],
    [null,                                                 { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST }, SECRET, HOST],
    [{ TOKEN_SECRET: other, IDV_DOMAIN: "other.test" },    { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST }, SECRET, HOST],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST },           { TOKEN_SECRET: "", IDV_DOMAIN: null },  SECRET, HOST],
    // Terraform's file() keeps a file's final line end, and idv does not: one of it, and nothing else, is no part of the secret.
    [{ TOKEN_SECRET: `${SECRET}\n`, IDV_DOMAIN: HOST },     {},                                      SECRET, HOST],
    [{ TOKEN_SECRET: `${SECRET}\r\n`, IDV_DOMAIN: HOST },   {},                                      SECRET, HOST],
    [{ TOKEN_SECRET: `${SECRET}\n\n`, IDV_DOMAIN: HOST },   {},                                      `${SECRET}\n`, HOST],
    [{ TOKEN_SECRET: `${SECRET}\n\r`, IDV_DOMAIN: HOST },   {},                                      `${SECRET}\n\r`, HOST],
    [{ TOKEN_SECRET: `\n ${SECRET}\t \n`, IDV_DOMAIN: ` ${HOST}\n` }, {},                           `\n ${SECRET}\t `, HOST],
    [{ TOKEN_SECRET: `${"x".repeat(32)}\n`, IDV_DOMAIN: HOST }, {},                                  "x".repeat(32), HOST],
    [undefined,                                            { TOKEN_SECRET: `${SECRET}\n`, IDV_DOMAIN: `https://${HOST}/\n` }, SECRET, HOST],
    [{ TOKEN_SECRET: "ü".repeat(16), IDV_DOMAIN: "IDV.Example.Test" }, {},                          "ü".repeat(16), HOST],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: "localhost" },    {},                                      SECRET, "localhost"],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: `${HOST}:8443` }, {},                                      SECRET, `${HOST}:8443`],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: `${HOST}:65535` }, {},                                     SECRET, `${HOST}:65535`],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: `${HOST}:443` },  {},                                      SECRET, HOST],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: `https://${HOST}` }, {},                                   SECRET, HOST],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: ` HTTPS://IDV.example.TEST:443/ ` }, {},                   SECRET, HOST],
    [{ TOKEN_SECRET: SECRET, IDV_DOMAIN: `https://${HOST}:8443/` }, {},                             SECRET, `${HOST}:8443`],
    // A key may be of any letter case; what says the same twice is said once.
    [{ token_secret: SECRET, "Idv-Domain": HOST },         {},                                      SECRET, HOST],
    [{ TOKEN_SECRET: SECRET, token_secret: `${SECRET}\n`, IDV_DOMAIN: HOST, idv_domain: `https://${HOST}/` }, {}, SECRET, HOST],
    [{ TOKEN_SECRET: SECRET, Token_Secret: " ", IDV_DOMAIN: HOST, idv_domain: "" }, { token_secret: "" }, SECRET, HOST],
  ];
  for (const [secrets, configuration, secret, host] of sources) {
    test(`${JSON.stringify({ secrets, configuration })} are good`, async () => {
      const login = newLogin({ secrets, configuration });
      const { redirect } = await login.arrive();
      assert.equal(new URL(redirect).host, host);
      jwt.verify(new URL(redirect).searchParams.get("token"), secret, { clockTimestamp: NOW });
      assert.deepEqual(await login.comeBack({ iss: host }, secret), claims({ status: "valid", "last-check": NOW, id: "idv-1" }));
      assert.deepEqual(login.auth0.log, []);
    });
  }

  const faults = {
    "TOKEN_SECRET is missing": [
      { TOKEN_SECRET: undefined }, { TOKEN_SECRET: "" }, { TOKEN_SECRET: null }, { TOKEN_SECRET: "\n" }, { TOKEN_SECRET: " ".repeat(32) },
    ],
    "TOKEN_SECRET is shorter than 32 bytes": [
      "x".repeat(31), `${"ü".repeat(15)}x`, `${"x".repeat(31)}\n`, `${"x".repeat(30)}\r\n`, "@@TOKEN_SECRET@@", true,
    ].map((TOKEN_SECRET) => ({ TOKEN_SECRET })),
    "TOKEN_SECRET is there more than once, with different values": [{ token_secret: other }, { Token_Secret: `${SECRET} ` }],
    "IDV_DOMAIN is missing": [{ IDV_DOMAIN: undefined }, { IDV_DOMAIN: " " }, { IDV_DOMAIN: "https://" }],
    "IDV_DOMAIN is there more than once, with different values": [{ idv_domain: "other.test" }, { "IDV DOMAIN": `${HOST}:8443` }],
    "IDV_DOMAIN is not a bare host name": [
      `http://${HOST}`, `https:${HOST}`, `//${HOST}`, `https://https://${HOST}`, `${HOST}//`, `https://${HOST}/id-verification`,
      `${HOST}/path`, `${HOST}.`, `${HOST}?a`, `${HOST}#a`, `me@${HOST}`, `${HOST}\\x`, `${HOST}:`, `${HOST}:x`,
      `${HOST}:123456`, `.${HOST}`, `a..b`, `${HOST} b`, `a\nb`, "bücher.example", "%61.example", "[::1]",
      `${HOST}:0`, `${HOST}:0443`, `${HOST}:65536`, `${HOST}:99999`,
    ].map((IDV_DOMAIN) => ({ IDV_DOMAIN })),
    "IDV_EXPIRES_IN is not a whole number of seconds": [
      "-1", "+1", "1.5", "1e3", "0x10", "2_592_000", "2,592,000", "2 592 000", "30 days", "∞", "NaN", "٣", -1, 1.5, 1e21, true, [], {},
    ].map((IDV_EXPIRES_IN) => ({ IDV_EXPIRES_IN })),
    "IDV_EXPIRES_IN is there more than once, with different values": [{ IDV_EXPIRES_IN: "0", idv_expires_in: "60" }],
  };
  for (const [fault, values] of Object.entries(faults)) {
    for (const value of values) {
      test(`${JSON.stringify(value)}: ${fault}`, async () => {
        const secrets = { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST, ...value };
        const optional = newLogin({ secrets, user: checked({ last_check: NOW }) });
        assert.deepEqual(await optional.arrive(), claims({}));
        assert.deepEqual(optional.auth0.log, [`idv: not configured: ${fault}`]);
        assert.deepEqual(await newLogin({ secrets, client: REQUIRED }).arrive(), { denied: "idv_configuration_error" });
      });
    }
  }

  for (const [client, outcome] of [[{}, claims({})], [REQUIRED, { denied: "idv_configuration_error" }]]) {
    test(`that are lost while the person is away end in ${JSON.stringify(outcome)}`, async () => {
      const secrets = { TOKEN_SECRET: SECRET, IDV_DOMAIN: HOST };
      const login = newLogin({ secrets, client });
      await login.arrive();
      delete secrets.TOKEN_SECRET;
      assert.deepEqual(await login.comeBack({}), outcome);
      assert.equal(login.user.app_metadata, undefined);
    });
  }
});

describe("an application", () => {
  const lax = [undefined, null, {}, { IDV_REQUIRED: "false" }, { IDV_REQUIRED: "" }, { OTHER: "true" }, "true", [], 7];
  for (const metadata of lax) {
    test(`with the metadata ${JSON.stringify(metadata)} does not require verification`, async () => {
      assert.deepEqual(await newLogin({ client: { metadata }, flow: "refresh token" }).arrive(), claims({ status: "skipped" }));
    });
  }

  test("with IDV_REQUIRED true does", async () => {
    assert.deepEqual(await newLogin({ client: REQUIRED, flow: "refresh token" }).arrive(), { denied: "idv_interaction_required" });
  });

  // The trial's engine is held to the same table (tests/it/scenarios.rs).
  for (const [meaning, all] of Object.entries(REQUIREMENTS)) {
    for (const metadata of all) {
      test(`whose requirement is spelled otherwise than "true" does not admit everybody: ${JSON.stringify(metadata)} is ${meaning}`, async () => {
        const login = newLogin({ client: { metadata }, flow: "refresh token" });
        const outcomes = {
          on: { denied: "idv_interaction_required" }, off: claims({ status: "skipped" }), "a fault": { denied: "idv_configuration_error" },
        };
        assert.deepEqual(await login.arrive(), outcomes[meaning]);
        assert.equal(login.auth0.log.length, meaning === "a fault" ? 1 : 0);

        const back = newLogin({ client: { metadata } });
        if (meaning === "a fault") return assert.deepEqual(await back.arrive(), outcomes[meaning]);
        await back.arrive();
        const ends = { on: { denied: "idv_verification_failed" }, off: claims({ status: "failed", id: "idv-1" }) };
        assert.deepEqual(await back.comeBack({ status: "failed" }), ends[meaning]);
      });
    }
  }

  test("whose requirement makes no sense is not admitted with a check that counts either", async () => {
    const user = checked({ id: "idv-1", last_check: NOW });
    const configuration = { IDV_EXPIRES_IN: "0" };
    const login = newLogin({ client: { metadata: { IDV_REQUIRED: "maybe" } }, configuration, user });
    assert.deepEqual(await login.arrive(), { denied: "idv_configuration_error" });
  });

  test("whose requirement comes to make no sense while the person is away is not admitted", async () => {
    const client = { metadata: { IDV_REQUIRED: "true" } };
    const login = newLogin({ client });
    await login.arrive();
    client.metadata.IDV_REQUIRED = "ture";
    assert.deepEqual(await login.comeBack({}), { denied: "idv_configuration_error" });
    assert.equal(login.user.app_metadata, undefined);
  });

  const named = 'in the metadata of "a1b2c3" ("An application")';
  const long = `"${"x".repeat(35)}..."`;
  const lines = [
    [{ IDV_REQUIRED: "ture" }, {}, `idv: not configured: IDV_REQUIRED is "ture", neither true nor false, ${named}`],
    [{ idv_required: "y\u202e\u001b\n" }, {}, `idv: not configured: IDV_REQUIRED is "y\\u202e\\u001b\\n", neither true nor false, ${named}`],
    [{ IDV_REQUIRED: "x".repeat(255) }, {}, `idv: not configured: IDV_REQUIRED is ${long}, neither true nor false, ${named}`],
    [{ IDV_REQUIRED: "true", Idv_Required: "no" }, {},
      `idv: not configured: IDV_REQUIRED is there more than once, with different values, ${named}`],
    [{ IDV_REQUIRED: "?" }, { client_id: undefined, name: "Zürich" },
      'idv: not configured: IDV_REQUIRED is "?", neither true nor false, in the metadata of "" ("Z\\u00fcrich")'],
    [{ IDV_REQUIRED: "x".repeat(255) }, { client_id: "x".repeat(255), name: "x".repeat(255) },
      `idv: not configured: IDV_REQUIRED is ${long}, neither true nor false, in the metadata of ${long} (${long})`],
    [{ IDV_REQUIRED: "on", IDV_METHODS: "desk OIDC:" }, {}, `idv: not configured: IDV_METHODS has "oidc:", which is no method's name; names are separated by spaces, ${named}`],
    [{ IDV_REQUIRED: "on", IDV_METHODS: "desk,simulated" }, {},
      `idv: not configured: IDV_METHODS has "desk,simulated", which is no method's name; names are separated by spaces, ${named}`],
    [{ IDV_REQUIRED: "on", IDV_METHODS: "ü".repeat(255) }, { client_id: "x".repeat(255), name: "x".repeat(255) },
      `idv: not configured: IDV_METHODS has "${"\\u00fc".repeat(6).slice(0, 35)}...", which is no method's name; names are separated by spaces, in the metadata of ${long} (${long})`],
    [{ IDV_REQUIRED: "on", IDV_METHODS: `${"x".repeat(200)} ${"y".repeat(56)}` }, {}, `idv: not configured: IDV_METHODS is longer than 256 bytes, ${named}`],
    [{ IDV_REQUIRED: "on", IDV_METHODS: "desk", idv_methods: "document" }, {},
      `idv: not configured: IDV_METHODS is there more than once, with different values, ${named}`],
    [{ IDV_REQUIRED: "on", IDV_MAX_AGE: "an hour" }, {}, `idv: not configured: IDV_MAX_AGE is not a whole number of seconds, ${named}`],
    [{ IDV_REQUIRED: "on", IDV_METHOD: "desk" }, {}, `idv: not configured: "IDV_METHOD" is no setting, ${named}`],
  ];
  for (const [metadata, client, line] of lines) {
    test(`is named in the log: ${line.slice(20, 70)}…`, async () => {
      const login = newLogin({ client: { metadata, ...client } });
      assert.deepEqual(await login.arrive(), { denied: "idv_configuration_error" });
      assert.deepEqual(login.auth0.log, [line]);
      assert.ok(line.length <= 256, "Auth0 keeps no more");
    });
  }

  // Whoever limits which checks count must not have all of them count by a slip.
  const limits = [
    "IDV_METHOD", "IDV_METHDOS", "idv_method", "IDV_MEHTODS", "IVD_METHODS", "ID_METHODS", "IDV_METHODSS", "IDV_MЕTHODS", "ＩＤＶ＿METHODS",
    "IDV_ALLOWED_METHODS", "ID_VERIFICATION_METHODS", "IDV_MAX_AG", "IDV_MAX_AEG", "DV_MAX_AGE", "IDV_MAX_AGES", "IDV_MAX_AGE_SECONDS",
    "IDV_MAXIMUM_AGE", "IDV_MAX_АGE",
  ];
  for (const key of limits) {
    test(`that misspells a limit as ${key} is told of it, and of no check, whatever the value`, async () => {
      for (const value of ["desk", "600", "", "false", null, 7, {}]) {
        const login = newLogin({ client: { metadata: { [key]: value } }, configuration: { IDV_EXPIRES_IN: "0" }, user: checked({ last_check: NOW }) });
        assert.deepEqual(await login.arrive(), claims({}));
        assert.equal(login.auth0.log.length, 1);
        assert.match(login.auth0.log[0], /^idv: not configured: ".+" is no setting, in the metadata of /);
      }
    });
  }

  for (const key of ["IDV_LEVEL", "IDV_METER", "IDV_MAX_ATTEMPTS", "IDV_PAGE", "idvMaxRetries"]) {
    test(`that has ${key}, which is far from a limit, is told of it and served`, async () => {
      const login = newLogin({ client: { metadata: { [key]: "desk" } }, flow: "refresh token" });
      assert.deepEqual(await login.arrive(), claims({ status: "skipped" }));
      assert.deepEqual(login.auth0.log, [`idv: ignored: "${key}" is no setting, ${named}`]);
    });
  }

  for (const key of ["METHODS", "MAX_AGE", "auth_methods", "id_max", "MY_IDV_METHODS", "MFA_MAX_AGE", "KYC_METHODS"]) {
    test(`with another product's ${key} is left alone, whatever the value`, async () => {
      const login = newLogin({ client: { metadata: { [key]: "true" } }, flow: "refresh token" });
      assert.deepEqual(await login.arrive(), claims({ status: "skipped" }));
      assert.deepEqual(login.auth0.log, []);
    });
  }

  for (const metadata of [{ IDV_METHODS: "desk," }, { IDV_MAX_AGE: "soon" }]) {
    test(`whose limit comes to make no sense while the person is away learns nothing: ${JSON.stringify(metadata)}`, async () => {
      const client = { metadata: {} };
      const login = newLogin({ client });
      await login.arrive();
      client.metadata = metadata;
      assert.deepEqual(await login.comeBack({ method: "desk" }), claims({}));
      assert.equal(login.user.app_metadata, undefined);
    });
  }

  const misspelt = {
    "IDV_REQUIERD": "IDV_REQUIERD", "idv_require": "idv_require", "IDV_ＲEQUIRED": "IDV_\\uff32EQUIRED", "IDV_": "IDV_", "idvLevel": "idvLevel",
    "idvreq": "idvreq", "ID_VERIFICATION_REQUIRED": "ID_VERIFICATION_REQUIRED",
    // The slip may be among the first letters, and of another script.
    "IVD_REQUIRED": "IVD_REQUIRED", "DIV_REQUIRED": "DIV_REQUIRED", "ID_REQUIRED": "ID_REQUIRED", "LDV_REQUIRED": "LDV_REQUIRED",
    "DV_REQUIRED": "DV_REQUIRED", "IIDV_REQUIRED": "IIDV_REQUIRED", "ІDV_REQUIRED": "\\u0406DV_REQUIRED", "IDΝ_REQUIRED": "ID\\u039d_REQUIRED",
    "ＩＤＶ＿REQUIRED": "\\uff29\\uff24\\uff36\\uff3fREQUIRED",
  };
  for (const [key, escaped] of Object.entries(misspelt)) {
    const shown = `"${escaped}" is no setting, ${named}`;

    test(`with the misspelt ${key} that says yes admits nobody, and is told of it`, async () => {
      for (const yes of ["true", " Yes", "1", true]) {
        const metadata = { OTHER: "true", IDV_REQUIRED: "false", [key]: yes };
        const login = newLogin({ client: { metadata }, user: checked({ last_check: NOW }) });
        assert.deepEqual(await login.arrive(), { denied: "idv_configuration_error" });
        assert.deepEqual(login.auth0.log, [`idv: not configured: ${shown}`]);
      }
    });

    test(`with ${key} that says something else is told of it`, async () => {
      const login = newLogin({ client: { metadata: { [key]: "another product" } }, flow: "refresh token" });
      assert.deepEqual(await login.arrive(), claims({ status: "skipped" }));
      assert.deepEqual(login.auth0.log, [`idv: ignored: ${shown}`]);
    });
  }

  for (const key of ["id_version", "idVersion", "id_verified", "idvault_enabled", "IDENTITY_REQUIRED", "MFA_REQUIRED", "MY_IDV_REQUIRED", "__proto__"]) {
    test(`with another product's ${key} is left alone`, async () => {
      const metadata = JSON.parse(`{ "${key}": "true", "constructor": "1" }`);
      const login = newLogin({ client: { metadata }, flow: "refresh token" });
      assert.deepEqual(await login.arrive(), claims({ status: "skipped" }));
      assert.deepEqual(login.auth0.log, []);
    });
  }

  test("that the event does not tell of does not either", async () => {
    const login = newLogin({ flow: "refresh token", event: { client: undefined, request: undefined, transaction: undefined } });
    assert.deepEqual(await login.arrive(), claims({ status: "skipped" }));
  });
});

describe("a stored check", () => {
  const ages = [
    // IDV_EXPIRES_IN  age in seconds  counts
    [undefined,        0,              false],
    [undefined,        -60,            false],
    ["",               0,              false],
    [" ",              0,              false],
    ["0",              1000 * DAY,     true],
    ["00",             1000 * DAY,     true],
    ["60",             59,             true],
    ["60",             60,             false],
    [" 60\n",          59,             true],
    [60,               59,             true],
    [0,                1000 * DAY,     true],
    ["60",             -60,            true],
    ["0",              -61,            false],
    ["9".repeat(400),  1000 * DAY,     true],
  ];
  for (const [IDV_EXPIRES_IN, age, counts] of ages) {
    test(`that is ${age} s old ${counts ? "counts" : "does not count"} when it expires in ${JSON.stringify(IDV_EXPIRES_IN)}`, async () => {
      const login = newLogin({ configuration: { IDV_EXPIRES_IN }, user: checked({ id: "idv-1", last_check: NOW - age }) });
      const outcome = await login.arrive();
      if (counts) assert.deepEqual(outcome, claims({ status: "valid", "last-check": NOW - age, id: "idv-1" }));
      else assert.ok(outcome.redirect);
    });
  }

  const nonsense = [
    null, "text", 7, true, [], [NOW], {}, { last_check: null }, { last_check: String(NOW) }, { last_check: NOW * 1000 },
    { last_check: NOW + 61 }, { last_check: 0 }, { last_check: -1 }, { last_check: NOW - 0.5 }, { last_check: true }, { last_check: [NOW] }, { last_check: { NOW } },
  ];
  for (const id_verification of nonsense) {
    test(`that reads ${JSON.stringify(id_verification)} is none`, async () => {
      const login = newLogin({ configuration: { IDV_EXPIRES_IN: "0" }, user: { app_metadata: { id_verification } } });
      assert.deepEqual(await login.arrive("refresh token"), claims({ status: "skipped" }));
      await login.arrive();
      await login.comeBack({});
      assert.deepEqual(login.user.app_metadata, { id_verification: { id: "idv-1", last_check: NOW } });
    });
  }

  test("with a member named __proto__ passes nothing on to any other object", async () => {
    const id_verification = JSON.parse(`{ "__proto__": { "last_check": ${NOW}, "id": "idv-1" }, "constructor": null }`);
    const login = newLogin({ configuration: { IDV_EXPIRES_IN: "0" }, user: { app_metadata: { id_verification } } });
    assert.deepEqual(await login.arrive("refresh token"), claims({ status: "skipped" }));
    await login.arrive();
    await login.comeBack({ status: "failed" });
    assert.equal({}.last_check, undefined);
    assert.equal({}.id, undefined);
  });

  for (const app_metadata of [undefined, null, {}, { id_verification: undefined }]) {
    test(`is none where app_metadata is ${JSON.stringify(app_metadata)}`, async () => {
      assert.ok((await newLogin({ configuration: { IDV_EXPIRES_IN: "0" }, user: { app_metadata } }).arrive()).redirect);
    });
  }

  for (const id of [null, "", 7, ["idv-1"], { id: 1 }]) {
    test(`has no id where it reads ${JSON.stringify(id)}`, async () => {
      const login = newLogin({ configuration: { IDV_EXPIRES_IN: "0" }, user: checked({ id, last_check: NOW }) });
      assert.deepEqual(await login.arrive(), claims({ status: "valid", "last-check": NOW }));
    });
  }
});

describe("the request", () => {
  test("holds what idv needs and nothing more", async () => {
    const login = newLogin({ user: checked({ id: "idv-1" }), ui_locales: ["de-AT", "en"] });
    const { jti, ...request } = await login.request();
    assert.match(jti, /^[0-9a-z]+-[0-9a-z]*$/);
    assert.deepEqual(request, {
      iss: DOMAIN, sub: USER_ID, iat: NOW, exp: NOW + 600, ip: "203.0.113.7",
      id: "idv-1", last_check: 0, continue_uri: `https://${DOMAIN}/continue`, account_hint: "j•••@acme.com", ui_locales: "de-AT en",
    });
  });

  test("leaves out what is not known", async () => {
    const login = newLogin({ user: { email: undefined }, event: { request: undefined, transaction: undefined } });
    assert.deepEqual(Object.keys(await login.request()).sort(), ["exp", "iat", "ip", "iss", "jti", "last_check", "sub"]);
  });

  test("goes to /id-verification with a token and a state", async () => {
    const { origin, pathname, searchParams } = new URL((await newLogin({}).arrive()).redirect);
    assert.deepEqual([origin, pathname, [...searchParams.keys()]], [`https://${HOST}`, "/id-verification", ["token", "state"]]);
  });

  test("differs from every other of the same instant", async () => {
    const login = newLogin({});
    const requests = new Set();
    for (let count = 0; count < 100; count += 1) requests.add((await login.request()).jti);
    assert.equal(requests.size, 100);
  });

  test("comes back to the custom domain that the login began on", async () => {
    const login = newLogin({ hostname: "login.acme.test" });
    assert.equal((await login.request()).continue_uri, "https://login.acme.test/continue");
  });

  const hints = [
    [{ email: "jane.doe@acme.com" }, "j•••@acme.com"],
    [{ email: "j@acme.com" }, "j•••@acme.com"],
    [{ email: "𝒿ane@acme.com" }, "𝒿•••@acme.com"],
    [{ email: '"a@b"@acme.com' }, '"•••@acme.com'],
    [{ email: "jane@acme.com", username: "jdoe", phone_number: "+4915112345667" }, "j•••@acme.com"],
    [{ email: "@acme.com" }, undefined],
    [{ email: "jane@" }, undefined],
    [{ email: "jane" }, undefined],
    [{ email: 7, username: {}, phone_number: 4915112345667 }, undefined],
    [{ username: "jdoe" }, "j•••"],
    [{ username: "élodie", phone_number: "+4915112345667" }, "é•••"],
    [{ username: "jane@acme.com" }, "j•••"],
    [{ phone_number: "+4915112345667" }, "+•••67"],
    [{ phone_number: "4915112345667" }, "+•••67"],
    [{ phone_number: "+667" }, undefined],
    [{ name: "Jane Doe", nickname: "jane" }, undefined],
    [{ email: `jane@${"a".repeat(115)}.c` }, `j•••@${"a".repeat(115)}.c`],
    [{ email: `jane@${"a".repeat(116)}.c`, username: "jdoe" }, "j•••"],
    [{ email: "jane@acme\n.com", username: "\u202ejdoe", phone_number: "+4915112345667" }, "+•••67"],
    [{ email: "\ud800@acme.com" }, undefined],
    [{}, undefined],
  ];
  for (const [user, hint] of hints) {
    test(`hints at ${JSON.stringify(user).slice(0, 70)} as ${hint?.slice(0, 30)}`, async () => {
      assert.equal((await newLogin({ user: { email: undefined, ...user } }).request()).account_hint, hint);
    });
  }

  const locales = [
    [undefined, undefined], [null, undefined], [[], undefined], [["de"], "de"], [["de-AT", "en"], "de-AT en"], ["fr en", "fr en"],
    [["<b>", "\ud800", "pt_BR"], "b  pt_BR"], [Array(60).fill("de"), "de ".repeat(34).slice(0, 100)],
  ];
  for (const [ui_locales, expected] of locales) {
    test(`asks for the languages ${JSON.stringify(ui_locales)?.slice(0, 40)} as ${expected}`, async () => {
      assert.equal((await newLogin({ ui_locales }).request()).ui_locales, expected);
    });
  }
});

describe("a result", () => {
  const statuses = {
    failed: "failed", pending: "pending", canceled: "canceled", expired: "expired",
    valid: "failed", skipped: "failed", SUCCESS: "failed", "": "failed",
  };
  for (const [status, claim] of [...Object.entries(statuses), [["success"], "failed"], [true, "failed"], [undefined, "failed"]]) {
    test(`of status ${JSON.stringify(status)} is no success`, async () => {
      const before = { id: "idv-0", last_check: NOW - DAY, note: "kept" };
      const login = newLogin({ user: checked(before) });
      await login.arrive();
      assert.deepEqual(await login.comeBack({ status, last_check: NOW }), claims({ status: claim, "last-check": NOW - DAY, id: "idv-1" }));
      assert.deepEqual(login.user.app_metadata, { id_verification: { ...before, id: "idv-1" } });

      const required = newLogin({ client: REQUIRED, user: checked(before) });
      await required.arrive();
      assert.deepEqual(await required.comeBack({ status, last_check: NOW }), { denied: "idv_verification_failed" });
      assert.deepEqual(required.user.app_metadata, { id_verification: before });
    });
  }

  const times = [
    // claims of the result                       last check
    [{ last_check: NOW - 9 },                     NOW - 9],
    [{ last_check: NOW - 9, iat: NOW - 5 * DAY }, NOW - 9],
    [{ iat: NOW - 5 * DAY },                      NOW - 5 * DAY],
    [{ last_check: String(NOW), iat: NOW - 5 },   NOW - 5],
    [{ last_check: NOW + 60 },                    NOW + 60],
    [{ last_check: NOW + 61, iat: NOW - 5 },      NOW - 5],
    [{ last_check: NOW * 1000, iat: NOW + 61 },   undefined],
  ];
  for (const [result, last_check] of times) {
    test(`with ${JSON.stringify(result)} tells of a check at ${last_check}`, async () => {
      const login = newLogin({ user: { app_metadata: { plan: "gold", id_verification: { note: "kept" } } } });
      await login.arrive();
      const known = last_check && { last_check };
      const told = { status: "valid", ...(known && { "last-check": last_check }), id: "idv-1" };
      assert.deepEqual(await login.comeBack(result), claims(told));
      assert.deepEqual(login.user.app_metadata, { plan: "gold", id_verification: { note: "kept", id: "idv-1", ...known } });
    });
  }

  for (const idv_id of [undefined, null, "", 7, ["idv-1"]]) {
    test(`with the idv_id ${JSON.stringify(idv_id)} leaves the stored one`, async () => {
      const login = newLogin({ user: checked({ id: "idv-0" }) });
      await login.arrive();
      assert.deepEqual(await login.comeBack({ idv_id }), claims({ status: "valid", "last-check": NOW, id: "idv-0" }));
      assert.deepEqual(login.user.app_metadata, { id_verification: { id: "idv-0", last_check: NOW } });
    });
  }

  test("without any id is a check all the same", async () => {
    const login = newLogin({});
    await login.arrive();
    assert.deepEqual(await login.comeBack({ idv_id: undefined }), claims({ status: "valid", "last-check": NOW }));
    assert.deepEqual(login.user.app_metadata, { id_verification: { last_check: NOW } });
  });

  const refused = {
    "another issuer": { iss: "evil.example" },
    "the tenant as issuer": { iss: DOMAIN },
    "no issuer": { iss: undefined },
    "another user": { sub: "auth0|other" },
    "no subject": { sub: undefined },
    "an empty subject": { sub: "" },
    "the idv_id as subject": { sub: "idv-1" },
    "another login's state": { state: "other" },
    "no state": { state: undefined },
    "no time": { iat: undefined },
    "no expiry": { exp: undefined },
    "an expiry that is now": { exp: NOW },
    "another secret": [{}, `${SECRET}!`],
    "another algorithm": [{}, SECRET, { algorithm: "HS512" }],
    "no signature": [{}, "", { algorithm: "none" }],
    "another type": [{}, SECRET, { header: { typ: "at+jwt" } }],
  };
  for (const [name, result] of Object.entries(refused)) {
    test(`with ${name} is refused`, async () => {
      for (const [client, outcome] of [[{}, claims({ status: "failed" })], [REQUIRED, { denied: "idv_verification_failed" }]]) {
        const login = newLogin({ client });
        await login.arrive();
        assert.deepEqual(await login.comeBack(...[result].flat()), outcome);
        assert.equal(login.user.app_metadata, undefined);
        assert.equal(login.auth0.log.length, 1);
        assert.match(login.auth0.log[0], /^idv: result refused: /);
        assert.ok(!login.auth0.log[0].includes(SECRET));
      }
    });
  }

  const quoted = "\u001b]0;x\u0007\n\u202ejane";
  const tokens = ["", "a.b.c", "x".repeat(5000), `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(quoted)}.x`];
  for (const token of tokens) {
    test(`that is no token leaves a line of ASCII: ${token.slice(0, 50)}`, async () => {
      const login = newLogin({});
      await login.arrive();
      const query = new URLSearchParams({ state: login.state, token });
      assert.deepEqual(await login.resume({ method: "GET", url: `https://${DOMAIN}/continue?${query}` }), claims({ status: "failed" }));
      assert.equal(login.auth0.log.length, 1);
      assert.match(login.auth0.log[0], /^idv: result refused: [ -~]{1,200}$/);
    });
  }

  test("counts in the body of a POST too", async () => {
    const login = newLogin({});
    await login.arrive();
    const body = new URLSearchParams({ token: login.result({}) }).toString();
    const outcome = await login.resume({ method: "POST", url: `https://${DOMAIN}/continue?state=${login.state}`, body });
    assert.deepEqual(outcome, claims({ status: "valid", "last-check": NOW, id: "idv-1" }));
  });
});

describe("the way back", () => {
  const ways = {
    "within the hour": [(login) => login.wait(3599), claims({ status: "valid", "last-check": NOW, id: "idv-1" })],
    "after an hour": [(login) => login.wait(3600), { errorPage: "expired" }],
    "a second time": [(login) => login.comeBack({}), { errorPage: "invalid_request" }],
    "from another browser": [(login) => (login.browser = new Browser()), { errorPage: "invalid_request" }],
    "to another host": [(login) => (login.hostname = "login.acme.test"), { errorPage: "invalid_request" }],
    "with a state of one's own": [(login) => (login.state = "made-up"), { errorPage: "invalid_request" }],
  };
  for (const [name, [change, outcome]] of Object.entries(ways)) {
    test(`taken ${name} ends as Auth0 has it`, async () => {
      const login = newLogin({});
      await login.arrive();
      await change(login);
      assert.deepEqual(await login.comeBack({ exp: NOW + DAY }), outcome);
    });
  }
});

function base64url(text) {
  return Buffer.from(text).toString("base64url");
}
