// What idv does, as nearly everybody would write it in Node: express, jsonwebtoken and better-sqlite3.
//
//     node server.mjs written|tuned CERTIFICATE PRIVATE_KEY SECRET DATABASE TENANT
//
// Less than idv does, in Node's favour: one tenant, any desk code is taken, no page, no security headers, no log. It
// serves on a free port of loopback, names the address in one line on stdout, and ends when stdin does.

import Database from "better-sqlite3";
import cookies from "cookie-parser";
import express from "express";
import jwt from "jsonwebtoken";
import { createSecretKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [form, certificate, privateKey, secretFile, databaseFile, tenant] = process.argv.slice(2);

const FORMS = {
  // jsonwebtoken reads the text as a PEM key at each call, and takes it for a secret when that has failed.
  written: {
    key: (secret) => secret,
    statement: (sql) => () => database.prepare(sql),
    redirect: (response, target) => response.redirect(303, target),
    tls: {},
  },
  // What does not change is made once, a redirect has no body, and TLS is set as in all servers of the benchmark.
  tuned: {
    key: (secret) => createSecretKey(secret, "utf8"),
    statement: (sql) => {
      const kept = database.prepare(sql);
      return () => kept;
    },
    redirect: (response, target) => response.writeHead(303, { Location: target }).end(),
    tls: {
      ciphers: "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
      honorCipherOrder: true,
    },
  },
};
const { key: made, statement, redirect, tls } = FORMS[form];

const COOKIE = "__Host-session";
const SESSION_SECS = 3600;
const RESULT_SECS = 300;
const key = made(readFileSync(secretFile, "utf8"));

const database = new Database(databaseFile);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL"); // A commit is on disk before it is answered.
database.exec(`
  CREATE TABLE IF NOT EXISTS subject (name TEXT PRIMARY KEY, id TEXT NOT NULL, last_check INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS used_token (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);
`);
const find = statement("SELECT id, last_check FROM subject WHERE name = ?");
const useUp = statement("INSERT INTO used_token (jti, expires_at) VALUES (?, ?)");
const save = statement(`
  INSERT INTO subject (name, id, last_check) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET last_check = excluded.last_check RETURNING id
`);
const complete = database.transaction(({ jti, sub, exp }, now) => {
  useUp().run(jti, exp); // Fails for a token that is used up.
  return save().get(sub, randomUUID(), now).id;
});

const app = express();
app.disable("x-powered-by");

app.get("/id-verification", (request, response) => {
  const { sub, jti } = jwt.verify(request.query.token, key, { algorithms: ["HS256"], issuer: tenant });
  const known = find().get(sub);
  const session = { sub, jti, state: request.query.state, last_check: known?.last_check };
  const token = jwt.sign(session, key, { algorithm: "HS256", issuer: "session", expiresIn: SESSION_SECS });
  response.cookie(COOKIE, token, { httpOnly: true, secure: true, sameSite: "lax", maxAge: SESSION_SECS * 1000 });
  response.set("Cache-Control", "no-store");
  redirect(response, `/session/${jti}`);
});

app.post("/session/:id/desk", cookies(), express.urlencoded({ extended: false }), (request, response) => {
  const session = jwt.verify(request.cookies[COOKIE], key, { algorithms: ["HS256"], issuer: "session" });
  const now = Math.floor(Date.now() / 1000);
  const result = { sub: session.sub, state: session.state, status: "valid", last_check: now };
  result.id = complete(session, now);
  const token = jwt.sign(result, key, { algorithm: "HS256", issuer: "idv", expiresIn: RESULT_SECS });
  response.set("Cache-Control", "no-store");
  redirect(response, `https://${tenant}/continue?${new URLSearchParams({ state: session.state, token })}`);
});

app.use((error, _request, response, _next) => response.status(400).send("The request is refused."));

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(privateKey), ...tls }, app);
server.keepAliveTimeout = 300_000; // As long as in all servers of the benchmark.
server.listen(0, "127.0.0.1", 1024, () => console.log(`127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => process.exit());
