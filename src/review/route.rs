//! Every URL there is, how it is asked for, and whose it is.

use hyper::http::request::Parts;

use super::case::picture::{Look, Wanted};
use super::exhibits::ExhibitName;
use super::refusal::Refusal;
use super::sign_in::Freshness;
use super::{Console, decoys, page, pairs};
use crate::ops::presence::Word;
use crate::verification::operator::Role;
use crate::verification::operator::link::LinkToken;
use crate::web::assets::Asset;
use crate::web::error::Refusal as Malformed;
use crate::web::terms::Terms;

/// Where a request goes.
#[derive(Clone, Copy)]
pub(super) enum Route<'a> {
    /// The style sheet.
    Asset(&'a Asset),
    /// Everything else, all of which waits for the store or for its body, and who may have it.
    Wish(Wish, Admits),
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// The first page that is theirs.
    Home,
    /// How to sign in.
    SignIn,
    /// To sign in through the provider, or once more there, whoever is signed in.
    SetOut(Freshness),
    /// To come in from there.
    ComeBack,
    /// What a link is for.
    ShowLink(LinkToken),
    /// To sign in by it.
    UseLink(LinkToken),
    /// Who they are here.
    Me,
    /// Whether this is the process that gave out the word.
    Presence(Word),
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
    /// How decoys are loaded, and whether one just was.
    Decoys(bool),
    /// To load one.
    LoadDecoy,
    /// The case of somebody.
    Search,
    /// A picture of the organisation's own.
    Exhibit(ExhibitName),
    /// Those of them that one learns from.
    Pairs,
}

impl Wish {
    /// What holds for it.
    pub(super) fn terms(self) -> &'static Terms {
        match self {
            Self::LoadDecoy => &decoys::TERMS,
            _ => &page::TERMS,
        }
    }
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

/// Who may take an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admits {
    /// Whoever comes.
    Anybody,
    /// Whoever has signed in.
    Operators,
    /// Whoever has signed in and has the role.
    Only(Role),
    /// The same, who proved once more at the provider who they are, not long ago.
    Anew(Role),
}

const READ: &str = "GET, HEAD";
const WRITE: &str = "POST";
/// What has consequences has none for who asks for the head alone.
const BACK: &str = "GET";
const BOTH: &str = "GET, HEAD, POST";

