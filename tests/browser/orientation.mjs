/** Photos as cameras write them that were held eight ways: pixels lie as the sensor has them, and a tag says how to turn them. */

/** Where the pixel of the upright photo is that lies at x, y of the file, by the tag's value; w and h are upright. */
const MAPS = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, w) => [w - 1 - y, x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w, h) => [y, h - 1 - x],
};
export const ORIENTATIONS = Object.keys(MAPS).map(Number);

/** @returns `jpeg`, scaled to width and height, as a camera writes it that was held this way */
export async function held(page, jpeg, orientation, width, height) {
  const how = { map: `${MAPS[orientation]}`, isTurned: orientation > 4, width, height };
  const base64 = await page.evaluate(draw, { jpeg: jpeg.toString("base64"), ...how });
  return tagged(Buffer.from(base64, "base64"), orientation);
}

async function draw({ jpeg, map, isTurned, width, height }) {
  const at = new Function(`return ${map}`)();
  const canvas = (w, h) => Object.assign(document.createElement("canvas"), { width: w, height: h });
  const image = Object.assign(new Image(), { src: `data:image/jpeg;base64,${jpeg}` });
  await image.decode();
  const upright = canvas(width, height).getContext("2d");
  upright.drawImage(image, 0, 0, width, height);
  const from = new Uint32Array(upright.getImageData(0, 0, width, height).data.buffer);
  const [w, h] = isTurned ? [height, width] : [width, height];
  const file = canvas(w, h);
  const to = new Uint32Array(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const [across, down] = at(x, y, width, height);
      to[y * w + x] = from[down * width + across];
    }
  }
  file.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(to.buffer), w, h), 0, 0);
  return file.toDataURL("image/jpeg", 0.95).split(",")[1];
}

/** `jpeg` with the tag Orientation in its first directory of Exif. */
function tagged(jpeg, orientation) {
  const tiff = Buffer.from("4949" + "2a00" + "08000000" + "0100" + "1201" + "0300" + "01000000" + `0${orientation}000000` + "00000000", "hex");
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([head, exif, jpeg.subarray(2)]);
}

/** The same without it. */
export const untagged = (jpeg) => Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(4 + jpeg.readUInt16BE(4))]);

/** @returns the size of `jpeg`, and how far its pixels are from those of `upright`, in parts of 255 on average */
export function compare(page, jpeg, upright) {
  return page.evaluate(async (both) => {
    const pixels = await Promise.all(both.map(async (base64) => {
      const image = Object.assign(new Image(), { src: `data:image/jpeg;base64,${base64}` });
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, canvas.width, canvas.height);
    }));
    const [one, other] = pixels;
    const sum = one.data.reduce((total, part, at) => total + Math.abs(part - (other.data[at] ?? 255)), 0);
    return { width: one.width, height: one.height, distance: sum / one.data.length };
  }, [jpeg, upright].map((file) => file.toString("base64")));
}
