//! What may be decoded, and what of it a decoder is shown: the gate walks the markers of a JPEG (ITU-T T.81, annex B) and
//! counts every block of its scans, before a pixel is made or memory for one is taken.
//!
//! A decoder of photos is built to show something of whatever it gets: half a picture, or noise where the header claims more
//! than there is. So each scan must hold the blocks that its header claims, all of them, and a progressive picture all of
//! its bits. The decoder then gets tables, frame, restart interval and scans, to the last bit that counts. Descriptions,
//! places, thumbnails, comments, what stands between markers and all that follows the end stay behind.

use std::ops::RangeInclusive;

use memchr::memchr;
use zeroize::Zeroizing;

use self::frame::{Coding, Frame};
use self::scan::{Scan, Scans};
use super::{Kind, Refused};

mod bits;
mod frame;
mod huffman;
mod orientation;
mod scan;

/// How long each side of a photo may be, in pixels.
pub const SIDES: RangeInclusive<u16> = 600..=12_000;
/// The most pixels of a picture. Sensors that are sold as of 50 megapixels have up to 8192 × 6144.
pub const PIXELS: usize = 50 << 20;
/// The same where the decoder holds the whole picture twice: a progressive one, or one that has its colours in scans apart.
pub const PIXELS_HELD: usize = 25 << 20;
/// The most that decoding may take, in bytes.
pub const MEMORY: usize = 192 << 20;
/// The most pixels for each byte. A grey wall has 64, a progressive one 170.
const PIXELS_PER_BYTE: usize = 256;
/// The most scans. Cameras make one, progressive encoders some ten.
const SCANS: u8 = 64;

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const APP14: u8 = 0xee;
/// Adobe's marker, which alone says that the colours are red, green and blue as they are.
const ADOBE_RGB: &[u8] = b"Adobe\0\x64\0\0\0\0\0";

/// An upload that may be decoded.
pub struct Admitted {
    /// What a decoder needs of it.
    pub clean: Zeroizing<Vec<u8>>,
    /// In pixels, as it lies in the file.
    pub width: u16,
    /// In pixels, as it lies in the file.
    pub height: u16,
    /// Whether it has colours, rather than brightness alone.
    pub has_colours: bool,
    /// How it is to be turned: EXIF's Orientation, 1 to 8.
    pub orientation: u8,
    /// The most that developing it takes beside the upload, in bytes: at most [`MEMORY`].
    pub memory: usize,
}

/// Walks `upload` to its end. Of a photo the `sides` are [`SIDES`].
pub fn admit(upload: &[u8], sides: &RangeInclusive<u16>) -> Result<Admitted, Refused> {
    match Kind::of(upload) {
        Kind::Jpeg => Walk::new(upload, sides).finish(),
        other => Err(Refused::NotJpeg(other)),
    }
}

struct Walk<'a> {
    upload: &'a [u8],
    sides: &'a RangeInclusive<u16>,
    at: usize,
    clean: Zeroizing<Vec<u8>>,
    orientation: Option<u8>,
    /// Whether Adobe's marker says that the colours are red, green and blue as they are.
    is_rgb: bool,
    frame: Option<Frame>,
    scans: Scans,
    counted: u8,
}

impl<'a> Walk<'a> {
    fn new(upload: &'a [u8], sides: &'a RangeInclusive<u16>) -> Self {
        // Never grown, which would leave what it held behind.
        let mut clean = Zeroizing::new(Vec::with_capacity(upload.len()));
        clean.extend([0xff, SOI]);
        let scans = Scans::default();
        Self { upload, sides, at: 2, clean, orientation: None, is_rgb: false, frame: None, scans, counted: 0 }
    }

