//! The operators' console: on its own listener and under its own host name, for who has signed in and has the role.
//!
//! `route.rs` says who may take which, `gate.rs` finds out who comes; what they do is done by the same acts as from the
//! command line ([`crate::control`]). No page of it is served where logins are, and none of theirs here.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;
use hyper::{Request, StatusCode};

pub use self::exhibits::Exhibits;
use self::refusal::Refusal;
pub use self::route::{Admits, addresses};
use self::route::{Route, Wish};
use self::sign_in::SignIn;
use crate::config::public_url::PublicUrl;
use crate::control::Office;
use crate::egress::Egress;
use crate::ops::noise::Noise;
use crate::ops::presence::{self, Word};
use crate::picture::Pool;
use crate::verification::method::oidc::credentials::Credentials;
use crate::verification::operator::Role;
use crate::web::assets::{self, Asset};
use crate::web::form::Form;
use crate::web::guard;
use crate::web::headers;
use crate::web::intake::{Intake, Watched};
use crate::web::upload::{self, Uploads};
use crate::web::{self, Answer, Handled, Site};

mod case;
mod cookie;
mod decoys;
mod desk;
mod exhibits;
mod figures;
mod gate;
mod home;
mod keys;
mod link;
mod operators;
mod pace;
mod page;
mod pairs;
mod queue;
mod refusal;
mod route;
mod search;
mod seat;
mod sign_in;
mod words;

/// The console.
pub struct Console {
    url: PublicUrl,
    /// How long a session may rest.
    idle: Duration,
    /// By which everything is done.
    office: Arc<Office>,
    noise: Arc<Noise>,
    style: Asset,
    /// What keys and pointers do on the pages of cases.
    script: Asset,
    exhibits: Exhibits,
    /// The room for photos that supervisors send, which they share with applicants.
    uploads: Uploads,
    /// What makes pictures of them; none where no method asks for any.
    pictures: Option<Arc<Pool>>,
    /// The organisation's provider, where operators sign in by one.
    sign_in: Option<SignIn>,
}

impl Console {
    /// The console that the configuration of `office` names, if it names one, in the place of the one `before`. Where operators
    /// sign in through a provider, `way` is what shows that we are its client, and the way to it.
    #[must_use]
    pub fn new(
        office: Arc<Office>,
        noise: Arc<Noise>,
        way: Option<(Credentials, Egress)>,
        before: Option<&Self>,
    ) -> Option<Self> {
        let review = office.config.review.as_ref()?;
        let own = concat!(include_str!("review/assets/review.css"), include_str!("review/assets/cases.css"));
        let style = assets::style(&office.config.branding) + own;
        let style = Asset::new("review", "css", "text/css; charset=utf-8", style.into_bytes());
        let script = include_bytes!("review/assets/cases.js").to_vec();
        let script = Asset::new("cases", "js", "text/javascript; charset=utf-8", script);
        let sign_in = SignIn::new(review, way, &office.store, before.and_then(|before| before.sign_in.as_ref()));
        let (url, idle, exhibits) = (review.url.clone(), review.idle, Exhibits::default());
        let (uploads, pictures) = (Uploads::default(), None);
        Some(Self { url, idle, office, noise, style, script, exhibits, uploads, pictures, sign_in })
    }

    /// The same, which takes photos in within `uploads`, and has `pictures` made of them.
    #[must_use]
    pub fn taking(self, uploads: Uploads, pictures: Option<Arc<Pool>>) -> Self {
        Self { uploads, pictures, ..self }
    }

    /// The same, which shows `exhibits`.
    #[must_use]
    pub fn showing(self, exhibits: Exhibits) -> Self {
        Self { exhibits, ..self }
    }

    /// The provider; without one, nothing leads there.
    fn sign_in(&self) -> Result<&SignIn, Refusal> {
        self.sign_in.as_ref().ok_or_else(|| web::error::Refusal::NotFound.into())
    }
}

