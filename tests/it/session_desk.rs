//! `POST /session/ID/desk`: the person types a code of the desk.

use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::verification::account::Account;
use idv::verification::method::Evidence;
use idv::verification::method::desk::{Code, CodeError, TYPED_LIMIT, Vouch};
use idv::verification::outcome::Status;

use crate::support::acts::Acts;
use crate::support::browser::Browser;
use crate::support::token::{self, SECRET, SUBJECT};
use crate::support::world::{POLICY, WRONG_CODE, World, block_on, subject};

fn answer(browser: &mut Browser, session: &str, code: &str) -> crate::support::browser::Page {
    let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    browser.post(&format!("{session}/desk"), &format!("code={code}"))
}

fn checks(world: &World) -> Vec<idv::verification::check::CheckRecord> {
    let record = world.app.store.subject(&subject(SUBJECT)).unwrap().unwrap();
    world.app.store.checks(&record, 100).unwrap()
}

#[test]
fn the_right_code_verifies_and_is_recorded_with_its_evidence() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("right"));
    let back = answer(&mut browser, &session, &world.issue());
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "success");
    let checks = checks(&world);
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].status, checks[0].at.as_unix()), (Status::Success, world.now()));
    assert!(
        matches!(&checks[0].evidence, Evidence::Vouch(vouch) if vouch.by == "desk" && vouch.issued_at.as_unix() == world.now())
    );
}

/// `code` in full-width characters.
fn wide(code: &str) -> String {
    code.chars().map(|c| char::from_u32(u32::from(c) - 0x20 + 0xff00).unwrap()).collect()
}

/// `code` with `mark` after each of its characters.
fn marked(code: &str, mark: &str) -> String {
    code.chars().flat_map(|c| [c.to_string(), mark.to_owned()]).collect()
}

/// The spellings in which `code` comes from a keyboard, a chat, a list, a dialog or another script.
fn spellings(code: &str) -> Vec<String> {
    let dashes = [
        "", " ", " – ", "\u{2011}", "—", "−", "ー", "ｰ", "－", "‐", "~", "・", "/", "_", ".", "\u{a0}", "\t", "\r\n",
        "一", "ـ", "ㅡ", "\r", "、",
    ];
    let mut spellings: Vec<_> = dashes.into_iter().map(|dash| code.replace('-', dash)).collect();
    spellings.extend([
        code.to_lowercase(),
        wide(code),
        wide(&code.to_lowercase()),
        format!("\"{code}\""),
        format!("“{code}”"),
        format!("„{code}“"),
        format!("«{code}»"),
        format!("'{code}'."),
        format!("`{code}`"),
        format!("**{code}**"),
        format!("({code})"),
        format!("> {code}"),
        format!("• {code}"),
        format!("- {code}"),
        format!("1. {code}"),
        format!(" 12) {code}"),
        format!("(3) {code}"),
        format!("\u{200e}4. {code}"),
        format!("7\u{fe0f}\u{20e3} {code}"),
        format!("１．　{}", wide(code)),
        format!("\u{feff}{code}"),
        format!("\u{200e}{code}\u{200f}"),
        format!("\u{61c}{code}"),
        format!("\u{2066}{code}\u{2069}"),
        format!("\u{202a}{code}\u{202c}"),
        format!("\u{202e}{code}"),
        format!("{code}\0"),
        marked(code, "\u{200b}"),
        marked(code, "\u{2060}"),
        marked(code, "\u{ad}"),
        marked(code, "\u{3164}"),
        marked(code, "\u{ffa0}"),
        marked(code, "\u{115f}"),
        marked(code, "\u{fe0f}"),
        marked(code, "\u{fe0f}\u{20e3}"),
        marked(code, " "),
    ]);
    spellings
}

#[test]
fn a_right_code_in_another_spelling_is_right() {
    // Fifteen of 28 were refused.
    let world = World::new();
    let mut browser = world.browser();
    let (letters, digits) = ("ACDE-FGHJ-KMNP", "3479-3479-3479");
    for (index, spelling) in spellings(letters).iter().zip(spellings(digits)).enumerate() {
        for (code, spelling) in [(letters, spelling.0), (digits, &spelling.1)] {
            let read = Code::parse(spelling).map(|code| code.display());
            assert_eq!(read.as_deref(), Ok(code), "{index}: {spelling:?}");
        }
    }
    let count = spellings(letters).len();
    assert!(count >= 28, "{count}");
    for index in (0..count).step_by(5) {
        let session = browser.begin(&world.token(&index.to_string()));
        let spelling = spellings(&world.issue()).swap_remove(index);
        assert_eq!(answer(&mut browser, &session, &spelling).status, StatusCode::SEE_OTHER, "{spelling:?}");
    }
}

