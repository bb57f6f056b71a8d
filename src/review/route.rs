//! Every URL there is, and who may take it.

use hyper::http::request::Parts;

use super::Console;
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
            ("assets", Some(_), None) if parts.uri.path() == console.style.path() => {
                return is_allowed(parts, READ).map(|()| Self::Asset(&console.style));
            }
            _ => return Err(Malformed::NotFound.into()),
        };
        is_allowed(parts, allowed).map(|()| Self::Wish(wish))
    }
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
            Self::Operators | Self::Operator(_) => Admits::Only(Role::Supervisor),
            Self::Desk | Self::Code(_) => Admits::Only(Role::Desk),
        }
    }
}
