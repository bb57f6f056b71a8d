//! Pixels: fewer of them, turned upright, and what they are like.

use std::hint::black_box;

/// The least variance of brightness in a picture of something: a deviation of 4 of 255.
const VARIANCE: u64 = 4 * 4;
/// Columns and rows that a difference hash compares: 64 neighbours.
const HASHED: (usize, usize) = (9, 8);

/// Rows of pixels from the top, each from the left. They are wiped when they are dropped.
pub(super) struct Pixels {
    pub(super) bytes: Vec<u8>,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bytes of each: red, green and blue, or brightness alone.
    pub(super) channels: usize,
}

impl Pixels {
    /// The same, with its longer side no longer than `longest`.
    pub(super) fn shrunk(self, longest: usize) -> Self {
        let long = self.width.max(self.height);
        if long <= longest {
            return self;
        }
        let scaled = |side: usize| ((side * longest + long / 2) / long).max(1);
        self.averaged(scaled(self.width), scaled(self.height))
    }

    /// `width` × `height` pixels, no more than there are, each the mean of what it covers.
    fn averaged(&self, width: usize, height: usize) -> Self {
        let stride = self.width * self.channels;
        let columns: Vec<Vec<_>> = (0..width).map(|x| covered(x, self.width, width).collect()).collect();
        let mean = mean_of(self.width * self.height);
        let mut sums = vec![0_u32; stride];
        let mut bytes = Vec::with_capacity(width * height * self.channels);
        for y in 0..height {
            sums.fill(0);
            for (row, weight) in covered(y, self.height, height) {
                let values = &self.bytes[row * stride..][..stride];
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += u32::from(*value) * weight);
            }
            for columns in &columns {
                for channel in 0..self.channels {
                    let weighed = |(column, weight): &(usize, u32)| {
                        u64::from(sums[column * self.channels + channel]) * u64::from(*weight)
                    };
                    bytes.push(mean(columns.iter().map(weighed).sum()));
                }
            }
        }
        Self { bytes, width, height, channels: self.channels }
    }

    /// The picture as it was seen by a camera whose EXIF has `orientation`.
    pub(super) fn upright(self, orientation: u8) -> Self {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let (right, bottom) = (self.width - 1, self.height - 1);
        let (width, height) = if orientation < 5 { (self.width, self.height) } else { (self.height, self.width) };
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for y in 0..height {
            for x in 0..width {
                let (column, row) = match orientation {
                    2 => (right - x, y),
                    3 => (right - x, bottom - y),
                    4 => (x, bottom - y),
                    5 => (y, x),
                    6 => (y, bottom - x),
                    7 => (right - y, bottom - x),
                    _ => (right - y, x),
                };
                bytes.extend_from_slice(&self.bytes[(row * self.width + column) * self.channels..][..self.channels]);
            }
        }
        Self { bytes, width, height, channels: self.channels }
    }

    /// Whether it is of one brightness, but for noise.
    pub(super) fn is_flat(&self) -> bool {
        let (mut count, mut sum, mut squares) = (0, 0, 0);
        for brightness in self.brightness() {
            count += 1;
            sum += u64::from(brightness);
            squares += u64::from(brightness).pow(2);
        }
        count * squares - sum * sum < VARIANCE * count * count
    }

    /// Whether each of 64 places is brighter than its neighbour: much the same for pictures that look much the same.
    pub(super) fn difference_hash(&self) -> u64 {
        let small = self.averaged(HASHED.0, HASHED.1);
        let brightness: Vec<_> = small.brightness().collect();
        let rows = brightness.chunks_exact(HASHED.0).flat_map(|row| row.windows(2));
        rows.fold(0, |hash, pair| hash << 1 | u64::from(pair[0] > pair[1]))
    }

    /// Of each pixel: what it is, or by the weights of ITU-R BT.601.
    fn brightness(&self) -> impl Iterator<Item = u8> + '_ {
        self.bytes.chunks_exact(self.channels).map(|pixel| match *pixel {
            [red, green, blue] => {
                let [.., brightness, _] =
                    (77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue)).to_be_bytes();
                brightness
            }
            _ => pixel[0],
        })
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        // All at once: `zeroize` goes byte by byte, and there are up to 150 million.
        self.bytes.fill(0);
        black_box(&self.bytes);
    }
}

/// Which of `from` places are covered by the one at `position` of `to`, each with its weight; all weights together are `from`.
fn covered(position: usize, from: usize, to: usize) -> impl Iterator<Item = (usize, u32)> {
    let (begin, end) = (position * from, (position + 1) * from);
    (begin / to..end.div_ceil(to)).map(move |place| {
        let weight = end.min((place + 1) * to) - begin.max(place * to);
        (place, u32::try_from(weight).expect("no more than a side"))
    })
}

/// Divides a sum of bytes whose weights together are `weight`, at most 2^27, and rounds: by a multiplication, which is
/// quicker.
fn mean_of(weight: usize) -> impl Fn(u64) -> u8 {
    let weight = weight as u64;
    let inverse = (1 << 55) / weight;
    move |sum| u8::try_from(((sum + weight / 2) * inverse) >> 55).unwrap_or(u8::MAX)
}
