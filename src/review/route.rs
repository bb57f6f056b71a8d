//! Every URL there is, and who may take it.

use hyper::http::request::Parts;

use super::Console;
use super::case::picture::{Look, Wanted};
use super::refusal::Refusal;
use crate::verification::operator::Role;
use crate::verification::operator::link::LinkToken;
use crate::web::assets::Asset;
use crate::web::error::Refusal as Malformed;

/// Where a request goes.
#[derive(Clone, Copy)]
pub(super) enum Route<'a> {
    /// The style sheet.
    Asset(&'a Asset),
    /// Everything else, all of which waits for the store or for its body.
    Wish(Wish),
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// The first page that is theirs.
    Home,
    /// How to sign in.
    SignIn,
    /// To sign in through the provider.
    SetOut,
    /// To come in from there.
    ComeBack,
    /// What a link is for.
    ShowLink(LinkToken),
    /// To sign in by it.
    UseLink(LinkToken),
    /// Who they are here.
    Me,
    /// To sign out.
    SignOut,
    /// The operators and their sessions.
    Operators,
    /// To do something to one.
    Operator(OperatorAct),
    /// The desk's codes.
    Desk,
    /// To do something about a code.
    Code(CodeAct),
    /// The next case.
    Next,
    /// To switch single keys on or off.
    Keys,
    /// A case, and why, where it is not theirs to decide.
    Case(u64, Option<Look>),
    /// A picture of it.
    Picture(u64, Wanted),
    /// To do something to it.
    CaseAct(u64, CaseAct),
    /// How reviewing goes.
    Figures,
}

/// What a supervisor does to an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OperatorAct {
    Link,
    Certify,
    Revoke,
    /// Ends a session.
    End,
}

/// What the desk does about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeAct {
    Issue,
    Revoke,
    /// Shows the codes that wait at one tenant.
    List,
}

/// What is done to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaseAct {
    Claim,
    Release,
    Verdict,
    Turn,
    Hold,
    Unhold,
    Undo,
}

/// Who may take a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admits {
    /// Whoever comes.
    Anybody,
    /// Whoever has signed in.
    Operators,
    /// Whoever has signed in and has the role.
    Only(Role),
}

const READ: &str = "GET, HEAD";
const WRITE: &str = "POST";
/// What has consequences has none for who asks for the head alone.
const BACK: &str = "GET";
const BOTH: &str = "GET, HEAD, POST";

impl<'a> Route<'a> {
    pub(super) fn of(console: &'a Console, parts: &Parts) -> Result<Self, Refusal> {
        let mut segments = parts.uri.path().strip_prefix('/').ok_or(Malformed::NotFound)?.split('/');
        let path = (segments.next().unwrap_or_default(), segments.next(), segments.next());
        let writes = parts.method == "POST";
        let (wish, allowed) = match path {
            ("", None, _) => (Wish::Home, READ),
            ("sign-in", None, _) => (Wish::SignIn, READ),
            ("sign-in", Some("provider"), None) => (Wish::SetOut, BACK),
            ("callback", None, _) => (Wish::ComeBack, BACK),
            ("sign-out", None, _) => (Wish::SignOut, WRITE),
            ("link", Some(token), None) => {
                let token = LinkToken::parse(token).ok_or(Refusal::Link)?;
                (if writes { Wish::UseLink(token) } else { Wish::ShowLink(token) }, BOTH)
            }
            ("me", None, _) => (Wish::Me, READ),
            ("operators", None, _) => (Wish::Operators, READ),
            ("operators", Some("link"), None) => (Wish::Operator(OperatorAct::Link), WRITE),
            ("operators", Some("certify"), None) => (Wish::Operator(OperatorAct::Certify), WRITE),
            ("operators", Some("revoke"), None) => (Wish::Operator(OperatorAct::Revoke), WRITE),
            ("operators", Some("end"), None) => (Wish::Operator(OperatorAct::End), WRITE),
            ("desk", None, _) => (Wish::Desk, READ),
            ("desk", Some("issue"), None) => (Wish::Code(CodeAct::Issue), WRITE),
            ("desk", Some("revoke"), None) => (Wish::Code(CodeAct::Revoke), WRITE),
            ("desk", Some("list"), None) => (Wish::Code(CodeAct::List), WRITE),
            ("next", None, _) => (Wish::Next, READ),
            ("keys", None, _) => (Wish::Keys, WRITE),
            ("case", Some(number), act) => {
                let rest = (act, segments.next(), segments.next());
                of_case(number, rest, parts.uri.query().unwrap_or_default()).ok_or(Malformed::NotFound)?
            }
            ("figures", None, _) => (Wish::Figures, READ),
            ("assets", Some(_), None) if parts.uri.path() == console.script.path() => {
                return is_allowed(parts, READ).map(|()| Self::Asset(&console.script));
            }
            ("assets", Some(_), None) if parts.uri.path() == console.style.path() => {
                return is_allowed(parts, READ).map(|()| Self::Asset(&console.style));
            }
            _ => return Err(Malformed::NotFound.into()),
        };
        is_allowed(parts, allowed).map(|()| Self::Wish(wish))
    }
}

/// What is below `/case/NUMBER`.
fn of_case(
    number: &str,
    rest: (Option<&str>, Option<&str>, Option<&str>),
    query: &str,
) -> Option<(Wish, &'static str)> {
    let number = number.parse().ok()?;
    let act = match rest {
        (None, ..) => {
            let look = if query.is_empty() { None } else { Some(Look::parse(query.strip_prefix("for=")?)?) };
            return Some((Wish::Case(number, look), READ));
        }
        (Some("picture"), Some(slot), None) => {
            return Some((Wish::Picture(number, Wanted::parse(slot, query)?), READ));
        }
        (Some("claim"), None, _) => CaseAct::Claim,
        (Some("release"), None, _) => CaseAct::Release,
        (Some("verdict"), None, _) => CaseAct::Verdict,
        (Some("turn"), None, _) => CaseAct::Turn,
        (Some("hold"), None, _) => CaseAct::Hold,
        (Some("unhold"), None, _) => CaseAct::Unhold,
        (Some("undo"), None, _) => CaseAct::Undo,
        _ => return None,
    };
    Some((Wish::CaseAct(number, act), WRITE))
}

fn is_allowed(parts: &Parts, allowed: &'static str) -> Result<(), Refusal> {
    let is_allowed = allowed.split([',', ' ']).any(|method| method == parts.method.as_str());
    if is_allowed { Ok(()) } else { Err(Malformed::Method { allowed }.into()) }
}

impl Wish {
    /// Who may have it.
    pub(super) const fn admits(self) -> Admits {
        match self {
            Self::SignIn | Self::SetOut | Self::ComeBack | Self::ShowLink(_) | Self::UseLink(_) => Admits::Anybody,
            Self::Home | Self::Me | Self::SignOut => Admits::Operators,
            Self::Operators
            | Self::Operator(_)
            | Self::Figures
            | Self::CaseAct(_, CaseAct::Hold | CaseAct::Unhold | CaseAct::Undo) => Admits::Only(Role::Supervisor),
            Self::Next | Self::Keys | Self::Case(..) | Self::Picture(..) | Self::CaseAct(..) => {
                Admits::Only(Role::Reviewer)
            }
            Self::Desk | Self::Code(_) => Admits::Only(Role::Desk),
        }
    }
}
