//! People who are verified by document, and who decides of them, over a store in memory and a clock that tests set.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use idv::store::Store;
use idv::verification::account::Account;
use idv::verification::asks::Asks;
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::command::{Command, Done, Task};
use idv::verification::decision::{self, Actor, Answered, Step};
use idv::verification::method::document::applicant::Via;
use idv::verification::method::document::checklist::{Item, Response, questions};
use idv::verification::method::document::decoy::{Chance, Load};
use idv::verification::method::document::dossier::{Reviewer, Verdict};
use idv::verification::method::document::kind::Cue;
use idv::verification::method::document::picture::Brought;
use idv::verification::method::document::policy::{Policy, slots};
use idv::verification::method::document::reason::RejectReason;
use idv::verification::method::document::review::{self, Conclusion, Deed, Order, Powers};
use idv::verification::method::document::{
    Act, Applied, DocumentKind, Dossier, Picture, Refusal, Rules, Slot, Standing, Told,
};
use idv::verification::method::{self, Answer, Kind, Reply, Setting};
use idv::verification::object::{ObjectId, ObjectRecord, WrappedKey};
use idv::verification::outcome::{Outcome, Status};
use idv::verification::session::id::SessionId;
use idv::verification::subject::IdvId;
use idv::verification::ticket::Ticket;
use idv::verification::time::Timestamp;
use idv::verification::token::TokenId;

use super::acts::HAND_OVER;
use super::disk::Disk;
use super::ledger::{key, subject_of};
use super::world::{BEGINNING, block_on};

/// The code on paper of every round.
pub(crate) const CUE: Cue = Cue::from_random([7; 4]);

pub(crate) struct Bureau {
    pub(crate) store: Store,
    pub(crate) rules: Rules,
    now: Cell<u64>,
    drawn: Cell<u128>,
}

/// Who decides.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) by: Reviewer,
    pub(crate) powers: Powers,
}

impl Who {
    /// Reviewer `number`, who signed in.
    pub(crate) fn reviewer(number: u32) -> Self {
        let account = Account::User { uid: number, login: None };
        let powers = Powers { is_supervisor: false, is_signed_in: true, subject: None };
        Self { by: Reviewer { account, claimed: None }, powers }
    }

    /// The same, who settles disputes.
    pub(crate) fn supervisor(number: u32) -> Self {
        let Self { by, powers } = Self::reviewer(number);
        Self { by, powers: Powers { is_supervisor: true, ..powers } }
    }

    /// Operator `name`, who came by a one-time link.
    pub(crate) fn link(name: &str) -> Self {
        let account = Account::Operator(name.to_owned().try_into().unwrap());
        let powers = Powers { is_supervisor: false, is_signed_in: false, subject: None };
        Self { by: Reviewer { account, claimed: None }, powers }
    }

    /// Whoever is root at a terminal, and says that they are `name`.
    pub(crate) fn terminal(name: &str) -> Self {
        let powers = Powers { is_supervisor: true, is_signed_in: false, subject: None };
        Self { by: Reviewer { account: Account::Root, claimed: Some(name.into()) }, powers }
    }
}

impl Bureau {
    pub(crate) fn new(policy: Policy) -> Self {
        Self::over(Store::open_on(Disk::default(), &key()).unwrap(), policy)
    }

    pub(crate) fn over(store: Store, policy: Policy) -> Self {
        // What was drawn before a store was closed does not come again.
        let drawn = u128::from(store.next_number().unwrap()) << 64;
        Self { store, rules: Arc::new(policy), now: Cell::new(BEGINNING), drawn: Cell::new(drawn) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.now.get())
    }

    pub(crate) fn set(&self, now: Timestamp) {
        self.now.set(now.as_unix());
    }

    /// What nothing else was drawn.
    fn draw(&self) -> [u8; 16] {
        self.drawn.set(self.drawn.get() + 1);
        self.drawn.get().to_be_bytes()
    }

    /// A login of `person`, who is sent with `ticket`.
    pub(crate) fn login(&self, person: usize, ticket: Option<Ticket>) -> Actor {
        let drawn = self.draw();
        Actor {
            session: postcard::from_bytes::<SessionId>(&drawn).unwrap(),
            token_id: TokenId(drawn),
            issued_at: self.now(),
            subject: subject_of(person),
            asks: Asks { last_check_at: Some(Timestamp::from_unix(0)), ticket, ..Asks::default() },
        }
    }

