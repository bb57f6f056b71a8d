//! Runs an Action as Auth0 does: in a JavaScript engine, with nothing but its event and its `api`.

use data_encoding::BASE64URL_NOPAD;
use rquickjs::prelude::Func;
use rquickjs::{CatchResultExt, Context, Function, Promise, Runtime};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::verification::result;
use crate::verification::tenant::TokenKey;

#[expect(clippy::needless_pass_by_value, reason = "the engine hands values over")]
mod crypto;

/// Auth0's side of the `api`, around the Action's own code.
const API: &str = include_str!("engine.js");
/// An Action has 20 s at Auth0 (contract 16); here nothing that it does waits for anything.
const STEPS: u64 = 10_000;
const MEMORY: usize = 16 * 1024 * 1024;

/// Which of the Action's two functions runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// `onExecutePostLogin`: a login arrives.
    Execute,
    /// `onContinuePostLogin`: the browser is back.
    Continue,
}

/// What the engine knows of the login, beside the event.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    /// Whether the login has a browser that can be sent away (contract 15).
    pub can_redirect: bool,
    /// The issuer of request tokens: the host of the login.
    pub iss: String,
    /// The person's `user_id`.
    pub sub: String,
    /// The person's address.
    pub ip: String,
    /// The time, in seconds since 1970.
    pub now: u64,
}

/// What the browser brought back to `/continue`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Returned {
    /// The `state` of the login that goes on.
    pub state: String,
    /// The parameters of the query or of the form.
    pub parameters: Map<String, Value>,
}

/// What the Action asked for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Effects {
    /// Claims for the ID token.
    pub claims: Map<String, Value>,
    /// Members of `app_metadata` to replace.
    pub metadata: Map<String, Value>,
    /// What it wrote to its log.
    pub log: Vec<String>,
    /// The reason of a denial.
    pub denied: Option<String>,
    /// Where it sends the browser.
    pub redirect: Option<Redirect>,
}

/// Where the Action sends the browser.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Redirect {
    /// The address.
    pub url: String,
    /// Parameters to add to it.
    pub query: Map<String, Value>,
}

/// The Action threw, or is no Action.
#[derive(Debug, Error)]
#[error("the Action failed: {0}")]
pub struct ActionError(String);

#[derive(Serialize)]
struct Input<'a> {
    event: &'a Value,
    login: &'a Login,
    request: &'a Returned,
}

/// Runs `handler` of the Action in `source`, in an engine of its own.
///
/// # Errors
/// [`ActionError`], with what the Action threw.
pub fn run(
    source: &str,
    handler: Handler,
    event: &Value,
    login: &Login,
    request: &Returned,
) -> Result<Effects, ActionError> {
    let input =
        serde_json::to_string(&Input { event, login, request }).map_err(|error| ActionError(error.to_string()))?;
    let name = match handler {
        Handler::Execute => "onExecutePostLogin",
        Handler::Continue => "onContinuePostLogin",
    };
    let effects = evaluate(source, name, input)?;
    serde_json::from_str(&effects).map_err(|error| ActionError(error.to_string()))
}

fn evaluate(source: &str, handler: &str, input: String) -> Result<String, ActionError> {
    let engine = |error: rquickjs::Error| ActionError(error.to_string());
    let runtime = Runtime::new().map_err(engine)?;
    runtime.set_memory_limit(MEMORY);
    let mut steps = 0;
    runtime.set_interrupt_handler(Some(Box::new(move || {
        steps += 1;
        steps > STEPS
    })));
    let context = Context::full(&runtime).map_err(engine)?;
    context.with(|ctx| {
        let thrown = |error: rquickjs::CaughtError<'_>| ActionError(error.to_string());
        let globals = ctx.globals();
        globals.set("sign", Func::from(sign)).catch(&ctx).map_err(thrown)?;
        globals.set("verify", Func::from(verify)).catch(&ctx).map_err(thrown)?;
        globals.set("byteLength", Func::from(|text: String| text.len())).catch(&ctx).map_err(thrown)?;
        globals.set("native", crypto::native(&ctx).catch(&ctx).map_err(thrown)?).catch(&ctx).map_err(thrown)?;
        ctx.eval::<(), _>(API).catch(&ctx).map_err(thrown)?;
        ctx.eval::<(), _>(source).catch(&ctx).map_err(thrown)?;
        let invoke: Function<'_> = globals.get("invoke").catch(&ctx).map_err(thrown)?;
        let promise: Promise<'_> = invoke.call((handler, input)).catch(&ctx).map_err(thrown)?;
        promise.finish::<String>().catch(&ctx).map_err(thrown)
    })
}

/// `encodeToken`'s part: HS256 over a payload.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands texts over by value")]
fn sign(secret: String, payload: String) -> String {
    let payload: Value = serde_json::from_str(&payload).unwrap_or_default();
    result::encode(&TokenKey::new(secret.as_bytes()), &payload)
}

/// `validateToken`'s part: the payload of an authentic HS256 token that has not expired, else `null` (contract 9).
#[expect(clippy::needless_pass_by_value, reason = "the engine hands texts over by value")]
fn verify(secret: String, token: String, now: u64) -> String {
    let payload = authentic(&secret, &token).filter(|payload| payload["exp"].as_u64().is_some_and(|exp| exp > now));
    payload.unwrap_or_default().to_string()
}

fn authentic(secret: &str, token: &str) -> Option<Value> {
    let (signed, tag) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Value = decode(header)?;
    let tag = BASE64URL_NOPAD.decode(tag.as_bytes()).ok()?;
    let is_ours = header["alg"] == "HS256"
        && header["typ"] == "JWT"
        && TokenKey::new(secret.as_bytes()).verifies(signed.as_bytes(), &tag);
    if is_ours { decode(payload) } else { None }
}

/// A part of a token, as JSON. It vouches for nothing.
pub(super) fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok()
}
