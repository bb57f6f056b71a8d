//! The [`App`] that is in force: another takes its place whole, between two requests.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hyper::Request;
use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::{Answer, App, Handled, Site};

/// The [`App`] that is in force. A request keeps the one that it came to until it is answered.
pub struct Live(ArcSwap<App>);

impl Live {
    /// That which is in force first is `app`.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(ArcSwap::from_pointee(app))
    }

    /// The one that is in force.
    #[must_use]
    pub fn app(&self) -> Arc<App> {
        self.0.load_full()
    }

    /// From now on, `app`.
    pub fn replace(&self, app: App) {
        self.0.store(Arc::new(app));
    }
}

impl Site for Live {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, waiting: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        App::handle(&self.0.load(), request, waiting)
    }

    fn turn_away(&self, head: &Parts) -> Answer {
        self.0.load().turn_away(head)
    }
}
