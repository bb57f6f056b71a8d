//! `/session/ID/desk`: the person types a code of the organisation's desk.

use std::sync::LazyLock;

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};

use crate::ops::text;
use crate::verification::decision::{self, Answered};
use crate::verification::method::desk::{Code, CodeError, KEY, TYPED_LIMIT, Told, Typed};
use crate::verification::method::{self, Reply};
use crate::verification::session::Session;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::{Catalogue, Language, Texts, catalogues};
use crate::web::terms::{self, Terms};
use crate::web::visit::Visit;
use crate::web::{Answer, App, finish, page};

/// The most characters that the field for a code takes: fewer bytes than are read as one.
const FIELD_LENGTH: usize = TYPED_LIMIT / 3;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("desk/locales/")));

/// The method's addresses.
#[derive(Clone, Copy)]
pub(in crate::web) enum Step {
    /// The code, and whatever there is to say of it.
    Code,
}

impl Step {
    pub(super) fn named(_: &str) -> Option<Self> {
        None
    }

    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::Code => &terms::USUAL,
        }
    }
}

pub(super) fn label(language: Language) -> &'static str {
    TEXTS.of(language).say("desk-choice")
}

pub(super) fn page(visit: &Visit<'_>, step: Step) -> Answer {
    match step {
        Step::Code => ask(visit, None),
    }
}

pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    match step {
        Step::Code => judge(visit, &form.field("code").await?).await,
    }
}

async fn judge(visit: &Visit<'_>, typed: &str) -> Result<Answer, Refusal> {
    let Visit { app, session, .. } = visit;
    let policy = app.methods.desk.ok_or(Refusal::NotFound)?;
    let again = |problem| Ok(ask(visit, Some((typed, problem))));
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(CodeError::Length) => return again(Problem::Length),
        Err(CodeError::Symbol) => return again(Problem::Symbol),
    };
    let typed = Typed::new(&code, policy, &app.store.key(KEY), &session.subject, session.id);
    let (answered, happened) = visit.act(decision::Step::Answer(method::Answer::Desk(typed))).await?;
    match answered {
        Answered::Told(Reply::Desk(Told::Wrong { attempts_left } | Told::Again { attempts_left })) => {
            again(Problem::Wrong { attempts_left })
        }
        Answered::Told(Reply::Desk(Told::TooLate)) => {
            // Whoever has an expired code may type it for ever.
            if !visit.has_line() {
                happened.keep_quiet();
            }
            again(Problem::TooLate)
        }
        answered => finish::close(visit, &answered),
    }
}

/// What a typed code came to, if it did not end the session.
#[derive(Clone, Copy)]
enum Problem {
    Length,
    Symbol,
    Wrong { attempts_left: u8 },
    TooLate,
}

impl Problem {
    fn told_in(self, texts: &'static Catalogue) -> String {
        match self {
            Self::Length => texts.say("desk-length").to_owned(),
            Self::Symbol => texts.say("desk-symbol").to_owned(),
            Self::TooLate => texts.say("desk-too-late").to_owned(),
            Self::Wrong { attempts_left } => texts.count("desk-wrong", "attempts", attempts_left.into()),
        }
    }
}

#[derive(Template)]
#[template(path = "desk/code.html", config = "src/web/askama.toml")]
struct CodePage<'a> {
    app: &'a App,
    language: Language,
    texts: &'static Catalogue,
    session: &'a Session<'a>,
    time_left: String,
    problem: Option<String>,
    typed: String,
    longest: usize,
}

/// The page: for whom, until when, the code, and the way out. What was typed, where it met a problem, stays in the field to
/// be mended.
fn ask(visit: &Visit<'_>, typed: Option<(&str, Problem)>) -> Answer {
    let &Visit { app, ref session, language, .. } = visit;
    let texts = TEXTS.of(language);
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (typed, problem) = typed.map_or((String::new(), None), |(typed, problem)| (legible(typed), Some(problem)));
    let problem = problem.map(|problem| problem.told_in(texts));
    let time_left = visit.time_left();
    let page = CodePage { app, language, texts, session, time_left, problem, typed, longest: FIELD_LENGTH };
    page::form(status, &page, Step::Code.terms())
}

/// What a person can see of `typed`, as far as the field takes it.
fn legible(typed: &str) -> String {
    text::seen(typed).take(FIELD_LENGTH).collect()
}
