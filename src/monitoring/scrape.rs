//! A scrape: all that is counted, and how the service stands, in the words of Prometheus.

use std::fmt;
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, EncodeLabelSet, NoLabelSet, prometheus_text, text,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use super::cases::Cases;
use super::process;
use super::readiness::{Checks, Readiness};
use crate::evidence::{self, Figures, Keeper};
use crate::ops::count::block::Block;
use crate::ops::count::counter::{BATCHES, Bounds, Counter, Histogram, MOMENTS, SITTINGS};
use crate::ops::count::label::{
    Class, Decision, Handshake, OUTCOMES, Reason, Reload, Route, Start, TurnedAway, Upload,
};
use crate::ops::count::{Counters, Totals};
use crate::ops::validity::Validity;
use crate::server::Cores;
use crate::store::space::{Space, space};
use crate::verification::method::{Kept, Kind};
use crate::verification::time::Timestamp;
use crate::web::Uploads;

/// What a start is counted as whose tenant is not known: its token is not authentic.
const UNKNOWN: &str = "unknown";
/// The labels of what has none.
const UNLABELLED: [(&str, &str); 0] = [];
/// The most codes that are looked at. A desk has some tens.
const CODES: usize = 10_000;

/// The running service, as it is watched.
pub struct Watched {
    /// What it counts.
    pub counters: Counters,
    /// Whether it is ready.
    pub readiness: Arc<Readiness>,
    /// Its cores.
    pub cores: Cores,
    /// Its store's file.
    pub store_path: PathBuf,
    /// When it was started.
    pub started_at: Timestamp,
    /// The room for photos that come.
    pub uploads: Uploads,
    /// How many lines of the log were lost.
    pub lines_lost: Box<dyn Fn() -> u64 + Send + Sync>,
}

/// In which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Prometheus' text format 0.0.4.
    Text,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
}

impl Format {
    /// What is understood by who sends `accept`.
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let is_open_metrics = |range: &str| {
            let mut parts = range.split(';').map(str::trim);
            let is_it = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/openmetrics-text"));
            let is_refused = |part: &str| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                (name == "version" && !value.starts_with("1."))
                    || (name == "q" && value.parse().is_ok_and(|q: f32| q <= 0.0))
            };
            is_it && !parts.any(is_refused)
        };
        if accept.split(',').any(is_open_metrics) { Self::OpenMetrics } else { Self::Text }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

impl Watched {
    /// Everything there is to say at this instant.
    ///
    /// # Errors
    /// When the encoder fails, which it has no reason to.
    pub fn scrape(&self, format: Format) -> Result<String, fmt::Error> {
        let (mut registry, mut written) = (Registry::default(), String::new());
        registry.register_collector(Box::new(Scrape::of(self)));
        match format {
            Format::Text => prometheus_text::encode(&mut written, &registry)?,
            Format::OpenMetrics => text::encode(&mut written, &registry)?,
        }
        Ok(written)
    }
}

/// Everything at one instant.
struct Scrape {
    totals: Totals,
    checks: Checks,
    certificate: Option<Validity>,
    space: Option<Space>,
    has_traces: bool,
    codes_waiting: Option<usize>,
    cases: Option<Cases>,
    evidence: Option<Evidence>,
    audit_entries: Option<u64>,
    backed_up_at: Option<Timestamp>,
    connections: usize,
    upload_bytes: Option<u64>,
    lines_lost: u64,
    started_at: Timestamp,
}

/// The photos.
struct Evidence {
    has_room: bool,
    space: Option<evidence::Space>,
    epochs: usize,
    /// How long the first of them waits to be shredded that was deleted.
    unshredded: Duration,
}

impl Evidence {
    fn of(keeper: &Keeper, now: Timestamp) -> Self {
        let Figures { epochs, oldest_deleted_at, .. } = keeper.figures();
        let unshredded = oldest_deleted_at.map_or(Duration::ZERO, |since| since.until(now));
        Self { has_room: keeper.has_room(), space: keeper.space().ok(), epochs, unshredded }
    }
}