    pub(crate) fn takes(&self, actor: &Actor, step: Step) -> Answered {
        let act = decision::Act {
            actor: actor.clone(),
            step,
            new_id: IdvId::from_random(self.draw()),
            new_key: PersonKey::from_random(self.draw()),
            new_ticket: Ticket::from_random(self.draw()),
            hand_over: HAND_OVER,
            now: self.now(),
        };
        block_on(self.store.act(act)).unwrap().0
    }

    pub(crate) fn does_by(&self, actor: &Actor, act: Act, via: Via) -> Told {
        let applied = Applied { act, rules: self.rules.clone(), via };
        match self.takes(actor, Step::Answer(Answer::Document(applied))) {
            Answered::Told(Reply::Document(told)) => told,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn does(&self, actor: &Actor, act: Act) -> Told {
        self.does_by(actor, act, Via::Browser)
    }

    pub(crate) fn begin(&self, actor: &Actor, document: DocumentKind, is_anew: bool) -> Told {
        self.does(actor, Act::Begin { document, notice: [5; 32], cue: CUE, draw: 0, is_anew })
    }

    /// A picture that nobody has sent before.
    pub(crate) fn picture(&self) -> Brought {
        let object = ObjectId::from_random(self.draw());
        let [mut digest, mut upload] = [[1; 32], [2; 32]];
        digest[..16].copy_from_slice(object.as_bytes());
        upload[..16].copy_from_slice(object.as_bytes());
        let picture =
            Picture { object, round: 1, digest, upload, difference_hash: 9, width: 1600, height: 1200, turns: 0 };
        let key = WrappedKey { nonce: [1; 12], sealed: [2; 32], tag: [3; 16] };
        Brought { number: 0, picture, record: ObjectRecord { epoch: 1, key, deleted_at: None } }
    }

    /// `brought` as it is sealed for the attempt of `actor`, if they have one.
    pub(crate) fn sealed(&self, actor: &Actor, mut brought: Brought) -> Brought {
        let standing = self.store.kept_of(Kind::Document, &actor.subject).unwrap().into_document();
        (brought.number, brought.picture.round) =
            standing.dossier.map_or((0, 1), |dossier| (dossier.number, dossier.round));
        brought
    }

    pub(crate) fn put(&self, actor: &Actor, slot: Slot, brought: Brought) -> Told {
        self.does(actor, Act::Put { slot, brought: Box::new(self.sealed(actor, brought)) })
    }

    /// Puts a picture into every slot that wants one, and wants it so.
    pub(crate) fn fill(&self, actor: &Actor) {
        for slot in self.dossier_of(actor).slots() {
            if self.dossier_of(actor).wants(slot) {
                let brought = self.picture();
                let object = brought.picture.object;
                assert_eq!(self.put(actor, slot, brought), Told::Shown(slot));
                assert_eq!(self.does(actor, Act::Keep { slot, object }), Told::Kept);
            }
        }
    }

    /// `person` begins and sends all pictures, in a session of their own.
    pub(crate) fn sent(&self, person: usize) -> Actor {
        let actor = self.login(person, None);
        assert_eq!(self.begin(&actor, DocumentKind::Passport, false), Told::Begun);
        self.fill(&actor);
        assert_eq!(self.does(&actor, Act::Send), Told::Sent);
        actor
    }

    pub(crate) fn standing(&self, person: usize) -> Standing {
        self.store.kept_of(Kind::Document, &subject_of(person)).unwrap().into_document()
    }

    pub(crate) fn dossier(&self, person: usize) -> Option<Dossier> {
        self.standing(person).dossier.map(|dossier| *dossier)
    }

    fn dossier_of(&self, actor: &Actor) -> Dossier {
        let standing = self.store.kept_of(Kind::Document, &actor.subject).unwrap().into_document();
        *standing.dossier.expect("they began")
    }

    /// Leaves, and has the ticket that Auth0 is told.
    pub(crate) fn leave(&self, actor: &Actor) -> Outcome {
        concluded(&self.takes(actor, Step::Leave(Status::Canceled)))
    }

    /// Takes what was decided, if anything was that counts.
    pub(crate) fn accept(&self, actor: &Actor) -> Option<Outcome> {
        match self.takes(actor, Step::Accept(None)) {
            Answered::Nothing => None,
            other => Some(concluded(&other)),
        }
    }

    pub(crate) fn orders(&self, person: usize, who: &Who, deed: Deed) -> Done {
        let number = self.dossier(person).map_or(0, |dossier| dossier.number);
        self.orders_of(person, number, who, deed)
    }

    pub(crate) fn orders_of(&self, person: usize, number: u64, who: &Who, deed: Deed) -> Done {
        let Who { by, powers } = who.clone();
        let account = by.account.clone();
        let order = Order { number, by, rules: self.rules.clone(), powers, deed };
        let task = Task::Order(method::Order::Document(order));
        let new_key = PersonKey::from_random(self.draw());
        let command = Command { subject: subject_of(person), account, claimed: None, task, new_key, now: self.now() };
        block_on(self.store.carry_out(command)).unwrap().0
    }

    /// All that a decoy wants which shows a passport, sealed to `number`.
    pub(crate) fn load(&self, number: u64, is_right: bool) -> Load {
        let pictures = slots(DocumentKind::Passport, self.rules.selfie)
            .map(|slot| (slot, Brought { number, ..self.picture() }))
            .collect();
        let chance = Chance { person: self.draw(), session: [3; 16], second: 0, manner: 0, hearing: 0 };
        let document = DocumentKind::Passport;
        Load { document, cue: CUE, notice: [5; 32], pictures, is_right, takes: Duration::ZERO, chance }
    }

    /// `who` loads a decoy as a case of `person`, sealed to the number that is next.
    pub(crate) fn loads(&self, person: usize, who: &Who, is_right: bool) -> Done {
        let number = self.store.next_number().unwrap();
        self.orders_of(person, number, who, Deed::Load(Box::new(self.load(number, is_right))))
    }

    /// The numbers of the cases that have a picture like those of `sent`, to whom looks at another case.
    pub(crate) fn found_like(&self, sent: &Dossier) -> Vec<u64> {
        let like_it = Dossier { number: u64::MAX, ..sent.clone() };
        let alike = self.store.alike(&subject_of(0), &like_it).unwrap();
        let numbers: BTreeSet<_> = alike.iter().map(|alike| alike.number).collect();
        numbers.into_iter().collect()
    }

    /// What comes to `verdict` by every answer that goes with it, of the case as it is now.
    pub(crate) fn conclusion(&self, person: usize, verdict: Verdict) -> Conclusion {
        let dossier = self.dossier(person).unwrap();
        let is_no = |item| matches!(verdict, Verdict::Reject(_)) && item == Item::Genuine;
        let answer = |item| (item, if is_no(item) { Response::No } else { Response::Yes });
        Conclusion {
            checklist: questions(&dossier).map(answer).collect(),
            verdict,
            inner: vec![],
            note: None,
            wants_second: false,
            revision: dossier.revision,
            digests: dossier.digests(),
            are_whole: true,
            cue: CUE,
        }
    }

    /// `who` claims the case, where they have to, and decides.
    pub(crate) fn decides(&self, person: usize, who: &Who, verdict: Verdict) -> Done {
        if who.powers.is_signed_in {
            let _told = self.orders(person, who, Deed::Claim { is_taken_over: false });
        }
        let conclusion = self.conclusion(person, verdict);
        self.orders(person, who, Deed::Decide(Box::new(conclusion)))
    }

    /// What would be told if `who` gave `verdict`, who has the case claimed.
    pub(crate) fn told_of(&self, person: usize, who: &Who, verdict: Verdict) -> Option<review::Told> {
        let Who { by, powers } = who.clone();
        let (number, deed) = (self.dossier(person)?.number, Deed::Decide(Box::new(self.conclusion(person, verdict))));
        let order = Order { number, by, rules: self.rules.clone(), powers, deed };
        let (subject, now) = (subject_of(person), self.now());
        let case = self.store.case(&subject).unwrap();
        let setting = Setting { subject: &subject, case: case.as_ref(), is_known: true, next_number: number + 1, now };
        order.carried_out(self.standing(person), &setting).unwrap().told
    }
}

pub(crate) fn rejected() -> Verdict {
    Verdict::Reject(vec![RejectReason::Expired])
}

pub(crate) fn refused(refusal: Refusal) -> Told {
    Told::Refused(refusal)
}

fn concluded(answered: &Answered) -> Outcome {
    match answered {
        Answered::Concluded(outcome) => *outcome,
        other => panic!("{other:?}"),
    }
}
