/** A certificate for localhost, of an authority made for it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PATIENCE = 30_000; // milliseconds for a command

/** @returns { key, cert, ca }, in PEM */
export async function certificate() {
  const folder = await mkdtemp(join(tmpdir(), "idv-oidc-"));
  const file = (name) => join(folder, name);
  const openssl = (...words) => run("openssl", words, { cwd: folder, timeout: PATIENCE });
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  try {
    await openssl("req", "-x509", ...kind, "-subj", "/CN=Authority of the peers", "-keyout", "ca.key", "-out", "ca.pem");
    const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
    await openssl("req", "-x509", ...kind, ...name, "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "key.pem", "-out", "certificate.pem");
    const [key, cert, ca] = await Promise.all(["key.pem", "certificate.pem", "ca.pem"].map((name) => readFile(file(name), "utf8")));
    return { key, cert, ca };
  } finally {
    await rm(folder, { recursive: true });
  }
}
