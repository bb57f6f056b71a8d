//! The engine and its faults: runs batches of work in one durable transaction each, and comes back by itself from whatever
//! a disk does.
//!
//! redb refuses everything after an error of the disk until the file is opened anew. So a failed transaction is followed
//! by that. Nothing in it was acknowledged: everyone in it is told to try again. It may stand all the same, where only the
//! last word of the disk was lost, and then the next try finds it done. Where the disk takes no writes, look-ups go on
//! from what it holds.
//!
//! A large store is had twice after a clean end: for look-ups, as it was left, and meanwhile to be looked through as any
//! other. Nothing is written before that has ended, so both are the same store.

use std::sync::Arc;

use redb::{Database, StorageBackend};

use super::codec::Codec;
use super::contained::{contained, is_damage};
use super::medium::Medium;
use super::opened::{self, Opened, Work, touch};
use super::opening::Opening;
use super::overlay::Overlay;
use super::progress::{Progress, broke_off};
use super::snapshot::Published;
use super::tables::Snapshot;
use crate::ops::clock::Stopwatch;
use crate::ops::count;
use crate::ops::report::Report;

/// The room that a transaction may need beside its work, and for each work: a path of four fresh pages to each of eight
/// records, as where a session that has acted ends by a check and binds another identity than before.
/// A transaction that could meet the end of the disk is not begun, so that a full disk interrupts no look-up.
const ROOM: u64 = 256 * 1024;
const ROOM_PER_WORK: u64 = 128 * 1024;
/// The room from which a disk that was full is full no longer: that for one work twice, so that what others write beside
/// the store does not make it the one and the other again and again.
const ROOM_AGAIN: u64 = 2 * (ROOM + ROOM_PER_WORK);

/// What can be done at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Look-ups, of what a clean end left. Not every page of it was looked at yet.
    Unexamined,
    /// Everything.
    Sound,
    /// Look-ups. There is no room for a transaction.
    Full,
    /// Look-ups, if the medium can be read. It failed a transaction.
    Failed,
    /// Nothing. The bytes are not what was written, and only a backup helps.
    Damaged,
}

/// The engine on one medium. It tells whoever looks something up through `published`.
pub(super) struct Engine<M> {
    /// Closed before the medium, which others may have then.
    opened: Option<Opened>,
    medium: M,
    codec: Codec,
    published: Arc<Published>,
    progress: Arc<Progress>,
    cache: usize,
    standing: Standing,
}

impl<M: Medium> Engine<M> {
    /// Opens the database on `medium` for look-ups alone, if that is as long as `opening` has it, and a clean end left it.
    /// It is to be [examined](Self::examine).
    pub(super) fn open_unexamined(
        medium: M,
        codec: Codec,
        opening: Opening,
        published: Arc<Published>,
        progress: Arc<Progress>,
    ) -> Result<Self, M> {
        let Some(snapshot) = unexamined(&medium, &codec, opening) else { return Err(medium) };
        Report::StoreUnexamined.tell();
        published.publish_unexamined(snapshot);
        published.set_writable(true);
        let (cache, standing) = (opening.cache, Standing::Unexamined);
        Ok(Self { opened: None, medium, codec, published, progress, cache, standing })
    }

    /// Opens the database on `medium`, with every page checked. Its tables are read by `recognise` first.
    pub(super) fn open<E: From<redb::Error>>(
        medium: M,
        codec: Codec,
        opening: Opening,
        published: Arc<Published>,
        progress: Arc<Progress>,
        recognise: impl FnOnce(&Database, &Codec) -> Result<(), E>,
    ) -> Result<Self, E> {
        let cache = opening.cache;
        let (opened, snapshot) = contained(|| {
            let opened = opened::open(medium.open()?, &codec, cache, &progress)?;
            if let Err(error) = recognise(&opened.database, &codec) {
                return Ok(Err(error));
            }
            let snapshot = Snapshot::take(&opened.database, &codec)?;
            Ok(Ok((opened, snapshot)))
        })??;
        published.publish(snapshot);
        published.set_writable(true);
        Ok(Self { opened: Some(opened), medium, codec, published, progress, cache, standing: Standing::Sound })
    }

    /// What can be done at present.
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Looks at every page, if that was not done yet, while look-ups go on. What is to be done waits for it.
    pub(super) fn examine(&mut self) {
        if self.standing == Standing::Unexamined {
            self.settle(contained(|| self.with_snapshot(self.open_to_write()?)));
        }
    }

    /// Runs `batch` in one transaction and answers everyone in it.
    pub(super) fn commit(&mut self, batch: Vec<Work>) {
        if self.published.is_doubted() && self.standing != Standing::Damaged {
            self.stand(Standing::Failed);
            self.mend();
        }
        let mut batch = batch;
        while !batch.is_empty() {
            let works = self.works_at_once();
            if works == 0 {
                // Dropping the work tells everyone to try again. Of that, nothing happened.
                return;
            }
            let rest = batch.split_off(works.min(batch.len()));
            self.commit_at_once(batch);
            batch = rest;
        }
    }

    /// Runs `batch`, for which there is room, in one transaction.
    fn commit_at_once(&mut self, batch: Vec<Work>) {
        let Some(opened) = &self.opened else { return };
        let (works, since) = (batch.len(), Stopwatch::start());
        match contained(|| opened.transact(batch)) {
            Ok(committed) => {
                if let Some(snapshot) = committed.snapshot {
                    count::commit(works, &since);
                    self.published.publish(snapshot);
                }
                for reply in committed.replies {
                    reply(true);
                }
                if committed.leaves_traces {
                    self.renew();
                }
            }
            Err(error) => {
                Report::NotCommitted(&error).tell();
                self.stand(Standing::Failed);
                self.mend();
            }
        }
    }

