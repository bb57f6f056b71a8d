//! The store: whether it takes and gives, and how much room it has.

use super::finding::Finding;
use crate::config::Config;
use crate::control::examination::Examination;
use crate::ops::size::mebibytes;
use crate::store::space::{Space, space};

const CHECK: &str = "store";
const EVIDENCE: &str = "evidence";
/// Less free space than this is worth a word.
const LEAST_FREE: u64 = 1024 * 1024 * 1024;
/// The free space in sizes of the store: it grows for years, and a copy of it needs room too.
const ROOM_TO_GROW: u64 = 10;

/// The store as the running service sees it; without one, only its room.
pub(super) fn examine(config: &Config, running: Option<&Examination>) -> Vec<Finding> {
    let Some(running) = running else {
        let room = space(&config.store_path).ok().map(room);
        let note = Finding::note(CHECK, "not asked whether it reads and writes: no service answers");
        return room.into_iter().chain([note]).collect();
    };
    let health = match (&running.unwritable, &running.unreadable) {
        (Some(error), _) => Finding::problem(
            CHECK,
            format!("it takes no change: {error}"),
            "free space on its file system; the service's log says what the disk says",
        ),
        (None, Some(error)) => Finding::problem(
            CHECK,
            format!("it does not read: {error}"),
            "stop the service and run: idv restore DIRECTORY",
        ),
        (None, None) if running.is_store_unexamined => {
            Finding::note(CHECK, "it is being looked through, since the service started: try again in a minute")
        }
        (None, None) => Finding::ok(CHECK, "it reads and writes"),
    };
    let space = running.store_bytes.zip(running.free_bytes).map(|(file, free)| Space { file, free });
    let evidence = running.evidence_off.iter().map(|off| Finding::problem(EVIDENCE, &off.text, &off.remedy));
    let remarks = running.remarks.iter().map(|remark| Finding::warning(CHECK, &remark.text, &remark.remedy));
    std::iter::once(health).chain(space.map(room)).chain(evidence).chain(remarks).collect()
}

fn room(Space { file, free }: Space) -> Finding {
    let (file_text, free_text) = (mebibytes(file), mebibytes(free));
    if free < LEAST_FREE || free < file.saturating_mul(ROOM_TO_GROW) {
        let text = format!("{free_text} are free, the store has {file_text}");
        return Finding::warning(CHECK, text, "free space on its file system: at least 1 GiB, and ten times the store");
    }
    Finding::ok(CHECK, format!("{free_text} are free, the store has {file_text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load::parse;
    use crate::config::sockets::Sockets;
    use crate::control::remark::Remark;
    use crate::doctor::finding::Level;

    #[test]
    fn what_the_service_would_have_an_operator_see_to_is_a_warning_with_its_remedy() {
        let text = "public_url = \"https://v.test\"\nserver.listen = [\"127.0.0.1:8001\"]\n[[tenants]]\ndomain = \"t.test\"\n\
                    token_secrets = [{ env = \"NONE\" }]";
        let config = parse(text).0.unwrap();
        let running = Examination {
            version: String::new(),
            public_url: String::new(),
            word: String::new(),
            answer: String::new(),
            console: None,
            sockets: Sockets::configured(&config),
            certificate: None,
            reload_refused: None,
            is_store_unexamined: false,
            unwritable: None,
            unreadable: None,
            evidence_off: Some(Remark { text: "no keys".into(), remedy: "remove them".into() }),
            remarks: vec![Remark { text: "it is so".into(), remedy: "mend it".into() }],
            store_bytes: None,
            free_bytes: None,
        };
        let findings = examine(&config, Some(&running));
        assert_eq!(
            findings,
            [
                Finding::ok(CHECK, "it reads and writes"),
                Finding::problem(EVIDENCE, "no keys", "remove them"),
                Finding::warning(CHECK, "it is so", "mend it"),
            ]
        );
    }

    #[test]
    fn less_than_a_gibibyte_or_ten_times_the_store_is_worth_a_word() {
        let level = |file, free| room(Space { file, free }).level;
        assert_eq!(level(0, LEAST_FREE), Level::Ok);
        assert_eq!(level(0, LEAST_FREE - 1), Level::Warning);
        assert_eq!(level(LEAST_FREE, 10 * LEAST_FREE), Level::Ok);
        assert_eq!(level(LEAST_FREE, 10 * LEAST_FREE - 1), Level::Warning);
    }
}
