//! Counts one entry after the other.

use super::actions::{self, Kind};
use super::bounded::Bounded;
use super::durations::Durations;
use super::figures::{
    Checks, Codes, Deed, Endings, Entries, Erasure, Figures, Grounds, Named, Operation, Part, Refusal, Timeline,
    is_failure,
};
use super::people::People;
use super::range::{Range, Step};
use super::{Heading, Report, figures};
use crate::verification::audit::entry::Entry;
use crate::verification::method;

/// The most rows of a table: whatever a log holds, a report is of a size.
const ROWS: usize = 200;
/// The most methods, each with its durations.
const METHODS: usize = 40;
/// The most operations that are told one by one.
const JOURNAL: usize = 500;

/// What was counted so far.
#[derive(Debug)]
pub struct Tally {
    range: Range,
    tenant: Option<String>,
    entries: Entries,
    checks: Bounded<Grounds, (Endings, Durations)>,
    all_times: Durations,
    step: Step,
    parts: Vec<Part>,
    refusals: Bounded<(String, Option<String>, Option<String>), u64>,
    codes: Codes,
    people: People,
    acts: Bounded<Doer, Counts>,
    looks: Bounded<Doer, Counts>,
    operations: Bounded<String, Counts>,
    journal: Vec<Entry>,
    journal_left_out: u64,
    erased: Counts,
    erasure_times: Durations,
    sweeps: Counts,
    other: Bounded<String, u64>,
}

/// Who did what: proven, claimed, and the action.
type Doer = (Option<String>, Option<String>, String);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    count: u64,
    failed: u64,
    people: u64,
    checks: u64,
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        self.count += 1;
        self.failed += u64::from(is_failure(entry));
        self.people = self.people.saturating_add(entry.subjects.unwrap_or(0));
        self.checks = self.checks.saturating_add(entry.checks.unwrap_or(0));
    }
}

impl Tally {
    /// Nothing yet: of `range`, and of one tenant alone or of all and the machine.
    #[must_use]
    pub fn new(range: Range, tenant: Option<String>) -> Self {
        let (step, beginnings) = range.divided();
        Self {
            range,
            tenant,
            entries: Entries::default(),
            checks: Bounded::new(METHODS),
            all_times: Durations::default(),
            step,
            parts: beginnings.into_iter().map(|from| Part { from, endings: Endings::default() }).collect(),
            refusals: Bounded::new(ROWS),
            codes: Codes::default(),
            people: People::new(),
            acts: Bounded::new(ROWS),
            looks: Bounded::new(ROWS),
            operations: Bounded::new(ROWS),
            journal: Vec::new(),
            journal_left_out: 0,
            erased: Counts::default(),
            erasure_times: Durations::default(),
            sweeps: Counts::default(),
            other: Bounded::new(ROWS),
        }
    }

    /// The next line of the log, from its beginning on: people who were verified before the range are known by that.
    pub fn add(&mut self, line: &[u8]) {
        let number = self.entries.read;
        self.entries.read += 1;
        if let Some(entry) = Entry::parse(line) {
            self.note(entry);
        } else {
            self.entries.unreadable += 1;
            self.entries.first_unreadable.get_or_insert(number);
        }
    }

    fn note(&mut self, entry: Entry) {
        self.entries.first_at.get_or_insert(entry.at);
        self.entries.last_at = Some(entry.at);
        let is_meant = self.tenant.is_none() || self.tenant == entry.tenant;
        let is_in_time = self.range.contains(entry.at);
        if is_meant && entry.at < self.range.until {
            self.meet(&entry, is_in_time);
        }
        match (is_in_time, is_meant) {
            (false, _) => self.entries.of_another_time += 1,
            (true, false) => self.entries.of_another_tenant += 1,
            (true, true) => {
                self.entries.told += 1;
                self.count(entry);
            }
        }
    }

    /// Remembers the person whose session ended, by now or before.
    fn meet(&mut self, entry: &Entry, is_in_time: bool) {
        let is_check = actions::kind(&entry.action) == Some(Kind::Check);
        let Some(person) = entry.user.as_deref().filter(|_| is_check).and_then(|user| self.people.of(user)) else {
            return;
        };
        let is_verified = entry.status.as_deref() == Some("success");
        person.is_met |= is_in_time;
        person.is_verified |= is_in_time && is_verified;
        person.was_verified |= !is_in_time && is_verified;
    }

