//! What browsers see: every URL, every page, every header.
//!
//! [`App`] routes a request. A start is answered on the spot; whatever may have to wait, for a body or for the store, is a
//! boxed future, so that the way of a start stays small.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};

use crate::config::branding::Branding;
use crate::evidence::Keeper;
use crate::ops::allowance::Allowances;
use crate::ops::clock::{Clock, Stopwatch};
use crate::ops::count::{self, label};
use crate::ops::noise::Noise;
use crate::ops::presence::{Presence, Word};
use crate::picture::Pool;
use crate::store::Store;
use crate::verification::method::Methods;
use crate::verification::session::Sealer;
use crate::verification::tenant::Tenants;

mod arrival;
pub(crate) mod assets;
mod before;
pub(crate) mod cookie;
pub(crate) mod error;
mod finish;
pub(crate) mod form;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod intake;
pub(crate) mod jpeg;
pub(crate) mod language;
mod live;
mod method;
pub mod multipart;
mod notice;
pub(crate) mod page;
mod query;
mod refused;
mod room;
mod route;
mod session;
mod start;
pub(crate) mod terms;
pub(crate) mod upload;
mod visit;

pub use self::assets::Assets;
use self::error::Refusal;
use self::intake::Watched;
pub use self::intake::{Intake, Pace, Progress};
use self::language::Language;
pub use self::live::Live;
pub use self::method::{HandOffs, Parties, Tries, Waits, notice as notice_to_applicants, notice_digest};
use self::route::{Route, Wish};
pub use self::upload::Uploads;

/// A response, its body in memory.
pub type Answer = Response<Full<Bytes>>;

/// Everything that a request needs.
pub struct App {
    /// Host, and port where it is not the usual one, under which browsers reach the service.
    pub authority: String,
    /// Whether browsers reach it by HTTPS. Without it, cookies cannot be `__Host-` cookies.
    pub is_https: bool,
    /// The tenants that may ask.
    pub tenants: Tenants,
    /// The methods by which people are verified.
    pub methods: Methods,
    /// The providers among them, as far as they are asked.
    pub parties: Parties,
    /// What must not be lost.
    pub store: Store,
    /// Seals sessions into cookies.
    pub sealer: Sealer,
    /// Answers for this process to whoever asks whether it is the one.
    pub presence: Arc<Presence>,
    /// How often a subject may start, tenant by tenant.
    pub starts: Allowances,
    /// How often a subject may submit a form, tenant by tenant: one that comes slowly holds its connection.
    pub submissions: Allowances,
    /// Keeps the photos that people send.
    pub evidence: Arc<Keeper>,
    /// What makes pictures of them; none where no method asks for any.
    pub pictures: Option<Arc<Pool>>,
    /// What computers show to be opened on phones.
    pub hand_offs: HandOffs,
    /// How long people wait for a decision.
    pub waits: Waits,
    /// How often photos were sent lately that nobody was content with.
    pub tries: Tries,
    /// The room for photos that people send.
    pub uploads: Uploads,
    /// What has a line in the log of what anybody can cause.
    pub noise: Arc<Noise>,
    /// How long a result that did not arrive may be handed over; not at all, if that is no time.
    pub hand_over: Duration,
    /// The time.
    pub clock: Clock,
    /// What the pages show of the organisation.
    pub branding: Branding,
    /// The files that pages load.
    pub assets: Assets,
}

impl App {
    /// The headers by which the browser that sent `headers` forgets its sessions that have ended, so that nothing of them is
    /// handed over.
    #[must_use]
    pub fn forget_ended(&self, headers: &HeaderMap) -> HeaderMap {
        cookie::ended(self, headers)
    }
}

/// How a request is answered.
pub enum Handled {
    /// At once.
    Now(Answer),
    /// At once, in a login: the person was sent here by Auth0.
    Login(Answer),
    /// At once, that there is too much to do for it.
    TurnedAway(Answer),
    /// When what it waits for is there: its body, or the store. Then [`is_of_login`] tells whether it was of a login.
    Later(Awaited),
    /// The same, of a body that may take longer than an answer does.
    Slowly(Awaited, Arc<Intake>),
}

/// An answer that will be there.
pub type Awaited = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Whether an `answer` that was waited for is of a login: what is asked for or submitted without an authentic session is
/// refused.
#[must_use]
pub fn is_of_login(answer: &Answer) -> bool {
    !answer.status().is_client_error()
}

/// What a server serves.
pub trait Site: Send + Sync + 'static {
    /// Answers `request`, before which `waiting` of work has to be done.
    fn handle<B>(self: &Arc<Self>, request: Request<B>, waiting: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync;

    /// Answers that there is no room for the connection that the request of `head` came by.
    fn turn_away(&self, head: &Parts) -> Answer;
}

