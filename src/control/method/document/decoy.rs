//! Decoys are loaded: their pictures are sealed as an applicant's are, and named in the commit that has the case wait. There is
//! no command for it: whoever loads one has signed in to the console.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use crate::control::office::Office;
use crate::control::operation::new_key;
use crate::evidence::{self, EvidenceError, Held, Whose};
use crate::ops::random;
use crate::picture::Picture;
use crate::store::StoreError;
use crate::verification::account::Account;
use crate::verification::command::{Command, Done, Task};
use crate::verification::method;
use crate::verification::method::document::decoy::{Chance, Load};
use crate::verification::method::document::dossier::Reviewer;
use crate::verification::method::document::kind::{Cue, DocumentKind, Slot};
use crate::verification::method::document::picture::Brought;
use crate::verification::method::document::review::{Deed, Order, Powers, Refused};
use crate::verification::subject::Subject;

/// How often it is tried: an applicant may begin between the number that the pictures are sealed to and the commit.
const TRIES: usize = 8;

/// A decoy, as it is handed in.
pub struct Decoy {
    /// Whose case it seems to be.
    pub subject: Subject,
    /// Which document is shown.
    pub document: DocumentKind,
    /// What is written on the paper in the applicant's picture, or how they hold their head.
    pub cue: Cue,
    /// The digest of what applicants are told.
    pub notice: [u8; 32],
    /// The pictures, in the order of their slots.
    pub pictures: Vec<(Slot, Picture)>,
    /// Whether the person is who the document says.
    pub is_right: bool,
    /// How long whoever sends it seems to take: so much later it is in the queue.
    pub takes: Duration,
}

/// Why a decoy was not loaded.
#[derive(Debug, Error)]
pub enum NotLoaded {
    /// It may not be.
    #[error("{}", .0.as_str())]
    Refused(Refused),
    /// Its pictures could not be kept.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has `decoy` be a case that waits to be decided, as one that `account`, a supervisor who is `whose` as an applicant, loaded.
/// Returns its number.
///
/// # Errors
/// [`NotLoaded`]. Pictures that were sealed in vain are removed, or swept where the store fails.
pub async fn load(office: &Office, account: Account, whose: Option<Subject>, decoy: Decoy) -> Result<u64, NotLoaded> {
    let [second, manner, hearing] = [(); 3].map(|()| u32::from_le_bytes(random::bytes()));
    let chance = Chance { person: random::bytes(), session: random::bytes(), second, manner, hearing };
    let decoy = Arc::new(decoy);
    for _ in 0..TRIES {
        let number = office.store.next_number()?;
        let (pictures, held) = seal(office, decoy.clone(), number).await?;
        let objects: Vec<_> = pictures.iter().map(|(_, brought)| brought.picture.object).collect();
        let load = decoy.load(pictures, chance);
        let command = command(office, account.clone(), whose.clone(), &decoy.subject, number, load);
        let done = office.store.carry_out(command).await;
        drop(held);
        let refused = match done?.0 {
            Done::Changed | Done::Unchanged => return Ok(number),
            Done::Refused(method::Refused::Document(refused)) => refused,
        };
        // Nothing names them. What cannot be removed is swept.
        for object in objects {
            let _ = office.evidence.unlink(object);
        }
        if refused != Refused::Changed {
            return Err(NotLoaded::Refused(refused));
        }
    }
    Err(NotLoaded::Refused(Refused::Changed))
}

/// Seals the pictures of `decoy` to `number`.
async fn seal(office: &Office, decoy: Arc<Decoy>, number: u64) -> Result<Sealed, EvidenceError> {
    let (keeper, now) = (office.evidence.clone(), office.clock.now());
    evidence::apart(async move {
        let seal = |(slot, picture): &(Slot, Picture)| {
            let whose = Whose { tenant: &decoy.subject.tenant, number, round: 1, slot: slot.as_str() };
            let (brought, held) = keeper.take_in(picture, &whose, now)?;
            Ok(((*slot, brought), held))
        };
        decoy.pictures.iter().map(seal).collect()
    })
    .await
}

fn command(
    office: &Office,
    account: Account,
    whose: Option<Subject>,
    subject: &Subject,
    number: u64,
    load: Load,
) -> Command {
    let order = Order {
        number,
        by: Reviewer { account: account.clone(), claimed: None },
        rules: office.config.lasting.document.of(&subject.tenant).clone(),
        powers: Powers { is_supervisor: true, is_signed_in: true, subject: whose },
        deed: Deed::Load(Box::new(load)),
    };
    let task = Task::Order(method::Order::Document(order));
    let (subject, now) = (subject.clone(), office.clock.now());
    Command { subject, account, claimed: None, task, new_key: new_key(), now }
}

/// The pictures, and what holds them until they are named.
type Sealed = (Vec<(Slot, Brought)>, Vec<Held>);

impl Decoy {
    fn load(&self, pictures: Vec<(Slot, Brought)>, chance: Chance) -> Load {
        let &Self { document, cue, notice, is_right, takes, .. } = self;
        Load { document, cue, notice, pictures, is_right, takes, chance }
    }
}