#[test]
fn the_digits_of_another_keyboard_are_digits() {
    // An Arabic keyboard wrote ٣ for 3, and a right code was refused for a character that no code has.
    let digits = [
        ["٣٤٧٩", "٣. "],
        ["۳۴۷۹", "۲) "],
        ["३४७९", "१. "],
        ["৩৪৭৯", "১. "],
        ["๓๔๗๙", "๑. "],
        ["３４７９", "１. "],
        ["𝟛𝟜𝟟𝟡", "① "],
    ];
    for [digits, number] in digits {
        for typed in
            [format!("ACDE-{digits}-xyz{}", &digits[..digits.len() / 4]), format!("{number}ACDE {digits} XYZ3")]
        {
            assert_eq!(Code::parse(&typed).map(|code| code.display()).as_deref(), Ok("ACDE-3479-XYZ3"), "{typed}");
        }
    }
    for refused in ["ACDE-٠٤٧٩-XYZ3", "ACDE-٥٤٧٩-XYZ3", "ACDE-〇479-XYZ3", "ACDE-二479-XYZ3"] {
        assert_eq!(Code::parse(refused).map(|code| code.display()), Err(CodeError::Symbol), "{refused}");
    }
}

#[test]
fn what_is_no_code_is_told_and_costs_no_attempt() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("typing"));
    let longest = format!("AAAA-AAAA-AAAA{}", "-".repeat(TYPED_LIMIT - 13));
    for typed in [
        "",
        "AAAA",
        "AAAA-AAAA-AAAA-A",
        "AAAA-AAAA-AAA0",
        "<script>",
        "ÄÄÄÄ-AAAA-AAAA",
        "АААА-AAAA-AAAA",
        "1 2 AAAA-AAAA-AAAA",
        "123. AAAA-AAAA-AAAA",
        "一AAA-AAAA-AAAA",
        &longest,
        &"A".repeat(5000),
    ] {
        let page = answer(&mut browser, &session, typed);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.body.contains("role=\"alert\"") && page.body.contains("aria-invalid=\"true\""));
        assert!(!page.body.contains("attempts left"), "{typed}");
    }
    assert!(answer(&mut browser, &session, &longest[..TYPED_LIMIT]).body.contains("4 attempts left"));
}

#[test]
fn what_was_typed_wrongly_stays_in_the_field_to_be_mended_and_runs_nothing() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("mend"));
    let field = |page: &str| {
        let (_, field) = page.split_once("<input id=\"code\"").unwrap();
        let (_, value) = field.split_once(" value=\"").unwrap();
        value.split_once('"').unwrap().0.to_owned()
    };
    let empty = browser.get(&session);
    assert_eq!(field(&empty.body), "");
    assert!(!empty.body.contains("<script"), "there is nothing to select");
    for (typed, stays) in [
        ("AAAA-AAAA-AAA", "AAAA-AAAA-AAA".to_owned()),
        ("aaaa ー AAAO", "aaaa ー AAAO".to_owned()),
        (WRONG_CODE, WRONG_CODE.to_owned()),
        (
            "\"><script>alert('1')</script>&",
            "&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#38;".to_owned(),
        ),
        ("\u{202e}AAAA\0\r\n\u{200b}\u{feff}\u{3164}\u{2800}", "AAAA".to_owned()),
        (&"é".repeat(1000), "é".repeat(85)),
    ] {
        let page = answer(&mut browser, &session, typed);
        assert_eq!(field(&page.body), stays, "{typed:?}");
        let (_, script) = page.body.split_once("<script src=\"").unwrap();
        let script = browser.get(script.split_once('"').unwrap().0);
        assert!(script.body.contains("select()"), "what is typed next replaces it: {}", script.body);
        assert!(page.body.contains("aria-describedby=\"code-hint code-problem\"") && page.body.contains("autofocus"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    let code = world.issue();
    world.pass(POLICY.code_lifetime);
    let session = browser.begin(&world.token("too late"));
    assert_eq!(field(&answer(&mut browser, &session, &code).body), code, "one that has expired");
}

/// As many well-formed codes as there are numbers, none of which anybody issued.
fn wrong(number: u8) -> String {
    Code::from_random([number; 16]).display()
}

fn attempts_left(page: &crate::support::browser::Page) -> String {
    let (before, _) = page.body.split_once(" left.</p>").unwrap_or_else(|| panic!("{}", page.body));
    before.rsplit_once("You have ").unwrap().1.to_owned()
}

#[test]
fn the_same_wrong_code_in_the_same_session_counts_once() {
    // A double tap cost two attempts, and so did a reload.
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("again"));
    for (number, left) in
        [(1, "4 attempts"), (1, "4 attempts"), (2, "3 attempts"), (1, "3 attempts"), (2, "3 attempts")]
    {
        assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(number))), left, "{number}");
    }
    let otherwise = wide(&wrong(2).to_lowercase().replace('-', ""));
    assert_eq!(attempts_left(&answer(&mut browser, &session, &otherwise)), "3 attempts", "in another spelling");
    let mut tab = world.browser();
    tab.cookies.clone_from(&browser.cookies);
    assert_eq!(attempts_left(&answer(&mut tab, &session, &wrong(1))), "3 attempts", "in another tab");
    assert_eq!(attempts_left(&answer(&mut tab, &session, &wrong(3))), "2 attempts");
    assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(3))), "2 attempts");
    assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(4))), "1 attempt");
    assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(1))), "1 attempt");
    let (one, two) = (answer(&mut browser, &session, &wrong(5)), answer(&mut browser, &session, &wrong(5)));
    assert_eq!(token::open(&one.parameter("token"), SECRET)["status"], "failed");
    assert_eq!(one.location(), two.location(), "and the last one once");
    assert_eq!(checks(&world).len(), 1);
}

