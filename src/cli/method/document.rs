//! `idv case` and `idv document`: cases at a terminal, and what people are promised.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use data_encoding::BASE64;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use self::shown::{print_case, print_row};
use crate::cli::operate::operate;
use crate::cli::output;
use crate::config::Config;
use crate::control::Request;
use crate::control::method::document::{self, Wanted};
use crate::ops::file;
use crate::verification::method::document::Slot;

mod notice;
mod shown;

pub(super) use self::shown::tell_evidence;

/// `idv case`.
#[derive(Subcommand)]
pub(in crate::cli) enum OfCase {
    /// List the cases that are open, oldest first.
    List,
    /// Show all that is known of a case but its photos: where it stands, which questions are asked, its revision.
    Show {
        /// Its number.
        number: u64,
    },
    /// Verify the person. Every question has to be answered yes.
    Approve(Decision),
    /// Do not. Every question has to be answered, one of them no.
    Reject(Because),
    /// Have the person send better photos.
    AskAgain(Because),
    /// Write a photo of a case into a new file, in clear, for root alone. It is recorded that it was looked at.
    Picture {
        /// The case's number.
        number: u64,
        /// Which photo: front, back, selfie or pose.
        slot: String,
        /// The file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Keep everything of a case, whatever its time.
    Hold {
        /// Its number.
        number: u64,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Lift a hold: time goes on.
    Unhold {
        /// Its number.
        number: u64,
    },
    /// Take a case from the reviewer who has it to themselves, for others to have.
    Unclaim {
        /// Its number.
        number: u64,
    },
}

#[derive(Args)]
pub(in crate::cli) struct Decision {
    /// The case's number.
    number: u64,
    /// The case's revision, as `idv case show` printed it: what is decided is what was seen.
    #[arg(long)]
    revision: u32,
    /// Who decides, recorded as such beside the account that asks.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// The answer to a question, such as `genuine=yes`: yes, no or `cannot_tell`. `all=yes` answers every one that has no
    /// answer of its own.
    #[arg(long = "answer", value_name = "QUESTION=ANSWER", value_parser = answer)]
    answers: Vec<(String, String)>,
}

#[derive(Args)]
pub(in crate::cli) struct Because {
    #[command(flatten)]
    decision: Decision,
    /// Why: to reject a code, to ask again a photo and a code, such as front=blurred. Can be given several times.
    #[arg(long = "reason", value_name = "CODE", required = true)]
    reasons: Vec<String>,
}

/// `idv document`.
#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    /// Print what people are told before they send photos, with all periods: for your privacy statement.
    Notice {
        /// In which language: its tag, such as de.
        #[arg(long, value_name = "TAG", default_value = "en", value_parser = notice::language)]
        language: String,
    },
    /// Delete the photos of a case now, and what opens them. A case that is open lapses by that.
    Forget {
        /// The case's number.
        #[arg(long, value_name = "NUMBER")]
        case: u64,
    },
}

fn answer(text: &str) -> Result<(String, String), String> {
    let (question, answer) = text.split_once('=').ok_or("write QUESTION=ANSWER, such as genuine=yes")?;
    Ok((question.to_owned(), answer.to_owned()))
}

pub(super) fn run(config: &Config, command: &Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Notice { language } => notice::print(config, language, json)?,
        Command::Forget { case } => {
            let answer = ask(config, document::Request::Forget { number: *case })?;
            tell(&answer, "The photos are deleted.", "There were none.", json)?;
            if answer["left"].as_u64().is_some_and(|left| left > 0) {
                output::aside(
                    "What opens them is there yet, since others are just being taken in: it goes within minutes.",
                );
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run_of_case(config: &Config, command: OfCase, json: bool) -> anyhow::Result<ExitCode> {
    let (request, done, nothing) = match command {
        OfCase::List => {
            list(config, json)?;
            return Ok(ExitCode::SUCCESS);
        }
        OfCase::Show { number } => {
            let case = ask(config, document::Request::Show { number })?;
            if json {
                output::json(&case)?;
            } else {
                print_case(case)?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        OfCase::Approve(decision) => (decision.request(Wanted::Approve, vec![]), "The case is decided.", ""),
        OfCase::Reject(Because { decision, reasons }) => {
            (decision.request(Wanted::Reject, reasons), "The case is decided.", "")
        }
        OfCase::AskAgain(Because { decision, reasons }) => {
            (decision.request(Wanted::AskAgain, reasons), "Better photos are asked for.", "")
        }
        OfCase::Picture { number, slot, out } => {
            picture(config, number, &slot, &out, json)?;
            return Ok(ExitCode::SUCCESS);
        }
        OfCase::Hold { number, reason } => {
            (document::Request::Hold { number, reason }, "Everything of the case is kept until the hold is lifted.", "")
        }
        OfCase::Unhold { number } => {
            (document::Request::Unhold { number }, "The hold is lifted.", "The case was not on hold.")
        }
        OfCase::Unclaim { number } => (document::Request::Unclaim { number }, "Anybody may have the case now.", ""),
    };
    tell(&ask(config, request)?, done, nothing, json)?;
    Ok(ExitCode::SUCCESS)
}

impl Decision {
    fn request(self, verdict: Wanted, reasons: Vec<String>) -> document::Request {
        let Self { number, revision, by, answers } = self;
        let answers: BTreeMap<_, _> = answers.into_iter().collect();
        document::Request::Decide { number, revision, verdict, reasons, answers, by }
    }
}

/// Nothing is asked for that could not be kept: it is recorded that it was looked at.
fn picture(config: &Config, number: u64, slot: &str, out: &Path, json: bool) -> anyhow::Result<()> {
    let slot = Slot::parse(slot).with_context(|| format!("{slot} is none of front, back, selfie and pose"))?;
    ensure!(!out.exists(), "{} exists and is left as it is; name a new file", out.display());
    let jpeg = look(config, document::Request::Picture { number, slot })?;
    file::make(out, &jpeg, 0o600).with_context(|| format!("cannot make {}", out.display()))?;
    output::aside("The photo lies there in clear, outside of what idv deletes: remove it once it was looked at.");
    if json { Ok(output::json(&json!({ "file": out }))?) } else { Ok(output::line(&out.display().to_string())?) }
}

fn look(config: &Config, request: document::Request) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    read(&ask(config, request)?)
}

fn read(answer: &Value) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let text = answer.get("jpeg").and_then(Value::as_str).context("the answer has no photo")?;
    Ok(Zeroizing::new(BASE64.decode(text.as_bytes())?))
}

/// A photo that is handed out, or why it is not.
pub(in crate::cli) type Photo = Result<Zeroizing<Vec<u8>>, String>;

/// The photos of the case of what was `exported` of somebody, each with a name for its file.
pub(in crate::cli) fn photos(config: &Config, exported: &Value) -> anyhow::Result<Vec<(String, Photo)>> {
    let case = &exported["methods"]["document"]["case"];
    let Some(number) = case["number"].as_u64() else { return Ok(vec![]) };
    let slots = case["photos"].as_array().into_iter().flatten().filter_map(|photo| photo["slot"].as_str());
    let photo = |slot: &str| {
        let known = Slot::parse(slot).with_context(|| format!("{slot} is no photo of a case"))?;
        let answer = ask(config, document::Request::Copy { number, slot: known })?;
        let photo = match answer["missing"].as_str() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(read(&answer)?),
        };
        Ok((format!("case-{number}-{slot}.jpg"), photo))
    };
    slots.map(photo).collect()
}

fn ask(config: &Config, request: document::Request) -> anyhow::Result<Value> {
    operate(config, &Request::Method(request.into()))
}

fn tell(answer: &Value, done: &str, nothing: &str, json: bool) -> anyhow::Result<()> {
    if json {
        return Ok(output::json(answer)?);
    }
    let is_changed = answer.get("changed").and_then(Value::as_bool).unwrap_or_default();
    Ok(output::line(if is_changed { done } else { nothing })?)
}

fn list(config: &Config, json: bool) -> anyhow::Result<()> {
    let (mut all, mut damaged, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let mut page = ask(config, document::Request::List { after })?;
        let cases = page.get_mut("cases").and_then(Value::as_array_mut).context("the answer has no cases")?;
        all.append(cases);
        damaged.extend(page["damaged"].as_array().into_iter().flatten().map(Value::to_string));
        after = page.get("next").and_then(Value::as_u64);
        if after.is_none() {
            break;
        }
    }
    if !damaged.is_empty() {
        let damaged = damaged.join(", ");
        output::aside(&format!(
            "The records of these cases are damaged: {damaged}. See idv store check, and idv restore."
        ));
    }
    all.sort_by_key(|case| (case.get("since").and_then(Value::as_u64), case.get("number").and_then(Value::as_u64)));
    if json {
        return Ok(output::json(&json!(all))?);
    }
    all.into_iter().try_for_each(print_row)
}