impl Scrape {
    fn of(watched: &Watched) -> Self {
        let Watched { counters, readiness, cores, store_path, started_at, uploads, lines_lost } = watched;
        let (now, store) = (readiness.clock().now(), readiness.store());
        let waits = |kept: &Kept| kept.has_code(now);
        Self {
            totals: counters.total(),
            checks: readiness.checks(),
            certificate: readiness.certificate(),
            space: space(store_path).ok(),
            has_traces: store.has_kept_traces(),
            codes_waiting: Kind::KEEPING.into_iter().map(|kind| store.count_kept(kind, CODES, waits).ok()).sum(),
            evidence: readiness.evidence().map(|keeper| Evidence::of(keeper, now)),
            cases: readiness.evidence().and_then(|_| Cases::of(store)),
            audit_entries: store.audit_edge().ok().map(|edge| edge.size()),
            backed_up_at: store.backed_up_at().ok().flatten(),
            connections: cores.connections(),
            upload_bytes: readiness.evidence().map(|_| uploads.bytes()),
            lines_lost: lines_lost(),
            started_at: *started_at,
        }
    }
}

impl fmt::Debug for Scrape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrape")
    }
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut families = Families(encoder);
        self.logins(&mut families)?;
        self.requests(&mut families)?;
        self.store(&mut families)?;
        self.evidence(&mut families)?;
        self.cases(&mut families)?;
        self.standing(&mut families)?;
        self.process(&mut families)
    }
}

impl Scrape {
    fn logins(&self, families: &mut Families<'_>) -> fmt::Result {
        let Totals { block, starts, endings } = &self.totals;
        let accepted = starts.iter().flat_map(|(tenant, starts)| {
            by(Start::ALL, Start::as_str, &starts.0)
                .map(move |(result, count)| ([("tenant", tenant.as_str()), ("result", result)], count))
        });
        let unknown = [("tenant", UNKNOWN), ("result", Start::Refused.as_str())];
        let all = accepted.chain([(unknown, block.refused_starts.value())]);
        families.counters("idv_starts", "Logins that began, or were refused at once.", all)?;
        let reasons =
            by(Reason::ALL, Reason::as_str, &block.refusals).map(|(reason, count)| ([("reason", reason)], count));
        families.counters("idv_refusals", "Requests that were refused, as the log names the cause.", reasons)?;
        let outcomes = endings.iter().flat_map(|((tenant, method), endings)| {
            OUTCOMES.iter().zip(&endings.outcomes).map(move |(outcome, count)| {
                let labels = [("tenant", tenant.as_str()), ("method", method.as_str()), ("outcome", outcome.as_str())];
                (labels, count.value())
            })
        });
        families.counters("idv_outcomes", "How logins ended.", outcomes)?;
        let methods = self.totals.took();
        let methods = methods.iter().map(|(method, took)| ([("method", *method)], took));
        families.histograms("idv_decision_duration_seconds", "From a login's token to its end.", &SITTINGS, methods)
    }

    fn requests(&self, families: &mut Families<'_>) -> fmt::Result {
        let Block { responses, requests, handshakes, turned_away, .. } = &self.totals.block;
        let answered = Route::ALL.iter().zip(responses).flat_map(|(route, classes)| {
            by(Class::ALL, Class::as_str, classes)
                .map(|(class, count)| ([("route", route.as_str()), ("class", class)], count))
        });
        families.counters("idv_responses", "Answers.", answered)?;
        let took = Route::ALL.iter().zip(requests).map(|(route, took)| ([("route", route.as_str())], took));
        families.histograms(
            "idv_request_duration_seconds",
            "From a request's head to its answer, the way to the browser not counted.",
            &MOMENTS,
            took,
        )?;
        let handshakes = Handshake::ALL.iter().zip(handshakes).map(|(handshake, count)| {
            let (result, resumed) = match handshake {
                Handshake::Full => ("done", "false"),
                Handshake::Resumed => ("done", "true"),
                Handshake::Failed => ("failed", "false"),
            };
            ([("result", result), ("resumed", resumed)], count.value())
        });
        families.counters("idv_handshakes", "TLS handshakes.", handshakes)?;
        let turned_away =
            by(TurnedAway::ALL, TurnedAway::as_str, turned_away).map(|(who, count)| ([("reason", who)], count));
        families.counters("idv_turned_away", "Who was not served, as the log names them.", turned_away)?;
        families.gauge("idv_connections", "Open connections.", Some(self.connections))
    }

