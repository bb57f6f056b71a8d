/** A second reader of QR codes: ZXing's, in WebAssembly. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const WASM = fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));

/** @returns what the code says that the picture shows, a PNG */
export async function readCode(png) {
  // Without that it would be asked for on the network.
  await prepareZXingModule({ overrides: { wasmBinary: (await readFile(WASM)).buffer }, fireImmediately: true });
  const codes = await readBarcodes(png, { formats: ["QRCode"] });
  assert.equal(codes.length, 1, "there is one code");
  return codes[0].text;
}
