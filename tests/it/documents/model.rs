//! Random acts of many applicants, reviewers and clocks against a plain model of what has to hold.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use idv::verification::account::Account;
use idv::verification::command::Done;
use idv::verification::decision::{Actor, Answered, Step};
use idv::verification::method::Evidence;
use idv::verification::method::document::dossier::{Dossier, Given, Verdict};
use idv::verification::method::document::policy::{Policy, Second};
use idv::verification::method::document::reason::AskReason;
use idv::verification::method::document::review::Deed;
use idv::verification::method::document::{Act, DocumentKind, Slot, Stage, Told};
use idv::verification::object::ObjectId;
use idv::verification::outcome::Status;
use idv::verification::ticket::Ticket;

use crate::support::bureau::{Bureau, Who, rejected};
use crate::support::chance::Chance;
use crate::support::ledger::subject_of;

const PEOPLE: usize = 4;
const REVIEWERS: usize = 4;
const STEPS: usize = 1_200;

struct Walk {
    bureau: Bureau,
    chance: Chance,
    /// Sessions of each person that have not ended, as far as is known.
    sessions: BTreeMap<usize, Vec<Actor>>,
    /// The ticket that Auth0 has of each person.
    tickets: BTreeMap<usize, Ticket>,
    /// Every picture that was ever named, of whom.
    pictures: BTreeMap<ObjectId, usize>,
    /// When each person sent pictures, or withdrew what was open for something new.
    sent: BTreeMap<usize, Vec<u64>>,
    /// The cases of which a login took the decision.
    delivered: BTreeSet<u64>,
    /// Decisions that stand: by case, whether the person is verified.
    decisions: BTreeMap<u64, bool>,
    /// The case of each person whose decision a login may take, though they began anew since.
    waiting: BTreeMap<usize, u64>,
    checks: BTreeMap<usize, usize>,
}

/// Reviewers 0 and 1 review, 2 and 3 are supervisors. Reviewer n is person n, too.
fn who(number: usize) -> Who {
    let uid = u32::try_from(number).unwrap() + 1;
    let mut who = if number < 2 { Who::reviewer(uid) } else { Who::supervisor(uid) };
    who.powers.subject = Some(subject_of(number));
    who
}

impl Walk {
    fn new(seed: u64, second: Second) -> Self {
        let policy = Policy { second, submissions: 3, window: Duration::from_hours(1), rounds: 2, ..Policy::default() };
        Self {
            bureau: Bureau::new(policy),
            chance: Chance::new(seed),
            sessions: BTreeMap::new(),
            tickets: BTreeMap::new(),
            pictures: BTreeMap::new(),
            sent: BTreeMap::new(),
            delivered: BTreeSet::new(),
            decisions: BTreeMap::new(),
            waiting: BTreeMap::new(),
            checks: BTreeMap::new(),
        }
    }

    fn session(&mut self, person: usize) -> Actor {
        let known = self.sessions.entry(person).or_default();
        if known.is_empty() || self.chance.once_in(12) {
            let ticket = self.tickets.get(&person).copied().filter(|_| !self.chance.once_in(3));
            let actor = self.bureau.login(person, ticket);
            known.push(actor);
        }
        // Mostly the last: who began goes on.
        let before = if self.chance.once_in(5) { self.chance.below(known.len()) } else { 0 };
        known[known.len() - 1 - before].clone()
    }

    fn step(&mut self) {
        let person = self.chance.below(PEOPLE);
        self.bureau.set(self.bureau.now().later(Duration::from_mins(3)));
        let before = self.bureau.dossier(person);
        let is_decided = before.as_ref().is_some_and(|dossier| matches!(dossier.stage, Stage::Decided { .. }));
        match self.chance.below(20) {
            0..=3 if is_decided => self.ends(person, before.as_ref()),
            0..=7 => self.applies(person, before.as_ref()),
            8 => self.ends(person, before.as_ref()),
            9..=15 => self.reviews(person, before.as_ref()),
            16 if self.chance.once_in(4) => {
                let hours = [1, 1, 24, 24 * 8][self.chance.below(4)];
                self.bureau.set(self.bureau.now().later(Duration::from_hours(hours)));
            }
            _ => {
                let done = self.bureau.orders(person, &Who::reviewer(99), Deed::Age);
                assert!(before.as_ref().is_none_or(|dossier| dossier.hold.is_none()) || done == Done::Unchanged);
            }
        }
        self.holds(person);
    }