    fn store(&self, families: &mut Families<'_>) -> fmt::Result {
        let Block { commits, batches, .. } = &self.totals.block;
        families.counter("idv_commits", "Transactions that are durable.", commits.count())?;
        families.histogram("idv_commit_duration_seconds", "What such a transaction took.", &MOMENTS, commits)?;
        families.histogram("idv_commit_batch_size", "How many shared one.", &BATCHES, batches)?;
        families.gauge("idv_store_bytes", "What the store's file takes.", self.space.map(|space| space.file))?;
        families.gauge("idv_store_free_bytes", "What is free beside it.", self.space.map(|space| space.free))?;
        let is_writable = self.checks.is_passed("store");
        families.gauge("idv_store_writable", "Whether the store takes changes.", Some(u32::from(is_writable)))?;
        let help = "Whether unused pages of the store may hold traces of who was erased, and removing them failed.";
        families.gauge("idv_store_traces", help, Some(u32::from(self.has_traces)))?;
        let help = "Codes that wait to be used, of the first 10000 people.";
        families.gauge("idv_codes_waiting", help, self.codes_waiting)?;
        if let Some(entries) = self.audit_entries {
            families.counter("idv_audit_entries", "Entries that the audit log has.", entries)?;
        }
        let backed_up_at = self.backed_up_at.map(Timestamp::as_unix);
        families.gauge("idv_backup_last_success_timestamp_seconds", "When a backup was last whole.", backed_up_at)
    }

    /// Where nobody is verified by document, none of it is known.
    fn evidence(&self, families: &mut Families<'_>) -> fmt::Result {
        let (evidence, space) = (self.evidence.as_ref(), self.evidence.as_ref().and_then(|evidence| evidence.space));
        let has_room = evidence.map(|evidence| u32::from(evidence.has_room));
        families.gauge("idv_evidence_writable", "Whether photos are taken in.", has_room)?;
        families.gauge("idv_evidence_objects", "Photos on disk.", space.map(|space| space.files))?;
        families.gauge("idv_evidence_bytes", "What they take.", space.map(|space| space.bytes))?;
        let epochs = evidence.map(|evidence| evidence.epochs);
        families.gauge("idv_evidence_epochs", "Keys that photos are shredded by.", epochs)?;
        self.uploads(families)?;
        let help = "Since when the first photo waits to be shredded that was deleted.";
        families.gauge("idv_evidence_unshredded_seconds", help, evidence.map(|evidence| evidence.unshredded.as_secs()))
    }

    fn uploads(&self, families: &mut Families<'_>) -> fmt::Result {
        let Block { uploads, developed, .. } = &self.totals.block;
        let (results, developed) = self.evidence.as_ref().map(|_| (uploads, developed)).unzip();
        let results = results.into_iter().flat_map(|uploads| by(Upload::ALL, Upload::as_str, uploads));
        let results = results.map(|(result, count)| ([("result", result)], count));
        families.counters("idv_uploads", "Photos that were sent.", results)?;
        let help = "What a photo took to be looked at and made anew, its wait for that included.";
        let developed = developed.map(|developed| (UNLABELLED, developed));
        families.histograms("idv_upload_development_seconds", help, &MOMENTS, developed)?;
        families.gauge("idv_upload_bytes", "What photos take in memory that are on their way.", self.upload_bytes)
    }

    fn cases(&self, families: &mut Families<'_>) -> fmt::Result {
        let counts = self.cases.iter().flat_map(|cases| Kept::CASES.into_iter().zip(cases.counts));
        let counts = counts.map(|(state, count)| ([("state", state)], count));
        families.gauges("idv_cases", "Cases of people who sent photos, by where they stand.", counts)?;
        let decisions = self.cases.iter().map(|_| &self.totals.block.decisions);
        let decisions = decisions.flat_map(|decisions| by(Decision::ALL, Decision::as_str, decisions));
        let decisions = decisions.map(|(outcome, count)| ([("outcome", outcome)], count));
        families.counters("idv_case_decisions", "What was decided of cases.", decisions)?;
        let seconds = self.cases.iter().flat_map(|cases| [("true", cases.agreed), ("false", cases.differed)]);
        let seconds = seconds.map(|(agreed, count)| ([("agreed", agreed)], count));
        let help = "Cases that are kept and two decided of, by whether they agreed.";
        families.gauges("idv_case_second_verdicts", help, seconds)?;
        let oldest = self.cases.as_ref().and_then(|cases| cases.oldest).map(Timestamp::as_unix);
        let help = "Since when the case waits to be decided that waits longest.";
        families.gauge("idv_case_oldest_waiting_timestamp_seconds", help, oldest)
    }

