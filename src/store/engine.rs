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
use super::draft::DraftBytes;
use super::medium::Medium;
use super::noted::{Changed, Note};
use super::opened::{self, Held, Opened, Work, touch};
use super::opening::Opening;
use super::overlay::Overlay;
use super::progress::{self, Progress, broke_off};
use super::renew::{GoesOn, Renewals, Wake};
use super::snapshot::Published;
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
pub(super) const ROOM_AGAIN: u64 = 2 * (ROOM + ROOM_PER_WORK);

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
    renewals: Renewals,
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
        let (cache, standing, renewals) = (opening.cache, Standing::Unexamined, Renewals::new(published.clone()));
        Ok(Self { opened: None, medium, codec, published, progress, cache, standing, renewals })
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
        let (cache, standing, renewals) = (opening.cache, Standing::Sound, Renewals::new(published.clone()));
        let (opened, held) = contained(|| {
            let opened = opened::open(medium.open()?, &codec, cache, &progress)?;
            if let Err(error) = recognise(&opened.database, &codec) {
                return Ok(Err(error));
            }
            let held = opened.hold()?;
            Ok(Ok((opened, held)))
        })??;
        published.set_writable(true);
        let mut engine = Self { opened: None, medium, codec, published, progress, cache, standing, renewals };
        engine.publish(opened, held);
        Ok(engine)
    }

    /// What can be done at present.
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Looks at every page, if that was not done yet, while look-ups go on. What is to be done waits for it.
    pub(super) fn examine(&mut self) {
        if self.standing == Standing::Unexamined {
            self.settle(contained(|| held(self.open_to_write()?)));
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
        let (works, since, note) = (batch.len(), Stopwatch::start(), self.renewals.note());
        match contained(|| opened.transact(batch, &note)) {
            Ok(committed) => {
                if let Some((number, held)) = committed.commit {
                    count::commit(works, &since);
                    self.renewals.committed(number, &note);
                    self.published.publish(held);
                }
                for reply in committed.replies {
                    reply(true);
                }
            }
            Err(error) => {
                Report::NotCommitted(&error).tell();
                self.stand(Standing::Failed);
                self.mend();
            }
        }
    }

    /// Sees to it that no byte is left of who was erased, be it long ago or before a restore: begins a renewal, goes on with
    /// it, or ends it. It is to be called again after whatever `wake` does.
    pub(super) fn renew(&mut self, wake: &Wake) {
        if self.standing != Standing::Sound {
            if self.renewals.are_awaited() {
                self.give_up_renewal(&std::io::Error::other("the store takes no changes").into());
            }
            return;
        }
        let drafted = contained(|| {
            let Some(opened) = &self.opened else { return Ok(None) };
            self.renewals.go_on(|| opened.hold(), &self.progress, wake)
        });
        match drafted {
            Ok(Some((draft, changed))) => self.move_to(draft, &changed),
            Ok(None) => {}
            Err(error) => self.give_up_renewal(&error),
        }
        // Somebody may have been erased while the last one was under way.
        if self.renewals.are_due()
            && let Err(error) = contained(|| self.begin_renewal(wake))
        {
            self.give_up_renewal(&error);
        }
    }

    fn begin_renewal(&mut self, wake: &Wake) -> Result<(), redb::Error> {
        let Some(opened) = &self.opened else { return Ok(()) };
        let taken = self.medium.taken().unwrap_or(u64::MAX).min(opened.length()?);
        if self.room() < taken.saturating_add(ROOM_AGAIN) {
            return Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into());
        }
        // What stays where it is has no renewals.
        let Some(backend) = self.medium.anew()? else { return Err(progress::given_up().into()) };
        let (held, codec, cache) = (opened.hold()?, self.codec.clone(), self.cache);
        let is_given_up = Arc::default();
        let bytes = DraftBytes::new(backend, Arc::clone(&is_given_up));
        let first = move |goes_on: GoesOn<'_>| {
            let draft = opened::open(bytes, &codec, cache, &Arc::default())?;
            draft.take_over(&held, goes_on)?;
            Ok(draft)
        };
        self.renewals.begin(first, is_given_up, &self.progress, wake)
    }

    /// Goes on with `draft` as the store, once it has what was `changed`. No commit comes in between.
    fn move_to(&mut self, draft: Opened, changed: &Changed) {
        let Some(opened) = &self.opened else { return };
        let followed = contained(|| {
            let held = opened.hold()?;
            draft.follow(&held, changed, &|| Ok(()))?;
            draft.compare(&held)?;
            draft.hold()
        });
        let replaced = followed.map(|held| self.medium.replace().map(|()| held));
        match replaced {
            Ok(Ok(held)) => {
                self.renewals.succeed();
                self.publish(draft, held);
            }
            Err(error) => {
                draft.close();
                self.give_up_renewal(&error);
            }
            Ok(Err(error)) => {
                drop(draft);
                let is_as_it_was = self.medium.forget_new().unwrap_or(false);
                self.give_up_renewal(&error.into());
                // Which of the two has the name now is not known. They hold the same, and what has it is opened.
                if !is_as_it_was {
                    self.stand(Standing::Failed);
                    self.mend();
                }
            }
        }
    }

    fn give_up_renewal(&mut self, error: &redb::Error) {
        self.renewals.fail(error, || forget_draft(&self.medium));
    }

    /// Forgets what an earlier process has left of a renewal.
    pub(super) fn begin(&self) {
        forget_draft(&self.medium);
    }

    /// Gives up what would go on otherwise.
    pub(super) fn end(&mut self) {
        if self.renewals.is_under_way() {
            self.give_up_renewal(&progress::given_up().into());
        }
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
        if self.renewals.is_under_way() && self.room() < ROOM + ROOM_PER_WORK {
            // What its draft takes is there again.
            self.give_up_renewal(&std::io::Error::from(std::io::ErrorKind::StorageFull).into());
        }
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
        if self.renewals.is_under_way() {
            self.give_up_renewal(&std::io::Error::other("the store was opened anew").into());
        }
        // The old database holds the lock. Until there is another, its snapshot answers as far as its cache goes.
        let old = self.opened.take();
        let _ = contained(|| {
            drop(old);
            Ok(())
        });
        let opened = contained(|| {
            let opened = self.open_to_write()?;
            // It takes a transaction.
            opened.transact(vec![touch()], &Note::default())?;
            held(opened)
        });
        self.settle(opened);
    }

    /// Goes on with what was opened, or with what can be done without.
    fn settle(&mut self, opened: Result<(Opened, Held), redb::Error>) {
        match opened {
            Ok((opened, held)) => {
                self.publish(opened, held);
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
                match contained(|| held(self.open_to_read()?)) {
                    Ok((opened, held)) => self.publish(opened, held),
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

    /// Has `opened` be the store, which holds `held`.
    fn publish(&mut self, opened: Opened, held: Held) {
        let last = opened.last_commit().unwrap_or_default();
        self.renewals.found(held.has_traces().unwrap_or(true), last);
        self.published.publish(held);
        if let Some(before) = self.opened.replace(opened) {
            before.close();
        }
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

/// Where that fails, the next renewal does it, or the next start.
fn forget_draft(medium: &impl Medium) {
    let _ = medium.forget_new();
}

/// `opened` with what it holds.
fn held(opened: Opened) -> Result<(Opened, Held), redb::Error> {
    let held = opened.hold()?;
    Ok((opened, held))
}

/// What is on `medium`, if `opening` has it served before it is looked at.
fn unexamined(medium: &impl Medium, codec: &Codec, opening: Opening) -> Option<Held> {
    let below = medium.open_to_read().ok()?;
    let is_long = below.len().is_ok_and(|length| length > opening.looked_through_first);
    if is_long { opened::as_it_was_left(Overlay::new(below).ok()?, codec) } else { None }
}