    fn applies(&mut self, person: usize, before: Option<&Dossier>) {
        let actor = self.session(person);
        // Whoever has nothing to go on with begins, mostly.
        let is_theirs = before.is_some_and(|dossier| dossier.is_open() || dossier.session == actor.session);
        let most = if is_theirs { 12 } else { 2 };
        let answered = match self.chance.below(most) {
            0 => {
                let (document, is_anew) = (DocumentKind::ALL[self.chance.below(4)], self.chance.once_in(3));
                let draw = u32::try_from(self.chance.below(1 << 32)).unwrap();
                let cue = crate::support::bureau::CUE;
                let told = self.applied(&actor, Act::Begin { document, notice: [5; 32], cue, draw, is_anew });
                if told == Some(Told::Begun) && before.is_some_and(Dossier::is_open) {
                    assert!(is_anew, "what is open is not lost unasked");
                    self.count(person);
                }
                told
            }
            1..=5 => {
                for slot in Slot::ALL {
                    let brought = self.bureau.sealed(&actor, self.bureau.picture());
                    let object = brought.picture.object;
                    if self.applied(&actor, Act::Put { slot, brought: Box::new(brought) }) == Some(Told::Shown(slot)) {
                        self.pictures.insert(object, person);
                        let _kept = self.applied(&actor, Act::Keep { slot, object });
                    }
                }
                None
            }
            6..=10 => {
                let told = self.applied(&actor, Act::Send);
                if told == Some(Told::Sent) {
                    self.waiting.remove(&person);
                    self.count(person);
                }
                told
            }
            _ => self.applied(&actor, Act::Withdraw),
        };
        let is_held = before.is_some_and(|dossier| dossier.hold.is_some());
        let is_gone = matches!(answered, Some(Told::Withdrawn | Told::Begun));
        assert!(!(is_held && is_gone), "what is on hold stays");
    }

    fn applied(&mut self, actor: &Actor, act: Act) -> Option<Told> {
        use idv::verification::method::document::Applied;
        use idv::verification::method::document::applicant::Via;
        use idv::verification::method::{Answer, Reply};
        let applied = Applied { act, rules: self.bureau.rules.clone(), via: Via::Browser };
        match self.bureau.takes(actor, Step::Answer(Answer::Document(applied))) {
            Answered::Told(Reply::Document(told)) => Some(told),
            Answered::Already(_) => None,
            other => panic!("{other:?}"),
        }
    }

    /// It counts once, and no more than the policy has it.
    fn count(&mut self, person: usize) {
        let now = self.bureau.now().as_unix();
        let window = self.bureau.rules.window.as_secs();
        let sent = self.sent.entry(person).or_default();
        sent.push(now);
        let counted = sent.iter().filter(|at| now - **at < window).count();
        assert!(counted <= usize::from(self.bureau.rules.submissions), "{counted}");
    }

    fn ends(&mut self, person: usize, before: Option<&Dossier>) {
        let actor = self.session(person);
        let step = if self.chance.once_in(2) { Step::Accept(None) } else { Step::Leave(Status::Canceled) };
        let is_accept = matches!(step, Step::Accept(_));
        let Answered::Concluded(outcome) = self.bureau.takes(&actor, step) else { return };
        self.sessions.get_mut(&person).unwrap().retain(|other| other.session != actor.session);
        match outcome.status {
            Status::Pending => _ = self.tickets.insert(person, outcome.ticket.unwrap()),
            Status::Success | Status::Failed => {
                assert!(is_accept && outcome.ticket.is_none());
                let number = self.waiting.remove(&person).expect("something waits to be taken");
                assert_eq!(self.decisions.get(&number), Some(&(outcome.status == Status::Success)));
                assert!(self.delivered.insert(number), "one delivery");
                // Whoever began anew has it all the same.
                if before.is_some_and(|dossier| dossier.number == number) {
                    let after = self.bureau.dossier(person).unwrap();
                    assert!(matches!(after.stage, Stage::Decided { closed_at: Some(_), .. }));
                }
            }
            Status::Canceled | Status::Expired => {}
        }
        assert!(outcome.verified.is_none() || outcome.status == Status::Success);
    }

    fn reviews(&mut self, person: usize, before: Option<&Dossier>) {
        let number = self.chance.below(REVIEWERS + 1);
        let is_terminal = number == REVIEWERS;
        let who = if is_terminal { Who::terminal("eve") } else { who(number) };
        let is_own = number == person;
        let verdict = match self.chance.below(5) {
            0 | 1 => Verdict::Approve,
            2 | 3 => rejected(),
            _ => Verdict::AskAgain(vec![(Slot::Front, AskReason::Blurred)]),
        };
        let done = match self.chance.below(40) {
            0..=33 if before.is_some() => self.bureau.decides(person, &who, verdict.clone()),
            34 | 35 => self.bureau.orders(person, &who, Deed::Undo),
            36 => self.bureau.orders(person, &who, Deed::Hold { reason: "a court".into() }),
            37 | 38 => self.bureau.orders(person, &who, Deed::Unhold),
            _ => self.bureau.orders(person, &who, Deed::Release),
        };
        assert!(!is_own || matches!(done, Done::Refused(_)), "nobody decides of their own");
        let after = self.bureau.dossier(person);
        self.judges(person, before, after.as_ref());
    }