#[test]
fn two_taps_on_a_wrong_code_at_once_count_once() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("taps"));
    let left: Vec<_> = thread::scope(|scope| {
        let tabs: Vec<_> = (0..16)
            .map(|_| {
                let mut tab = world.browser();
                tab.cookies.clone_from(&browser.cookies);
                let session = &session;
                scope.spawn(move || attempts_left(&answer(&mut tab, session, WRONG_CODE)))
            })
            .collect();
        tabs.into_iter().map(|tab| tab.join().unwrap()).collect()
    });
    assert!(left.iter().all(|left| left == "4 attempts"), "{left:?}");
}

#[test]
fn the_same_wrong_code_counts_anew_in_another_session_and_after_a_new_code_was_issued() {
    let world = World::new();
    let mut browser = world.browser();
    let (one, two) = (browser.begin(&world.token("one")), browser.begin(&world.token("two")));
    assert_eq!(attempts_left(&answer(&mut browser, &one, &wrong(1))), "4 attempts");
    assert_eq!(attempts_left(&answer(&mut browser, &two, &wrong(1))), "3 attempts", "another login");
    assert_eq!(attempts_left(&answer(&mut browser, &one, &wrong(1))), "3 attempts");
    world.issue();
    assert_eq!(attempts_left(&answer(&mut browser, &one, &wrong(2))), "4 attempts");
    assert_eq!(attempts_left(&answer(&mut browser, &one, &wrong(1))), "3 attempts", "of the new code it is one");
    assert_eq!(attempts_left(&answer(&mut browser, &one, &wrong(1))), "3 attempts");
}

#[test]
fn a_wrong_code_is_remembered_over_a_restart_and_when_the_code_is_revoked() {
    let world = World::new();
    world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("restart"));
    assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(1))), "4 attempts");
    assert!(block_on(world.app.store.revoke_code(subject(SUBJECT))).unwrap());
    let cookies = browser.cookies.clone();
    drop(browser);
    let world = world.restarted();
    let mut browser = world.browser();
    browser.cookies = cookies;
    assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(1))), "4 attempts");
    assert_eq!(attempts_left(&answer(&mut browser, &session, &wrong(2))), "3 attempts");
}

#[test]
fn what_was_a_wrong_code_and_is_now_the_right_one_is_right() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("now right"));
    let right = Code::from_random([1; 16]);
    assert_eq!(attempts_left(&answer(&mut browser, &session, &right.display())), "4 attempts");
    let vouch = Vouch { by: "desk".into(), account: Account::Root, issued_at: world.app.clock.now(), note: None };
    block_on(world.app.store.issue_code(subject(SUBJECT), right, vouch, POLICY)).unwrap();
    assert_eq!(answer(&mut browser, &session, &wrong(1)).status, StatusCode::SEE_OTHER);
}

