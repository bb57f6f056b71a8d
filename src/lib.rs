//! `idv`: a self-hosted identity verification appliance for Auth0 logins.
//!
//! In the order of a login: [`server`] takes the connection, [`web`] answers the request, [`verification`] decides, by
//! [`egress`] somebody else is asked where the method says so (`party` is whom), of an upload a [`picture`] is made, [`store`]
//! keeps what must not be lost, and [`evidence`] what has to be: pictures, after a while.
//!
//! Around them, [`service`] makes all of it of a [`config`], and of another at a reload, [`monitoring`] is for who watches it,
//! and [`ops`] is the process. Operators come by [`cli`] and [`control`], and by a browser to [`review`]; the [`doctor`] finds
//! what is wrong, an [`archive`] is a backup as one stream, a [`report`] is for the auditor, and [`auth0`] has what is at work
//! there, and a trial without it.

pub mod archive;
pub mod auth0;
pub mod cli;
pub mod config;
pub mod control;
pub mod doctor;
pub mod egress;
pub mod evidence;
pub mod monitoring;
pub mod ops;
mod party;
pub mod picture;
pub mod report;
pub mod review;
pub mod server;
pub mod service;
pub mod store;
pub mod verification;
pub mod web;
