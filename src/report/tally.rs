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
        self.entries.read = self.entries.read.saturating_add(1);
        if let Some(entry) = Entry::parse(line) {
            self.note(entry);
        } else {
            self.entries.unreadable += 1;
            self.entries.first_unreadable.get_or_insert(number);
        }
    }

    /// So many of the next entries are not shown in what is read.
    pub fn leave_out(&mut self, count: u64) {
        self.entries.read = self.entries.read.saturating_add(count);
        self.entries.left_out = self.entries.left_out.saturating_add(count);
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
            Some(Kind::Step) | None => *self.other.at(entry.action) += 1,
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
        if matches!(&grounds, Grounds::Method(name) if takes_codes(name)) {
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

/// Whether people bring a code to the method called `name`.
fn takes_codes(name: &str) -> bool {
    method::Kind::ALL.into_iter().any(|kind| kind.takes_codes() && kind.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Log, Proof};
    use crate::verification::audit::entry::EventOutcome;
    use crate::verification::time::Timestamp;

    const FROM: u64 = 1_782_864_000;
    const UNTIL: u64 = 1_785_542_400;
    const SECOND: u64 = 1_000_000_000;

    fn july() -> Range {
        Range { from: Timestamp::from_unix(FROM), until: Timestamp::from_unix(UNTIL) }
    }

    fn entry(at: u64, action: &str) -> Entry {
        Entry::new(Timestamp::from_unix(at), action, EventOutcome::Success)
    }

    fn check(at: u64, status: &str) -> Entry {
        let tenant = Some("acme.example".into());
        Entry { status: Some(status.into()), method: Some("desk".into()), tenant, ..entry(at, "check-concluded") }
    }

    fn of(entries: &[Entry]) -> Figures {
        of_tenant(None, entries)
    }

    fn of_tenant(tenant: Option<&str>, entries: &[Entry]) -> Figures {
        let mut tally = Tally::new(july(), tenant.map(str::to_owned));
        for entry in entries {
            tally.add(&entry.line());
        }
        let log = Log {
            source: String::new(),
            checkpoint: None,
            proof: Proof::Verified { by: "the service’s own key".into() },
        };
        let made_at = Timestamp::from_unix(UNTIL);
        tally.report(Heading { organization: None, range: july(), tenant: None, made_at, version: "0", log }).figures
    }

    #[test]
    fn what_is_at_the_ends_of_the_range_is_in_it_or_not_to_the_second() {
        let figures = of(&[FROM - 1, FROM, UNTIL - 1, UNTIL].map(|at| check(at, "success")));
        let Entries { read, told, of_another_time, .. } = figures.entries;
        assert_eq!((read, told, of_another_time), (4, 2, 2));
        assert_eq!(figures.endings(), Endings { verified: 2, ..Endings::default() });
        let parts = &figures.timeline.parts;
        assert_eq!((parts.len(), parts[0].endings.total(), parts[30].endings.total()), (31, 1, 1));
    }

    #[test]
    fn a_session_is_counted_once_by_what_it_rests_on_and_how_it_ended() {
        let on = |grounds: &str| Entry { grounds: Some(grounds.into()), ..check(FROM, "success") };
        let left = Entry { method: None, ..check(FROM, "canceled") };
        let newer = check(FROM, "postponed");
        let figures = of(&[check(FROM, "failed"), on("case"), on("hand_over"), left, newer, check(FROM, "expired")]);
        let rows: Vec<_> = figures.checks.iter().map(|row| (row.grounds.clone(), row.endings)).collect();
        let none = Endings::default();
        let desk = Endings { not_verified: 1, timed_out: 1, other: 1, ..none };
        assert_eq!(
            rows,
            [
                (Some(Grounds::Method("desk".into())), desk),
                (Some(Grounds::Case), Endings { verified: 1, ..none }),
                (Some(Grounds::HandOver), Endings { verified: 1, ..none }),
                (Some(Grounds::Nothing), Endings { left: 1, ..none }),
            ]
        );
        assert_eq!(figures.codes, Codes { exhausted: 1, ..Codes::default() }, "none was used in this range");
        assert_eq!(figures.refusals.len(), 1);
    }

    #[test]
    fn only_what_was_decided_has_a_time_to_its_decision() {
        let took = |status, seconds: u64| Entry { duration: Some(seconds * SECOND), ..check(FROM, status) };
        let figures = of(&[took("success", 10), took("failed", 20), took("expired", 3_600), check(FROM, "success")]);
        let times = figures.checks[0].time_to_decision.unwrap();
        assert_eq!((times.count, times.median.as_secs(), times.longest.as_secs()), (2, 15, 20));
        assert_eq!(figures.time_to_decision, Some(times));
    }

    #[test]
    fn a_tenants_report_has_its_entries_and_no_others() {
        let other = Entry { tenant: Some("other.example".into()), ..check(FROM, "success") };
        let machine = entry(FROM, "service-started");
        let entries = [check(FROM, "success"), other, machine];
        let figures = of_tenant(Some("acme.example"), &entries);
        assert_eq!((figures.entries.told, figures.entries.of_another_tenant), (1, 2));
        assert_eq!((figures.endings().total(), figures.operations.len()), (1, 0));
        assert_eq!(of(&entries).entries.told, 3);
    }

    #[test]
    fn a_line_that_is_no_entry_and_an_action_of_a_newer_version_are_counted() {
        let mut tally = Tally::new(july(), None);
        for line in [&entry(FROM, "moon-phased").line()[..], b"", b"{}", &check(FROM, "success").line()[..9]] {
            tally.add(line);
        }
        tally.leave_out(7);
        let figures = tally.figures();
        let Entries { read, told, left_out, unreadable, first_unreadable, .. } = figures.entries;
        assert_eq!((read, told, left_out, unreadable, first_unreadable), (11, 1, 7, 3, Some(1)));
        assert_eq!(figures.other[0].action.as_deref(), Some("moon-phased"));
    }

    #[test]
    fn who_was_verified_before_the_range_is_not_verified_first_in_it() {
        let of_person = |at, status, person: &str| Entry { user: Some(person.into()), ..check(at, status) };
        let figures = of(&[
            of_person(FROM - 1, "success", "a"),
            of_person(FROM, "success", "a"),
            of_person(FROM - 1, "failed", "b"),
            of_person(FROM, "success", "b"),
            of_person(FROM + 1, "success", "b"),
            of_person(FROM, "failed", "c"),
            of_person(UNTIL, "success", "d"),
            Entry { user: Some("e".into()), ..entry(FROM, "code-issued") },
        ]);
        let people = [figures.people.met, figures.people.verified, figures.people.verified_first];
        assert_eq!(people.map(|estimate| estimate.people), [3, 2, 1]);
    }

    #[test]
    fn erasures_and_sweeps_have_their_times_and_numbers() {
        let erased = |hours: u64| Entry { duration: Some(hours * 3_600 * SECOND), ..entry(FROM, "subject-erased") };
        let failed = Entry { outcome: EventOutcome::Failure, ..erased(99) };
        let swept = Entry { subjects: Some(2), checks: Some(9), ..entry(FROM, "retention-swept") };
        let erasure = of(&[erased(1), failed, erased(3), swept.clone(), swept]).erasure;
        assert_eq!((erasure.erased, erasure.failed, erasure.sweeps), (2, 1, 2));
        assert_eq!((erasure.people_removed, erasure.checks_removed), (4, 18));
        assert_eq!(erasure.time.map(|times| times.median.as_secs()), Some(2 * 3_600));
    }

    #[test]
    fn a_report_does_not_grow_with_the_log() {
        let named = |number: u64| {
            let name = Some(number.to_string());
            [
                Entry { claimed: name.clone(), ..entry(FROM, "subject-viewed") },
                Entry { claimed: name.clone(), ..entry(FROM, "service-started") },
                Entry { method: name.clone(), reason: name, ..check(FROM, "failed") },
                entry(FROM, &number.to_string()),
            ]
        };
        let entries: Vec<_> = (0..600).flat_map(named).collect();
        let figures = of(&entries);
        assert_eq!((figures.looks.len(), figures.refusals.len(), figures.other.len()), (ROWS + 1, ROWS + 1, ROWS + 1));
        assert_eq!(
            (figures.checks.len(), figures.journal.len(), figures.journal_left_out),
            (METHODS + 1, JOURNAL, 100)
        );
        assert_eq!(figures.endings().not_verified, 600);
        assert_eq!(figures.looks.iter().map(|look| look.count).sum::<u64>(), 600);
    }
}