#[test]
fn wrong_codes_count_against_the_subject_across_sessions() {
    let world = World::new();
    let code = world.issue();
    for (index, left) in ["4 attempts left", "3 attempts left", "2 attempts left", "1 attempt left"].iter().enumerate()
    {
        let mut browser = world.browser();
        let session = browser.begin(&world.token(&index.to_string()));
        let page = answer(&mut browser, &session, WRONG_CODE);
        assert!(page.body.contains(left), "{left} in {}", page.body);
    }
    let mut browser = world.browser();
    let session = browser.begin(&world.token("last"));
    let back = answer(&mut browser, &session, WRONG_CODE);
    assert_eq!(token::open(&back.parameter("token"), SECRET)["status"], "failed");
    assert_eq!(checks(&world)[0].status, Status::Failed);
    // The code is dead, even for who has it.
    let session = browser.begin(&world.token("after"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn nobody_learns_whether_a_code_waits() {
    let (with, without) = (World::new(), World::new());
    with.issue();
    let mut pages = Vec::new();
    for world in [with, without] {
        let mut browser = world.browser();
        let session = browser.begin(&world.token("probe"));
        pages.push(
            [1, 1, 2, 3, 1, 4, 5]
                .map(|number| answer(&mut browser, &session, &wrong(number)).body.replace(&session, "")),
        );
    }
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn a_code_is_bound_to_its_subject() {
    let world = World::new();
    let code = world.issue_for("auth0|somebody-else");
    let mut browser = world.browser();
    let session = browser.begin(&world.token("bound"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_code_is_good_once() {
    let world = World::new();
    let code = world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("once"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::SEE_OTHER);
    let session = browser.begin(&world.token("twice"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_code_is_good_until_the_instant_it_expires() {
    let world = World::new();
    let code = world.issue();
    world.pass(POLICY.code_lifetime);
    let mut browser = world.browser();
    let session = browser.begin(&world.token("late"));
    let page = answer(&mut browser, &session, &code);
    assert!(page.body.contains("This code has expired"), "{}", page.body);
    assert!(answer(&mut browser, &session, WRONG_CODE).body.contains("4 attempts left"), "and that cost no attempt");

    let code = world.issue();
    world.pass(POLICY.code_lifetime.checked_sub(Duration::from_secs(1)).unwrap());
    let session = browser.begin(&world.token("in time"));
    assert_eq!(answer(&mut browser, &session, &code).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_new_code_replaces_the_one_before_and_brings_all_attempts_back() {
    let world = World::new();
    let old = world.issue();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("replace"));
    for number in 1..=4 {
        answer(&mut browser, &session, &wrong(number));
    }
    let new = world.issue();
    assert!(answer(&mut browser, &session, &old).body.contains("4 attempts left"));
    assert_eq!(answer(&mut browser, &session, &new).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_wrong_code_claims_the_token_for_its_browser() {
    // Design: the first browser that acts wins.
    let world = World::new();
    let (mut first, mut second) = (world.browser(), world.browser());
    let token = world.token("claim");
    let (session, late) = (first.begin(&token), second.begin(&token));
    answer(&mut first, &session, WRONG_CODE);
    assert_eq!(second.get(&late).status, StatusCode::CONFLICT);
    assert_eq!(answer(&mut second, &late, &world.issue()).status, StatusCode::CONFLICT);
    assert_eq!(answer(&mut first, &session, &world.issue()).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_double_click_is_one_check_with_one_answer() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("double"));
    let code = world.issue();
    let (one, two) = (answer(&mut browser, &session, &code), answer(&mut browser, &session, &code));
    assert_eq!(one.location(), two.location());
    assert_eq!(checks(&world).len(), 1);
}

#[test]
fn many_submissions_at_once_are_one_check() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("race"));
    let code = world.issue();
    let answers: Vec<_> = thread::scope(|scope| {
        (0..32)
            .map(|_| {
                let mut tab = world.browser();
                tab.cookies.clone_from(&browser.cookies);
                let (session, code) = (session.clone(), code.clone());
                scope.spawn(move || answer(&mut tab, &session, &code).location().to_owned())
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|submission| submission.join().unwrap())
            .collect()
    });
    assert!(answers.iter().all(|location| *location == answers[0]), "one answer");
    assert_eq!(checks(&world).len(), 1, "one check");
}

#[test]
fn many_browsers_with_one_token_are_one_success() {
    let world = World::new();
    let (token, code) = (world.token("many"), world.issue());
    let statuses: Vec<_> = thread::scope(|scope| {
        let browsers: Vec<_> = (0..32)
            .map(|_| {
                let mut browser = world.browser();
                let session = browser.begin(&token);
                (browser, session)
            })
            .collect();
        let submissions: Vec<_> = browsers
            .into_iter()
            .map(|(mut browser, session)| {
                let code = code.clone();
                scope.spawn(move || answer(&mut browser, &session, &code).status)
            })
            .collect();
        submissions.into_iter().map(|submission| submission.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CONFLICT).count(), 31, "{statuses:?}");
    assert_eq!(checks(&world).len(), 1);
}

#[test]
fn what_is_not_a_small_form_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("form"));
    assert_eq!(browser.post(&format!("{session}/desk"), &"x".repeat(8193)).status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(browser.send("PUT", &format!("{session}/desk"), "").status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        browser.get(&format!("{session}/simulated")).status,
        StatusCode::NOT_FOUND,
        "a trial's method is none here"
    );
    assert_eq!(browser.post(&format!("{session}/simulated"), "outcome=success").status, StatusCode::NOT_FOUND);
}