/// An address.
struct Row {
    /// In which `*` stands for one segment.
    path: &'static str,
    allowed: &'static str,
    admits: Admits,
    wish: fn(&Asked<'_>) -> Result<Wish, Refusal>,
}

const fn row(
    path: &'static str,
    allowed: &'static str,
    admits: Admits,
    wish: fn(&Asked<'_>) -> Result<Wish, Refusal>,
) -> Row {
    Row { path, allowed, admits, wish }
}

const DESK: Admits = Admits::Only(Role::Desk);
const REVIEWERS: Admits = Admits::Only(Role::Reviewer);
const SUPERVISORS: Admits = Admits::Only(Role::Supervisor);
/// What supervisors do, in so far as it is not reviewing.
const ANEW: Admits = Admits::Anew(Role::Supervisor);

const ROWS: [Row; 34] = [
    row("/", READ, Admits::Operators, |_| Ok(Wish::Home)),
    row("/sign-in", READ, Admits::Anybody, |_| Ok(Wish::SignIn)),
    row("/sign-in/provider", BACK, Admits::Anybody, |_| Ok(Wish::SetOut(Freshness::Any))),
    row("/sign-in/provider/anew", BACK, Admits::Anybody, |_| Ok(Wish::SetOut(Freshness::Anew))),
    row("/callback", BACK, Admits::Anybody, |_| Ok(Wish::ComeBack)),
    row("/sign-out", WRITE, Admits::Operators, |_| Ok(Wish::SignOut)),
    row("/link/*", BOTH, Admits::Anybody, |asked| {
        let token = asked.link()?;
        Ok(if asked.writes { Wish::UseLink(token) } else { Wish::ShowLink(token) })
    }),
    row("/.well-known/idv-doctor/*", BACK, Admits::Anybody, |asked| Ok(Wish::Presence(asked.word()?))),
    row("/me", READ, Admits::Operators, |_| Ok(Wish::Me)),
    row("/operators", READ, SUPERVISORS, |_| Ok(Wish::Operators)),
    row("/operators/link", WRITE, ANEW, |_| Ok(Wish::Operator(OperatorAct::Link))),
    row("/operators/certify", WRITE, ANEW, |_| Ok(Wish::Operator(OperatorAct::Certify))),
    row("/operators/revoke", WRITE, ANEW, |_| Ok(Wish::Operator(OperatorAct::Revoke))),
    row("/operators/end", WRITE, ANEW, |_| Ok(Wish::Operator(OperatorAct::End))),
    row("/desk", READ, DESK, |_| Ok(Wish::Desk)),
    row("/desk/issue", WRITE, DESK, |_| Ok(Wish::Code(CodeAct::Issue))),
    row("/desk/revoke", WRITE, DESK, |_| Ok(Wish::Code(CodeAct::Revoke))),
    row("/desk/list", WRITE, DESK, |_| Ok(Wish::Code(CodeAct::List))),
    row("/next", READ, REVIEWERS, |_| Ok(Wish::Next)),
    row("/keys", WRITE, REVIEWERS, |_| Ok(Wish::Keys)),
    row("/case/*", READ, REVIEWERS, |asked| Ok(Wish::Case(asked.number()?, asked.look()?))),
    row("/case/*/picture/*", READ, REVIEWERS, |asked| Ok(Wish::Picture(asked.number()?, asked.picture()?))),
    row("/case/*/claim", WRITE, REVIEWERS, |asked| asked.act(CaseAct::Claim)),
    row("/case/*/release", WRITE, REVIEWERS, |asked| asked.act(CaseAct::Release)),
    row("/case/*/verdict", WRITE, REVIEWERS, |asked| asked.act(CaseAct::Verdict)),
    row("/case/*/turn", WRITE, REVIEWERS, |asked| asked.act(CaseAct::Turn)),
    row("/case/*/hold", WRITE, ANEW, |asked| asked.act(CaseAct::Hold)),
    row("/case/*/unhold", WRITE, ANEW, |asked| asked.act(CaseAct::Unhold)),
    row("/case/*/undo", WRITE, ANEW, |asked| asked.act(CaseAct::Undo)),
    row("/figures", READ, SUPERVISORS, |_| Ok(Wish::Figures)),
    row("/decoys", BOTH, ANEW, |asked| {
        Ok(if asked.writes { Wish::LoadDecoy } else { Wish::Decoys(asked.query == "loaded") })
    }),
    row("/search", WRITE, SUPERVISORS, |_| Ok(Wish::Search)),
    row(pairs::PATH, READ, REVIEWERS, |_| Ok(Wish::Pairs)),
    row("/exhibit/*", READ, REVIEWERS, |asked| Ok(Wish::Exhibit(asked.exhibit()?))),
];

/// Every address but those of assets: its path, in which `*` stands for one segment, the methods that it takes, and whose it
/// is.
pub fn addresses() -> impl Iterator<Item = (&'static str, &'static str, Admits)> {
    ROWS.iter().map(|row| (row.path, row.allowed, row.admits))
}

/// What somebody asks for.
struct Asked<'r> {
    /// What stands in the place of each `*`.
    segments: [&'r str; 2],
    query: &'r str,
    writes: bool,
}

impl<'a> Route<'a> {
    pub(super) fn of(console: &'a Console, parts: &Parts) -> Result<Self, Refusal> {
        let path = parts.uri.path();
        if let Some(asset) = [&console.script, &console.style].into_iter().find(|asset| asset.path() == path) {
            return is_allowed(parts, READ).map(|()| Self::Asset(asset));
        }
        let found = ROWS.iter().find_map(|row| Some((row, row.fits(path)?)));
        let (row, segments) = found.ok_or(Malformed::NotFound)?;
        let (query, writes) = (parts.uri.query().unwrap_or_default(), parts.method == "POST");
        let wish = (row.wish)(&Asked { segments, query, writes })?;
        is_allowed(parts, row.allowed).map(|()| Self::Wish(wish, row.admits))
    }
}

impl Row {
    /// What stands in `path` in the place of each `*`, if it is this one's.
    fn fits<'r>(&self, path: &'r str) -> Option<[&'r str; 2]> {
        let (mut ours, mut theirs) = (self.path.split('/'), path.split('/'));
        let (mut segments, mut count) = ([""; 2], 0);
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return Some(segments),
                (Some("*"), Some(segment)) => {
                    *segments.get_mut(count)? = segment;
                    count += 1;
                }
                (Some(known), Some(segment)) if known == segment => {}
                _ => return None,
            }
        }
    }
}

impl Asked<'_> {
    fn link(&self) -> Result<LinkToken, Refusal> {
        LinkToken::parse(self.segments[0]).ok_or(Refusal::Link)
    }

    fn word(&self) -> Result<Word, Malformed> {
        Word::parse(self.segments[0]).ok_or(Malformed::NotFound)
    }

    fn number(&self) -> Result<u64, Malformed> {
        self.segments[0].parse().map_err(|_| Malformed::NotFound)
    }

    fn look(&self) -> Result<Option<Look>, Malformed> {
        if self.query.is_empty() {
            return Ok(None);
        }
        self.query.strip_prefix("for=").and_then(Look::parse).map(Some).ok_or(Malformed::NotFound)
    }

    fn picture(&self) -> Result<Wanted, Malformed> {
        Wanted::parse(self.segments[1], self.query).ok_or(Malformed::NotFound)
    }

    fn exhibit(&self) -> Result<ExhibitName, Malformed> {
        ExhibitName::parse(self.segments[0]).ok_or(Malformed::NotFound)
    }

    fn act(&self, act: CaseAct) -> Result<Wish, Refusal> {
        Ok(Wish::CaseAct(self.number()?, act))
    }
}

fn is_allowed(parts: &Parts, allowed: &'static str) -> Result<(), Refusal> {
    let is_allowed = allowed.split([',', ' ']).any(|method| method == parts.method.as_str());
    if is_allowed { Ok(()) } else { Err(Malformed::Method { allowed }.into()) }
}