impl Site for App {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, waiting: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        let since = Stopwatch::start();
        let (parts, body) = request.into_parts();
        let in_chunks = headers::is_in_chunks(&parts, &body);
        let route = guard::guarded(|| route(self, &parts));
        let label = route.as_ref().map_or(label::Route::Other, Route::label);
        let complete = move |app: &Self, parts: &Parts, answer: Answer| {
            count::response(label, answer.status(), &since);
            headers::complete(app, parts, in_chunks, answer)
        };
        match route.and_then(|route| guard::guarded(|| dispatch(self, route, &parts, waiting))) {
            Ok(Dispatched::Answer(answer)) => Handled::Now(complete(self, &parts, answer)),
            Ok(Dispatched::Login(answer)) => Handled::Login(complete(self, &parts, answer)),
            Ok(Dispatched::Wish(wish)) => {
                let app = self.clone();
                let intake = wish.terms().pace.map(|pace| Arc::new(Intake::new(pace)));
                let noted = intake.clone();
                let answer = Box::pin(async move {
                    let body = pin!(body);
                    let body = Watched::new(body, noted.as_deref());
                    // Where it lies it stays: it is moved at the cost of its size.
                    let work = pin!(run(&app, wish, &parts, body));
                    let answer = guard::awaited(work).await;
                    let answer = answer.unwrap_or_else(|refusal| refusal.render(&app, &parts));
                    complete(&app, &parts, answer)
                });
                match intake {
                    None => Handled::Later(answer),
                    Some(intake) => Handled::Slowly(answer, intake),
                }
            }
            Err(refusal) => {
                let answer = complete(self, &parts, refusal.render(self, &parts));
                if refusal.is_for_load() { Handled::TurnedAway(answer) } else { Handled::Now(answer) }
            }
        }
    }

    fn turn_away(&self, head: &Parts) -> Answer {
        let since = Stopwatch::start();
        let label = Route::of(self, head).as_ref().map_or(label::Route::Other, Route::label);
        let answer = Refusal::Busy.render(self, head);
        count::response(label, answer.status(), &since);
        headers::complete(self, head, false, answer)
    }
}

enum Dispatched {
    Answer(Answer),
    Login(Answer),
    Wish(Wish),
}

/// Where a request goes that is in order.
fn route<'a>(app: &'a App, parts: &Parts) -> Result<Route<'a>, Refusal> {
    headers::check(parts)?;
    Route::of(app, parts)
}

/// The whole URL surface. What may have to wait is left to [`run`].
fn dispatch(app: &App, route: Route<'_>, parts: &Parts, waiting: Duration) -> Result<Dispatched, Refusal> {
    Ok(Dispatched::Answer(match route {
        Route::Start => return start::start(app, parts, waiting).map(Dispatched::Login),
        Route::Wish(wish) if !arrival::is_early(app, wish, parts) => return Ok(Dispatched::Wish(wish)),
        Route::Wish(_) => page::arrival(app, &arrival::once_more(parts), Language::of(&parts.headers)),
        Route::Home => page::home(app, Language::of(&parts.headers)),
        Route::Asset(asset) => asset.answer(),
        Route::Health => health(app),
        Route::Robots => notice::robots(),
        Route::Security => notice::security(app)?,
        Route::Keys => notice::keys(app)?,
        Route::Icon => notice::icon(),
        Route::Presence(word) => answer_for_us(app, word)?,
    }))
}

/// What somebody wants. Only here is anything waited for. What reads a body has a future of its own: it is large, and every
/// page's would be as large.
async fn run<B>(app: &Arc<App>, wish: Wish, parts: &Parts, body: B) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send + Unpin,
{
    match wish {
        Wish::Show(id) => session::show(app, id, parts).await,
        Wish::Page(id, step) => session::show_step(app, id, step, parts).await,
        Wish::Return(id) => session::go_back(app, id, parts).await,
        Wish::Act(id, act) => Box::pin(session::act(app, id, act, parts, body)).await,
        Wish::HandedOver => Box::pin(method::handed_over(app, parts, body)).await,
        Wish::CameBack(method) => method::came_back(app, method, parts).await,
        Wish::Sample(word) => Box::pin(upload::weigh(app, word, body)).await,
    }
}

/// For load balancers and monitors: whether a login can be served to its end. Says nothing else but how to ask.
fn health(app: &App) -> Answer {
    let mut answer = if app.store.is_available() {
        page::plain(StatusCode::OK, "ready\n")
    } else {
        page::plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    };
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(route::CHECK));
    answer
}

/// For the doctor: proof that this process is the one behind `public_url`. Without a word from the control socket there
/// is nothing here.
fn answer_for_us(app: &App, word: Word) -> Result<Answer, Refusal> {
    let answer = app.presence.keep(word, app.clock.now()).ok_or(Refusal::NotFound)?;
    Ok(page::plain(StatusCode::OK, answer))
}