    fn finish(mut self) -> Result<Admitted, Refused> {
        loop {
            match self.marker()? {
                EOI => break,
                // Without content: a restart that belongs to nothing, and the arithmetic coder's private use.
                0x01 | 0xd0..=0xd7 => {}
                SOI => return Err(Refused::Incomplete),
                marker => {
                    let content = self.content()?;
                    self.segment(marker, content)?;
                }
            }
        }
        self.clean.extend([0xff, EOI]);
        let frame = self.frame.ok_or(Refused::Incomplete)?;
        if !self.scans.are_complete() {
            return Err(Refused::Incomplete);
        }
        Ok(Admitted {
            width: frame.width,
            height: frame.height,
            has_colours: frame.components.len() == 3,
            orientation: self.orientation.unwrap_or(1),
            memory: frame.memory(self.upload.len()),
            clean: self.clean,
        })
    }

    /// The next marker. What stands before it is nothing: some cameras leave a few bytes there.
    fn marker(&mut self) -> Result<u8, Refused> {
        loop {
            let rest = self.upload.get(self.at..).ok_or(Refused::Incomplete)?;
            self.at += memchr(0xff, rest).ok_or(Refused::Incomplete)? + 1;
            match self.upload.get(self.at) {
                // None, but another may begin there.
                Some(0xff | 0) => {}
                Some(&marker) => {
                    self.at += 1;
                    return Ok(marker);
                }
                None => return Err(Refused::Incomplete),
            }
        }
    }

    /// What the segment here holds, its length left out.
    fn content(&mut self) -> Result<&'a [u8], Refused> {
        let rest = &self.upload[self.at..];
        let [high, low, ..] = *rest else { return Err(Refused::Incomplete) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let content = rest.get(2..length).ok_or(Refused::Incomplete)?;
        self.at += length;
        Ok(content)
    }

    fn segment(&mut self, marker: u8, content: &'a [u8]) -> Result<(), Refused> {
        match marker {
            0xc0..=0xc2 => {
                let coding = if marker == 0xc2 { Coding::Progressive } else { Coding::Sequential };
                let frame = Frame::read(coding, content)?;
                frame.check(self.sides, self.upload.len())?;
                self.scans.begin(&frame);
                if self.frame.replace(frame).is_some() {
                    return Err(Refused::Incomplete);
                }
            }
            0xc4 => self.scans.define_tables(content)?,
            // Lossless, hierarchical and arithmetic coding, and lines that are counted afterwards.
            0xc3 | 0xc5..=0xcf | 0xdc | 0xde | 0xdf => return Err(Refused::NotAPhoto),
            0xda => return self.scan(content),
            0xdb => {}
            0xdd => self.scans.set_interval(content)?,
            0xe1 => {
                self.orientation = self.orientation.or_else(|| orientation::read(content));
                return Ok(());
            }
            APP14 => {
                self.is_rgb |= content.starts_with(b"Adobe") && content.get(11) == Some(&0);
                return Ok(());
            }
            _ => return Ok(()),
        }
        self.keep(marker, content);
        Ok(())
    }

    fn scan(&mut self, content: &[u8]) -> Result<(), Refused> {
        let frame = self.frame.as_mut().ok_or(Refused::Incomplete)?;
        self.counted += 1;
        if self.counted > SCANS {
            return Err(Refused::NotAPhoto);
        }
        let scan = Scan::read(frame, content)?;
        frame.hold_for(&scan);
        frame.check(self.sides, self.upload.len())?;
        let end = self.scans.walk(frame, &scan, self.upload, self.at)?;
        let is_rgb = self.is_rgb && self.counted == 1 && frame.components.len() == 3;
        let data = &self.upload[self.at..end];
        self.at = end;
        if is_rgb {
            self.keep(APP14, ADOBE_RGB);
        }
        self.keep(0xda, content);
        self.clean.extend_from_slice(data);
        Ok(())
    }

    fn keep(&mut self, marker: u8, content: &[u8]) {
        let length = u16::try_from(content.len() + 2).expect("as it was read");
        self.clean.extend([0xff, marker]);
        self.clean.extend(length.to_be_bytes());
        self.clean.extend_from_slice(content);
    }
}