    fn standing(&self, families: &mut Families<'_>) -> fmt::Result {
        let version = iter::once(([("version", env!("CARGO_PKG_VERSION"))], 1_u32));
        families.gauges("idv_build_info", "The version that runs.", version)?;
        families.gauge("idv_ready", "What /readyz says.", Some(u32::from(self.checks.are_passed())))?;
        let is_sane = self.checks.is_passed("clock");
        families.gauge(
            "idv_clock_sane",
            "Whether the clock is not behind the newest record.",
            Some(u32::from(is_sane)),
        )?;
        let [from, until] = [|good: Validity| good.not_before, |good: Validity| good.not_after]
            .map(|end| self.certificate.map(|good| end(good).as_unix()));
        families.gauge("idv_certificate_not_before_timestamp_seconds", "The certificate's first second.", from)?;
        families.gauge("idv_certificate_not_after_timestamp_seconds", "The certificate's last second.", until)?;
        let reloads = by(Reload::ALL, Reload::as_str, &self.totals.block.reloads);
        let reloads = reloads.map(|(result, count)| ([("result", result)], count));
        families.counters("idv_reloads", "Reloads of the configuration.", reloads)?;
        families.counter("idv_log_lines_lost", "Lines of the log that nobody read in time.", self.lines_lost)
    }

    fn process(&self, families: &mut Families<'_>) -> fmt::Result {
        let started_at = Some(self.started_at.as_unix());
        families.gauge("process_start_time_seconds", "When the process began.", started_at)?;
        families.gauge("process_resident_memory_bytes", "Its memory.", process::resident_bytes())?;
        families.counter("process_cpu_seconds", "The time that it was given.", process::cpu_time().as_secs_f64())?;
        families.gauge("process_open_fds", "Its open files and sockets.", process::open_descriptors())?;
        families.gauge("process_max_fds", "How many it may have.", process::most_descriptors())
    }
}

/// What was counted by a list of labels.
fn by<'c, L: Copy>(
    labels: &'static [L],
    name: fn(L) -> &'static str,
    counters: &'c [Counter],
) -> impl Iterator<Item = (&'static str, u64)> + use<'c, L> {
    labels.iter().zip(counters).map(move |(label, counter)| (name(*label), counter.value()))
}

/// Where families of metrics are written, each under a name without what its kind adds to it.
struct Families<'e>(DescriptorEncoder<'e>);

impl Families<'_> {
    fn counters<L: EncodeLabelSet, V: EncodeCounterValue>(
        &mut self,
        name: &str,
        help: &str,
        all: impl IntoIterator<Item = (L, V)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in all {
            family.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(&value, None)?;
        }
        Ok(())
    }

    fn counter(&mut self, name: &str, help: &str, value: impl EncodeCounterValue) -> fmt::Result {
        self.counters(name, help, iter::once((UNLABELLED, value)))
    }

    fn gauges<L: EncodeLabelSet, V: EncodeGaugeValue>(
        &mut self,
        name: &str,
        help: &str,
        all: impl IntoIterator<Item = (L, V)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in all {
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    /// What is not known is left out.
    fn gauge(&mut self, name: &str, help: &str, value: Option<impl EncodeGaugeValue>) -> fmt::Result {
        self.gauges(name, help, value.map(|value| (UNLABELLED, value)))
    }

    fn histograms<'h, L: EncodeLabelSet, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        bounds: &Bounds<N>,
        all: impl IntoIterator<Item = (L, &'h Histogram<N>)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, histogram) in all {
            let (parts, sum) = histogram.read(bounds);
            let count = parts.iter().map(|(_, count)| count).sum();
            family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &parts, None)?;
        }
        Ok(())
    }

    fn histogram<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        bounds: &Bounds<N>,
        histogram: &Histogram<N>,
    ) -> fmt::Result {
        self.histograms(name, help, bounds, iter::once((UNLABELLED, histogram)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_metrics_are_for_who_asks_for_them_and_text_is_for_all_others() {
        for (accept, format) in [
            ("", Format::Text),
            ("*/*", Format::Text),
            ("text/plain", Format::Text),
            ("application/openmetrics-text", Format::OpenMetrics),
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", Format::OpenMetrics),
            ("Application/OpenMetrics-Text;version=1.0.0", Format::OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", Format::Text),
            ("application/openmetrics-text;version=1.0.0;q=0", Format::Text),
            ("application/openmetrics-texts", Format::Text),
            // As Prometheus 2.42 and 3 ask.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4",
                Format::OpenMetrics,
            ),
        ] {
            assert_eq!(Format::accepted(accept), format, "{accept}");
        }
    }
}
