//! The [`Site`] that is in force: another takes its place whole, between two requests.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hyper::Request;
use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;

use super::{Answer, App, Handled, Site};

/// The [`Site`] that is in force. A request keeps the one that it came to until it is answered.
pub struct Live<S = App>(ArcSwap<S>);

impl<S> Live<S> {
    /// That which is in force first is `site`.
    #[must_use]
    pub fn new(site: S) -> Self {
        Self(ArcSwap::from_pointee(site))
    }

    /// The one that is in force.
    #[must_use]
    pub fn app(&self) -> Arc<S> {
        self.0.load_full()
    }

    /// From now on, `site`.
    pub fn replace(&self, site: S) {
        self.0.store(Arc::new(site));
    }
}

impl<S: Site> Site for Live<S> {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, waiting: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        S::handle(&self.0.load(), request, waiting)
    }

    fn turn_away(&self, head: &Parts) -> Answer {
        self.0.load().turn_away(head)
    }
}