    /// Takes the store to another file where somebody was erased, and that was not done yet: it broke off, or came of a
    /// restore.
    pub(super) fn remove_traces(&mut self) {
        let has_traces = |snapshot: &Snapshot| snapshot.has_traces();
        if self.standing == Standing::Sound && self.published.ask(has_traces).unwrap_or_default() {
            self.renew();
        }
    }

    /// Goes on with a file that never held what was erased. Look-ups go on meanwhile, and what is to be done waits.
    fn renew(&mut self) {
        match contained(|| self.renewed()) {
            Ok(Some((opened, snapshot))) => self.publish(opened, snapshot),
            Ok(None) => {}
            // Nobody waits for it any more.
            Err(error) if broke_off(&error) => {}
            Err(error) => Report::TracesLeft(&error).tell(),
        }
    }

    /// The store in another file, which has the name of the one before; none on a medium that stays what it is.
    fn renewed(&self) -> Result<Option<(Opened, Snapshot)>, redb::Error> {
        let Some(opened) = &self.opened else { return Ok(None) };
        if self.room() < opened.length()? {
            return Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into());
        }
        let snapshot = Snapshot::take(&opened.database, &self.codec)?;
        let Some(backend) = self.medium.anew()? else { return Ok(None) };
        let renewed = opened::open(backend, &self.codec, self.cache, &self.progress)?;
        renewed.take_over(&snapshot, &self.progress)?;
        self.medium.replace()?;
        self.with_snapshot(renewed).map(Some)
    }

    /// Tries whether more can be done than at present.
    pub(super) fn mend(&mut self) {
        match self.standing {
            Standing::Full => {
                self.works_at_once();
            }
            Standing::Failed => self.reopen(),
            Standing::Unexamined | Standing::Sound | Standing::Damaged => {}
        }
    }

    /// How many works have room in one transaction; none where the store takes no changes.
    fn works_at_once(&mut self) -> usize {
        let room = self.room();
        match self.standing {
            Standing::Sound if room < ROOM + ROOM_PER_WORK => self.stand(Standing::Full),
            Standing::Full if room >= ROOM_AGAIN => self.stand(Standing::Sound),
            _ => {}
        }
        let works = room.saturating_sub(ROOM) / ROOM_PER_WORK;
        if self.standing == Standing::Sound { usize::try_from(works).unwrap_or(usize::MAX) } else { 0 }
    }

    /// Where the system does not tell, writing will.
    fn room(&self) -> u64 {
        self.medium.room().unwrap_or(u64::MAX)
    }

    fn reopen(&mut self) {
        // The old database holds the lock. Until there is another, its snapshot answers as far as its cache goes.
        let old = self.opened.take();
        let _ = contained(|| {
            drop(old);
            Ok(())
        });
        let opened = contained(|| {
            let opened = self.open_to_write()?;
            // It takes a transaction.
            opened.transact(vec![touch()])?;
            self.with_snapshot(opened)
        });
        self.settle(opened);
    }

    /// Goes on with what was opened, or with what can be done without.
    fn settle(&mut self, opened: Result<(Opened, Snapshot), redb::Error>) {
        match opened {
            Ok((opened, snapshot)) => {
                self.publish(opened, snapshot);
                self.stand(Standing::Sound);
            }
            Err(error) if is_damage(&error) => {
                Report::StoreDamaged(&error).tell();
                self.published.give_up();
                self.stand(Standing::Damaged);
            }
            // Nobody waits for it any more.
            Err(error) if broke_off(&error) => {}
            Err(error) => {
                Report::StoreTakesNoChanges(&error).tell();
                self.stand(Standing::Failed);
                match contained(|| self.with_snapshot(self.open_to_read()?)) {
                    Ok((opened, snapshot)) => self.publish(opened, snapshot),
                    Err(error) => {
                        Report::StoreNotReadable(&error).tell();
                        self.published.withdraw();
                    }
                }
            }
        }
    }

    fn open_to_write(&self) -> Result<Opened, redb::Error> {
        opened::open(self.medium.open()?, &self.codec, self.cache, &self.progress)
    }

    fn open_to_read(&self) -> Result<Opened, redb::Error> {
        opened::open(Overlay::new(self.medium.open_to_read()?)?, &self.codec, self.cache, &self.progress)
    }

    fn with_snapshot(&self, opened: Opened) -> Result<(Opened, Snapshot), redb::Error> {
        let snapshot = Snapshot::take(&opened.database, &self.codec)?;
        Ok((opened, snapshot))
    }

    fn publish(&mut self, opened: Opened, snapshot: Snapshot) {
        self.published.publish(snapshot);
        self.opened = Some(opened);
    }

    fn stand(&mut self, standing: Standing) {
        if standing != self.standing {
            match standing {
                Standing::Sound if self.standing == Standing::Unexamined => Report::StoreWhole.tell(),
                Standing::Sound => Report::StoreTakesChanges.tell(),
                Standing::Full => Report::DiskFull.tell(),
                // Told where the cause is known.
                Standing::Unexamined | Standing::Failed | Standing::Damaged => {}
            }
        }
        self.standing = standing;
        self.published.set_writable(standing == Standing::Sound);
    }
}

/// What is on `medium`, if `opening` has it served before it is looked at.
fn unexamined(medium: &impl Medium, codec: &Codec, opening: Opening) -> Option<Snapshot> {
    let below = medium.open_to_read().ok()?;
    let is_long = below.len().is_ok_and(|length| length > opening.looked_through_first);
    if is_long { opened::as_it_was_left(Overlay::new(below).ok()?, codec) } else { None }
}
