//! Where a store lies whose renewals take a step when they are told to, and fail where they are told to.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::{io, mem, thread};

use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use crate::store::master_key::MasterKey;
use crate::store::medium::Medium;

type Image = Arc<InMemoryBackend>;

pub(super) fn key() -> MasterKey {
    MasterKey::new([7; 32])
}

/// What becomes of giving the draft the store's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Replacing {
    #[default]
    Works,
    /// It fails, and the store has its name.
    FailsBefore,
    /// It fails, and the draft has it.
    FailsAfter,
}

#[derive(Clone, Default)]
pub(super) struct Stage(Arc<(Mutex<Scene>, Condvar)>);

#[derive(Default)]
struct Scene {
    store: Image,
    draft: Option<Image>,
    /// How many more steps a renewal may take; any, if there is none.
    allowed: Option<usize>,
    waits: bool,
    /// How many more of them a draft takes, before it takes none.
    sound: Option<usize>,
    has_failed: bool,
    /// How often it was asked how many bytes are free.
    room_asked: usize,
    replacing: Replacing,
    /// The bytes that are free beside a draft.
    room: Option<u64>,
    /// The bytes that the store takes, and those that are free where there is no draft.
    taken: Option<(u64, u64)>,
    drafts: usize,
    /// How often the store was opened.
    opened: usize,
    /// What a draft has that got the store's name, and what of that is on disk whatever happens.
    synced: Image,
    named: Option<Image>,
}

impl Stage {
    /// Lets renewals take so many steps more.
    pub(super) fn allow(&self, steps: usize) {
        let mut scene = self.scene();
        (scene.allowed, scene.waits) = (Some(steps), false);
        self.0.1.notify_all();
    }

    /// Lets renewals take whatever steps they take.
    pub(super) fn release(&self) {
        let mut scene = self.scene();
        (scene.allowed, scene.waits) = (None, false);
        self.0.1.notify_all();
    }

    /// Whether a renewal waits for the next step to be allowed.
    pub(super) fn waits(&self) -> bool {
        self.scene().waits
    }

    /// A draft takes so many steps more, and then none.
    pub(super) fn fail_after(&self, steps: usize) {
        self.scene().sound = Some(steps);
    }

    /// Whether it came to that; from now on every step works.
    pub(super) fn heal(&self) -> bool {
        let mut scene = self.scene();
        scene.sound = None;
        mem::take(&mut scene.has_failed)
    }

    pub(super) fn have_replacing(&self, replacing: Replacing) {
        self.scene().replacing = replacing;
    }

    /// As long as there is a draft, so many bytes are free.
    pub(super) fn leave_room_beside_a_draft(&self, bytes: u64) {
        self.scene().room = Some(bytes);
    }

    /// The store takes so many bytes, and as long as there is no draft, so many are free.
    pub(super) fn take(&self, taken: u64, room: u64) {
        self.scene().taken = Some((taken, room));
    }

    /// How often it was asked how many bytes are free.
    pub(super) fn room_asked(&self) -> usize {
        self.scene().room_asked
    }

    pub(super) fn has_draft(&self) -> bool {
        self.scene().draft.is_some()
    }

    /// How many drafts there were.
    pub(super) fn drafts(&self) -> usize {
        self.scene().drafts
    }

    /// How often the store was opened.
    pub(super) fn opened(&self) -> usize {
        self.scene().opened
    }

    /// What the last draft that got the store's name had on disk by then: what a power cut leaves.
    pub(super) fn cut(&self) -> Option<Self> {
        let stage = Self::default();
        stage.scene().store = self.scene().named.clone()?;
        Some(stage)
    }

    /// Whether the store has these bytes anywhere.
    pub(super) fn holds(&self, bytes: &[u8]) -> bool {
        let store = self.scene().store.clone();
        let mut image = vec![0; usize::try_from(store.len().unwrap()).unwrap()];
        store.read(0, &mut image).unwrap();
        image.windows(bytes.len()).any(|window| window == bytes)
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.0.0.lock().unwrap()
    }

    /// A step, if this is a renewal's thread.
    fn step(&self, is_draft: bool) -> io::Result<()> {
        if thread::current().name() != Some("idv-renewal") {
            return Ok(());
        }
        let is_held = |scene: &mut Scene| {
            let is_held = scene.allowed == Some(0);
            scene.waits |= is_held;
            is_held
        };
        let mut scene = self.0.1.wait_while(self.scene(), is_held).unwrap();
        scene.allowed = scene.allowed.map(|allowed| allowed - 1);
        scene.has_failed |= is_draft && scene.sound == Some(0);
        if is_draft && scene.has_failed {
            return Err(io::Error::other("this step fails"));
        }
        scene.sound = scene.sound.map(|sound| sound - usize::from(is_draft));
        Ok(())
    }

    fn backend(&self, image: &Image, is_draft: bool) -> Backend {
        Backend { stage: self.clone(), image: image.clone(), is_draft }
    }
}

impl Medium for Stage {
    type Backend = Backend;

    fn path(&self) -> &Path {
        Path::new("a stage")
    }

    fn open(&self) -> io::Result<Backend> {
        let mut scene = self.scene();
        scene.opened += 1;
        Ok(self.backend(&scene.store, false))
    }

    fn open_to_read(&self) -> io::Result<Backend> {
        self.open()
    }

    fn room(&self) -> io::Result<u64> {
        let mut scene = self.scene();
        scene.room_asked += 1;
        let room = if scene.draft.is_some() { scene.room } else { scene.taken.map(|(_, room)| room) };
        Ok(room.unwrap_or(u64::MAX))
    }

    fn taken(&self) -> io::Result<u64> {
        Ok(self.scene().taken.map_or(u64::MAX, |(taken, _)| taken))
    }

    fn anew(&self) -> io::Result<Option<Backend>> {
        let draft = Image::default();
        let mut scene = self.scene();
        scene.draft = Some(draft.clone());
        scene.synced = Image::default();
        scene.drafts += 1;
        Ok(Some(self.backend(&draft, true)))
    }

    fn replace(&self) -> io::Result<()> {
        let mut scene = self.scene();
        let replacing = mem::take(&mut scene.replacing);
        if replacing != Replacing::FailsBefore {
            scene.store = scene.draft.take().expect("there is a draft");
            scene.named = Some(mem::take(&mut scene.synced));
        }
        if replacing == Replacing::Works { Ok(()) } else { Err(io::Error::other("it cannot be replaced")) }
    }

    fn forget_new(&self) -> io::Result<bool> {
        Ok(self.scene().draft.take().is_some())
    }
}

fn copy_of(image: &Image) -> io::Result<Image> {
    let (copy, mut bytes) = (Image::default(), vec![0; usize::try_from(image.len()?).unwrap()]);
    image.read(0, &mut bytes)?;
    copy.set_len(image.len()?)?;
    copy.write(0, &bytes)?;
    Ok(copy)
}

pub(super) struct Backend {
    stage: Stage,
    image: Image,
    is_draft: bool,
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Backend")
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.stage.step(self.is_draft)?;
        self.image.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.stage.step(self.is_draft)?;
        self.image.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.stage.step(self.is_draft)?;
        self.image.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.stage.step(self.is_draft)?;
        if self.is_draft {
            let mut scene = self.stage.scene();
            if scene.draft.as_ref().is_some_and(|draft| Arc::ptr_eq(draft, &self.image)) {
                scene.synced = copy_of(&self.image)?;
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.stage.step(self.is_draft)?;
        self.image.write(offset, data)
    }
}