    /// A decision is by as many as are needed, each another, and none of its own.
    fn judges(&mut self, person: usize, before: Option<&Dossier>, after: Option<&Dossier>) {
        let Some(dossier) = after else { return };
        let was_decided = before.is_some_and(|before| matches!(before.stage, Stage::Decided { .. }));
        let Stage::Decided { is_verified, ref verdicts, .. } = dossier.stage else {
            if was_decided {
                assert!(!self.delivered.contains(&dossier.number), "what a login has is not taken back");
                self.decisions.remove(&dossier.number);
                self.waiting.remove(&person);
            }
            return;
        };
        if !was_decided {
            assert_eq!(self.decisions.insert(dossier.number, is_verified), None, "one verdict counts");
            self.waiting.insert(person, dossier.number);
        }
        assert_eq!(self.decisions.get(&dossier.number), Some(&is_verified));
        let by: BTreeSet<String> = verdicts.iter().map(|given| given.by.account.to_string()).collect();
        assert_eq!(by.len(), verdicts.len(), "each is another's");
        assert!(!dossier.wants_second || by.len() >= 2, "nobody decides alone where two are needed");
        assert!(by.len() == 1 || verdicts.iter().all(|given| given.by.account != Account::Root));
        for Given { verdict, checklist, .. } in verdicts {
            use idv::verification::method::document::checklist::Response;
            let nos = checklist.iter().filter(|(_, answer)| *answer == Response::No).count();
            match verdict {
                Verdict::Approve => assert!(checklist.iter().all(|(_, answer)| *answer == Response::Yes)),
                Verdict::Reject(reasons) => assert!(!reasons.is_empty() && nos > 0, "a rejection has its reason"),
                Verdict::AskAgain(_) => panic!("nothing was decided by that"),
            }
        }
        if let [first, second] = &verdicts[..] {
            assert!(first.verdict.agrees_with(&second.verdict));
        }
    }

    /// What holds of everybody's records, whatever was done.
    fn holds(&mut self, person: usize) {
        let dossier = self.bureau.dossier(person);
        let named: BTreeSet<_> = dossier.iter().flat_map(Dossier::objects).collect();
        for object in self.pictures.iter().filter(|(_, of)| **of == person).map(|(object, _)| object) {
            let record = self.bureau.store.object(object).unwrap().expect("until it is shredded");
            assert_eq!(record.deleted_at.is_none(), named.contains(object), "reachable exactly while it is named");
        }
        // What is deleted is not named again.
        self.pictures.retain(|object, of| *of != person || named.contains(object));
        assert!(named.iter().all(|object| self.pictures.contains_key(object)));
        let numbers = self.bureau.store.numbers(0, 100).unwrap();
        let of_person: Vec<_> = numbers.iter().filter(|(_, subject)| *subject == subject_of(person)).collect();
        assert_eq!(of_person.len(), usize::from(dossier.is_some()));
        assert_eq!(of_person.first().map(|(number, _)| *number), dossier.as_ref().map(|dossier| dossier.number));
        let case = self.bureau.store.case(&subject_of(person)).unwrap();
        if dossier.as_ref().is_some_and(Dossier::is_open) {
            assert!(case.is_some_and(|case| case.decision.is_none()), "somebody waits for what is open");
        }
        let record = self.bureau.store.subject(&subject_of(person)).unwrap();
        let checks = record.map(|record| self.bureau.store.checks(&record, 10_000).unwrap()).unwrap_or_default();
        let before = self.checks.insert(person, checks.len()).unwrap_or_default();
        assert!(checks.len() == before || checks.len() == before + 1, "no check is lost");
        for check in &checks {
            let Evidence::Reviewed(reviewed) = &check.evidence else { panic!("{check:?}") };
            assert!(reviewed.verdicts.iter().all(|given| given.note.is_none()));
        }
    }
}

#[test]
fn whatever_people_do_one_verdict_counts_and_once() {
    let mut decided = [0, 0];
    for (seed, second) in
        [(1, Second::Never), (2, Second::Always), (3, Second::Sample(50)), (4, Second::Never), (5, Second::Always)]
    {
        let mut walk = Walk::new(seed, second);
        for _ in 0..STEPS {
            walk.step();
        }
        decided[0] += walk.decisions.len();
        decided[1] += walk.delivered.len();
    }
    assert!(decided.iter().all(|count| *count > 10), "the walk went somewhere: {decided:?}");
}