    fn count(&mut self, entry: Entry) {
        match actions::kind(&entry.action) {
            Some(Kind::Check) => self.conclude(&entry),
            Some(Kind::Refusal) => self.refuse(&entry),
            Some(Kind::Act) => {
                match entry.action.as_str() {
                    "code-issued" if !is_failure(&entry) => self.codes.issued += 1,
                    "code-revoked" if !is_failure(&entry) => self.codes.revoked += 1,
                    _ => {}
                }
                self.acts.at(doer(&entry)).add(&entry);
            }
            Some(Kind::Look) => self.looks.at(doer(&entry)).add(&entry),
            Some(Kind::Operation) => self.operate(entry),
            Some(Kind::Erasure) => {
                self.erased.add(&entry);
                if let Some(duration) = entry.duration.filter(|_| !is_failure(&entry)) {
                    self.erasure_times.add(duration);
                }
            }
            Some(Kind::Sweep) => self.sweeps.add(&entry),
            None => *self.other.at(entry.action) += 1,
        }
    }

    fn conclude(&mut self, entry: &Entry) {
        let status = entry.status.as_deref();
        let grounds = match (entry.grounds.as_deref(), &entry.method) {
            (Some("case"), _) => Grounds::Case,
            (Some("hand_over"), _) => Grounds::HandOver,
            (_, Some(method)) => Grounds::Method(method.clone()),
            (_, None) => Grounds::Nothing,
        };
        if grounds == Grounds::Method(method::Kind::Desk.as_str().to_owned()) {
            self.codes.used += u64::from(status == Some("success"));
            self.codes.exhausted += u64::from(status == Some("failed"));
        }
        if status == Some("failed") {
            self.refuse(entry);
        }
        let (endings, times) = self.checks.at(grounds.clone());
        endings.add(status);
        let is_decided = matches!(status, Some("success" | "failed" | "pending"));
        if let Some(duration) = entry.duration.filter(|_| is_decided) {
            times.add(duration);
            if matches!(grounds, Grounds::Method(_)) {
                self.all_times.add(duration);
            }
        }
        let part = self.parts.partition_point(|part| part.from <= entry.at);
        if let Some(part) = part.checked_sub(1).and_then(|part| self.parts.get_mut(part)) {
            part.endings.add(status);
        }
    }

    fn refuse(&mut self, entry: &Entry) {
        *self.refusals.at((entry.action.clone(), entry.method.clone(), entry.reason.clone())) += 1;
    }

    fn operate(&mut self, entry: Entry) {
        self.operations.at(entry.action.clone()).add(&entry);
        if self.journal.len() < JOURNAL {
            self.journal.push(entry);
        } else {
            self.journal_left_out += 1;
        }
    }

    /// What came of it, under `heading`, whose range and tenant are those of the tally.
    #[must_use]
    pub fn report(self, heading: Heading) -> Report {
        Report { heading, figures: self.figures() }
    }

    fn figures(self) -> Figures {
        let people = figures::People {
            met: self.people.count(|person| person.is_met),
            verified: self.people.count(|person| person.is_verified),
            verified_first: self.people.count(|person| person.is_verified && !person.was_verified),
        };
        let checks = self.checks.into_rows().map(|(grounds, (endings, times))| Checks {
            grounds,
            endings,
            time_to_decision: times.times(),
        });
        let refusals = self.refusals.into_rows().map(|(key, count)| {
            let (action, method, reason) = key.map_or((None, None, None), |(action, by, why)| (Some(action), by, why));
            Refusal { action, method, reason, count }
        });
        let operations = self.operations.into_rows().map(|(action, counts)| {
            let Counts { count, failed, .. } = counts;
            Operation { action, count, failed }
        });
        Figures {
            entries: self.entries,
            checks: checks.collect(),
            time_to_decision: self.all_times.times(),
            timeline: Timeline { step: self.step, parts: self.parts },
            refusals: refusals.collect(),
            codes: self.codes,
            people,
            acts: deeds(self.acts),
            looks: deeds(self.looks),
            operations: operations.collect(),
            journal: self.journal,
            journal_left_out: self.journal_left_out,
            erasure: Erasure {
                erased: self.erased.count - self.erased.failed,
                failed: self.erased.failed,
                time: self.erasure_times.times(),
                sweeps: self.sweeps.count,
                people_removed: self.sweeps.people,
                checks_removed: self.sweeps.checks,
            },
            other: self.other.into_rows().map(|(action, count)| Named { action, count }).collect(),
        }
    }
}

fn doer(entry: &Entry) -> Doer {
    (entry.actor.clone(), entry.claimed.clone(), entry.action.clone())
}

fn deeds(rows: Bounded<Doer, Counts>) -> Vec<Deed> {
    let deed = |(doer, counts): (Option<Doer>, Counts)| {
        let Counts { count, failed, people, .. } = counts;
        let (actor, claimed, action) = doer.map_or((None, None, None), |(actor, by, what)| (actor, by, Some(what)));
        Deed { actor, claimed, action, count, failed, people }
    };
    rows.into_rows().map(deed).collect()
}