impl Site for Console {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, _waiting: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        let (parts, body) = request.into_parts();
        let in_chunks = headers::is_in_chunks(&parts, &body);
        let complete = move |console: &Self, parts: &Parts, answer: Answer| {
            headers::finish(console.url.authority(), console.url.is_https(), parts, in_chunks, answer)
        };
        match guard::guarded(|| route(self, &parts)) {
            Ok(Route::Asset(asset)) => Handled::Now(complete(self, &parts, asset.answer())),
            Ok(Route::Wish(wish, admits)) => {
                let console = self.clone();
                let intake = wish.terms().pace.map(|pace| Arc::new(Intake::new(pace)));
                let noted = intake.clone();
                let answer = Box::pin(async move {
                    let body = pin!(body);
                    let body = Watched::new(body, noted.as_deref());
                    let answer = guard::awaited(run(&console, wish, admits, &parts, body)).await;
                    let answer = answer.unwrap_or_else(|refusal| refusal.render(&console, &parts));
                    complete(&console, &parts, answer)
                });
                match intake {
                    None => Handled::Later(answer),
                    Some(intake) => Handled::Slowly(answer, intake),
                }
            }
            Err(refusal) => Handled::Now(complete(self, &parts, refusal.render(self, &parts))),
        }
    }

    fn turn_away(&self, head: &Parts) -> Answer {
        let answer = Refusal::from(web::error::Refusal::Busy).render(self, head);
        headers::finish(self.url.authority(), self.url.is_https(), head, false, answer)
    }
}

/// Where a request goes that is in order, comes to this host and was not caused by another site.
fn route<'a>(console: &'a Console, parts: &Parts) -> Result<Route<'a>, Refusal> {
    headers::check(parts)?;
    gate::check_host(console, parts)?;
    gate::check_site(parts)?;
    Route::of(console, parts)
}

/// What somebody wants, if they may have it.
async fn run<B>(
    console: &Arc<Console>,
    wish: Wish,
    admits: Admits,
    parts: &Parts,
    mut body: B,
) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send + Unpin,
{
    let form = Form { parts, body: &mut body, terms: wish.terms() };
    match wish {
        Wish::SignIn => return Ok(sign_in::page(console, parts)),
        Wish::SetOut(freshness) => return sign_in::set_out(console, freshness, parts).await,
        Wish::ComeBack => return sign_in::came_back(console, parts).await,
        Wish::ShowLink(token) => return link::page(console, token).await,
        Wish::UseLink(token) => return link::sign_in(console, token, form).await,
        Wish::Presence(word) => return answer_for_us(console, word),
        _ => {}
    }
    let visit = match gate::admit(console, admits, &parts.headers).await {
        Ok(visit) => visit,
        Err(refused) => {
            // Who has signed in, and took their time for a form with photos, reads why it was in vain.
            if let (Refusal::NotAnew, Some(id)) = (&refused, cookie::session(console, &parts.headers)) {
                upload::see_out(&console.uploads, id.into(), parts, body, wish.terms()).await;
            }
            return Err(refused);
        }
    };
    match wish {
        Wish::Home if visit.operator.session.roles.include(Role::Reviewer) => queue::page(&visit, &parts.headers).await,
        Wish::SignIn
        | Wish::SetOut(_)
        | Wish::ComeBack
        | Wish::ShowLink(_)
        | Wish::UseLink(_)
        | Wish::Presence(_)
        | Wish::Home => Ok(home::first(&visit)),
        Wish::Next => queue::next(&visit).await,
        Wish::Keys => keys::switch(&visit, form).await,
        Wish::Case(number, look) => case::page(&visit, number, look, &parts.headers).await,
        Wish::Picture(number, wanted) => case::picture::picture(&visit, number, wanted).await,
        Wish::CaseAct(number, act) => case::act(&visit, number, act, form).await,
        Wish::Figures => figures::page(&visit).await,
        Wish::Decoys(is_loaded) => Ok(decoys::page(&visit, is_loaded)),
        Wish::LoadDecoy => {
            let answer = Box::pin(decoys::load(&visit, form)).await;
            upload::see_out(&console.uploads, visit.operator.id.into(), parts, body, wish.terms()).await;
            answer
        }
        Wish::Search => search::search(&visit, form).await,
        Wish::Pairs => pairs::page(&visit),
        Wish::Exhibit(name) => exhibits::exhibit(&visit, name),
        Wish::Me => Ok(home::me(&visit)),
        Wish::SignOut => home::sign_out(&visit).await,
        Wish::Operators => operators::page(&visit).await,
        Wish::Operator(act) => operators::act(&visit, act, form).await,
        Wish::Desk => desk::page(&visit).await,
        Wish::Code(act) => desk::act(&visit, act, form).await,
    }
}

/// `GET /.well-known/idv-doctor/WORD`: the doctor has followed `review.url`.
fn answer_for_us(console: &Console, word: Word) -> Result<Answer, Refusal> {
    let (running, now) = (console.office.running.as_ref(), console.office.clock.now());
    let answer = running.and_then(|running| running.presence.keep(word, now));
    let answer = answer.ok_or(web::error::Refusal::NotFound)?;
    Ok(web::page::plain(StatusCode::OK, presence::of_console(&answer)))
}
