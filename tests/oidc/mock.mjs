/** PyPI's oidc-provider-mock on free ports of loopback. It speaks HTTP; its TLS ends here. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { createServer as createHttp, request as forward } from "node:http";
import { createServer } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { certificate } from "./certificate.mjs";

const PROGRAM = fileURLToPath(new URL("../../target/oidc/bin/oidc-provider-mock", import.meta.url));
const PATIENCE = 30_000; // milliseconds to start

/** @returns { issuer, ca, said, stop() }: whoever comes types who they are, any client with any secret may ask */
export async function startMock() {
  await access(PROGRAM);
  const port = await freePort();
  const program = spawn(PROGRAM, ["--port", String(port), "--require-nonce", "true"], { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => program.kill("SIGKILL");
  process.once("exit", kill); // it does not outlive a test run that is broken off
  const said = [];
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => said.push(String(text)));
  const { key, cert, ca } = await certificate();
  const server = createServer({ key, cert }, (request, response) => pass(port, request, response)).listen(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), ready(port, program, said)]);
  return {
    issuer: `https://localhost:${server.address().port}`,
    ca,
    said,
    async stop() {
      server.closeAllConnections();
      server.close();
      const ended = once(program, "exit");
      kill();
      await ended;
      process.off("exit", kill);
    },
  };
}

/** It takes its issuer from the host that it is asked for, and from how it was asked by a proxy of this machine. */
function pass(port, request, response) {
  const { method, url: path, headers } = request;
  const options = { host: "127.0.0.1", port, method, path, headers: { ...headers, "x-forwarded-proto": "https" } };
  const onward = forward(options, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

async function ready(port, program, said) {
  for (const end = Date.now() + PATIENCE; Date.now() < end && program.exitCode === null; await pause(100)) {
    if ((await fetch(`http://127.0.0.1:${port}/jwks`).catch(() => ({}))).ok) return;
  }
  throw new Error(`oidc-provider-mock is not there\n${said.join("")}`);
}

async function freePort() {
  const server = createHttp().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
