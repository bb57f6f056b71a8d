//! The table of whole logins that the Action is held to in Node.js (`tests/auth0/round_trip.test.mjs`), through the trial's
//! model tenant and its own JavaScript engine: the Action behaves the same in both.

use std::collections::{BTreeMap, BTreeSet};

use idv::auth0::ACTION;
use idv::auth0::engine::{self, Effects, Handler, Login, Returned};
use idv::auth0::trial::model::{APPLICATIONS, DOMAIN, Ending, Flow, Model, Next};
use idv::verification::method::desk::Code;
use idv::verification::method::oidc::names::Name;
use idv::verification::subject::Subject;
use idv::verification::tenant::{ReturnMethod, Tenant, TokenKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::support::browser::{Browser, Page};
use crate::support::token::{self, SECRET, STATE, SUBJECT};
use crate::support::world::{World, tenant};

/// The host of idv in this world.
const IDV: &str = "idv.example.test";
const BROWSER: &str = "a browser";
/// In UNIX seconds, where the clock stands still.
const NOW: u64 = 1_800_000_000;
/// The person who logs in, and another one.
const PERSON: usize = 0;
const OTHER: usize = 1;

/// What the columns mean stands where Node reads them.
#[derive(Deserialize)]
struct Scenarios {
    settings: BTreeMap<String, Map<String, Value>>,
    applications: BTreeMap<String, Value>,
    flows: Vec<String>,
    stored: BTreeMap<String, Option<u64>>,
    arrivals: Vec<Vec<Value>>,
    returns: Vec<Vec<Value>>,
}

fn scenarios() -> Scenarios {
    serde_json::from_str(include_str!("../auth0/scenarios.json")).unwrap()
}

/// Every row that a row with lists in it stands for.
fn combinations(row: &[Value]) -> Vec<Vec<Value>> {
    row.iter().fold(vec![vec![]], |rows, cell| {
        let values = cell.as_array().cloned().unwrap_or_else(|| vec![cell.clone()]);
        let with = |row: &Vec<Value>| {
            values.iter().map(|value| [&row[..], std::slice::from_ref(value)].concat()).collect::<Vec<_>>()
        };
        rows.iter().flat_map(with).collect()
    })
}

/// A tenant as the row has it, with idv behind it and a person in front.
struct Scene {
    world: World,
    model: Model,
    tabs: Browser,
    /// The check that the person's metadata tells of before the login, and all of that metadata.
    check: Map<String, Value>,
    before: Map<String, Value>,
}

impl Scene {
    fn new(table: &Scenarios, settings: &str, stored: &str, return_method: ReturnMethod) -> Self {
        let world =
            World::with_tenant(Tenant { domain: DOMAIN.to_owned().try_into().unwrap(), return_method, ..tenant() });
        let mut model = Model::new(std::str::from_utf8(SECRET).unwrap(), IDV.into(), format!("https://{IDV}"));
        // Left out, every login is verified; the trial's own setting is a day.
        model.secrets.remove("IDV_EXPIRES_IN");
        for (name, value) in &table.settings[settings] {
            if value.is_null() {
                model.secrets.remove(name)
            } else {
                model.secrets.insert(name.clone(), value.clone())
            };
        }
        let (mut check, mut before) = (Map::new(), Map::new());
        if let Some(age) = table.stored[stored] {
            check.insert("id".into(), "known-to-auth0".into());
            check.insert("last_check".into(), (world.now() - age).into());
            let kept = [check.clone(), Map::from_iter([("note".into(), "ours".into())])].into_iter().flatten();
            before.insert("plan".into(), "gold".into());
            before.insert("id_verification".into(), Value::Object(kept.collect()));
        }
        model.people[PERSON].app_metadata.clone_from(&before);
        let tabs = world.browser();
        Self { world, model, tabs, check, before }
    }

    fn arrive(&mut self, application: &str, person: usize, flow: Flow, state: &str) -> (usize, Next) {
        let metadata: &[_] = if application == "required" { &[("IDV_REQUIRED", "true")] } else { &[] };
        let application = APPLICATIONS.into_iter().find(|known| known.metadata == metadata).unwrap();
        self.model.arrive(BROWSER, application, person, flow, state.into(), self.world.now())
    }

    /// A login that idv is asked about: the number of its run and the address there.
    fn visit(&mut self, application: &str, person: usize, state: &str) -> (usize, String) {
        let (run, next) = self.arrive(application, person, Flow::Interactive, state);
        let Next::Away(address) = next else { panic!("the person is asked") };
        (run, address.strip_prefix(&format!("https://{IDV}")).unwrap().to_owned())
    }

    /// Opens idv and enters `wrong` wrong codes, then the right one if it `ends` so. Returns the result token.
    fn answer(&mut self, address: &str, person: usize, wrong: usize, ends: bool) -> String {
        let session = self.tabs.get(address).location().to_owned();
        let right = self.world.issue_to(Subject {
            tenant: DOMAIN.to_owned().try_into().unwrap(),
            user_id: self.model.people[person].user_id.to_owned().try_into().unwrap(),
        });
        let wrong = (1..=wrong).map(|number| Code::from_random([u8::try_from(number).unwrap(); 16]).display());
        let codes = wrong.chain(ends.then_some(right));
        let pages: Vec<_> =
            codes.map(|code| self.tabs.post(&format!("{session}/desk"), &format!("code={code}"))).collect();
        assert!(pages[..pages.len() - 1].iter().all(|page| page.status == 422));
        result(pages.last().unwrap())
    }

    fn cancel(&mut self, address: &str) -> String {
        let session = self.tabs.get(address).location().to_owned();
        result(&self.tabs.post(&format!("{session}/cancel"), ""))
    }

    /// What the person brings back who was sent to `address`.
    fn act(&mut self, person: &str, application: &str, address: &str) -> Option<String> {
        let request = || url_parameter(address, "token");
        Some(match person {
            "enters the code" => self.answer(address, PERSON, 0, true),
            "enters the code at the fifth attempt" => self.answer(address, PERSON, 4, true),
            "enters five wrong codes" => self.answer(address, PERSON, 5, false),
            "cancels" => self.cancel(address),
            "comes back without a result" => return None,
            "brings the request instead of a result" => request(),
            "forges a result" => {
                let claims = json!({ "iss": IDV, "sub": self.model.people[PERSON].user_id, "status": "success", "idv_id": "made-up",
                    "state": STATE, "iat": self.world.now(), "exp": self.world.now() + 60 });
                token::sign_raw(token::HEADER, claims.to_string().as_bytes(), b"a secret that idv does not have either")
            }
            "alters a result" => {
                let canceled = self.cancel(address);
                let claims = token::with(token::open(&canceled, SECRET), &json!({ "status": "success" }));
                let (_, tag) = canceled.rsplit_once('.').unwrap();
                let altered = token::sign(&claims);
                format!("{}.{tag}", altered.rsplit_once('.').unwrap().0)
            }
            "replays the result of an earlier login" => {
                let (_, earlier) = self.visit(application, PERSON, "earlier");
                self.answer(&earlier, PERSON, 0, true)
            }
            "brings another user's result" => {
                let (_, theirs) = self.visit(application, OTHER, "theirs");
                self.answer(&theirs, OTHER, 0, true)
            }
            "has another user's request verified instead" => {
                let (_, theirs) = self.visit(application, OTHER, "theirs");
                self.answer(&theirs.replace("state=theirs", &format!("state={STATE}")), OTHER, 0, true)
            }
            other => panic!("nobody {other}"),
        })
    }

    fn ending(&self, run: usize) -> Option<&Ending> {
        self.model.runs[run].ending.as_ref()
    }
}

/// The result token of the way back: in the redirect, or in the form of a page.
fn result(page: &Page) -> String {
    match page.body.split_once("name=\"token\" value=\"") {
        Some((_, rest)) => rest.split_once('"').unwrap().0.to_owned(),
        None => page.parameter("token"),
    }
}

fn url_parameter(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).unwrap().1.into_owned()
}

fn flow(name: &str) -> Flow {
    match name {
        "interactive" => Flow::Interactive,
        "prompt=none" => Flow::Silent,
        "refresh token" => Flow::Refresh,
        "password" => Flow::Password,
        other => panic!("no flow {other}"),
    }
}

/// An ending of the table, spelled out; `check` is what the ID token may tell of an earlier or a new check.
fn expected(ending: &Value, check: &Map<String, Value>) -> Ending {
    if let Some(code) = ending["denied"].as_str() {
        return Ending::Denied(code.into());
    }
    let known = [("last-check", check.get("last_check")), ("method", check.get("method")), ("id", check.get("id"))];
    let claims = [("status", ending.get("status"))].into_iter().chain(known);
    let claims = claims.filter(|_| ending.get("noClaims").is_none());
    let named = claims.filter_map(|(name, value)| Some((format!("https://id-verification/{name}"), value?.clone())));
    Ending::Tokens(named.collect())
}

fn text(cell: &Value) -> &str {
    cell.as_str().unwrap()
}

#[test]
fn every_login_begins_in_the_trial_as_it_does_in_node() {
    let table = scenarios();
    let mut decided = BTreeSet::new();
    for row in table.arrivals.iter().flat_map(|row| combinations(row)) {
        let [settings, application, via, stored, ending] = &row[..] else { panic!("{row:?}") };
        let mut scene = Scene::new(&table, text(settings), text(stored), ReturnMethod::Redirect);
        let (run, next) = scene.arrive(text(application), PERSON, flow(text(via)), STATE);
        if ending.get("asked").is_some() {
            assert!(matches!(next, Next::Away(_)) && scene.ending(run).is_none(), "{row:?}");
        } else {
            assert_eq!(scene.ending(run), Some(&expected(ending, &scene.check)), "{row:?}");
        }
        assert_eq!(scene.model.people[PERSON].app_metadata, scene.before, "{row:?}");
        decided.insert(row[..4].iter().map(text).collect::<Vec<_>>().join(", "));
    }
    let possible = table.settings.len() * table.applications.len() * table.flows.len() * table.stored.len();
    assert_eq!(decided.len(), possible, "each is decided");
    println!("{possible} logins begin as in Node");
}

#[test]
fn every_login_ends_in_the_trial_as_it_does_in_node() {
    let table = scenarios();
    let mut ended = 0;
    let rows: Vec<_> = table.arrivals.iter().flat_map(|row| combinations(row)).collect();
    for asked in rows.iter().filter(|row| row[4].get("asked").is_some()) {
        let [settings, application, _, stored, _] = &asked[..] else { panic!("{asked:?}") };
        let returns = table.returns.iter().flat_map(|row| combinations(row)).filter(|row| row[0] == *application);
        for back in returns {
            for return_method in [ReturnMethod::Redirect, ReturnMethod::FormPost] {
                let scene = Scene::new(&table, text(settings), text(stored), return_method);
                come_back(scene, text(application), &back);
                ended += 1;
            }
        }
    }
    println!("{ended} logins end as in Node");
}

fn come_back(mut scene: Scene, application: &str, row: &[Value]) {
    let [_, person, ending, renewed] = row else { panic!("{row:?}") };
    let (run, address) = scene.visit(application, PERSON, STATE);
    let token = scene.act(text(person), application, &address);
    let parameters = token.iter().map(|token| ("token".to_owned(), Value::from(token.as_str()))).collect();
    let resumed = scene.model.resume(BROWSER, STATE, parameters, scene.world.now());
    assert_eq!(resumed, Some((run, Next::Application)), "{row:?}");

    let (mut check, mut metadata) = (scene.check.clone(), scene.before.clone());
    let renewed: Vec<_> = renewed["new"].as_array().unwrap().iter().map(text).collect();
    if !renewed.is_empty() {
        let result = token::open(&token.unwrap(), SECRET);
        let news = renewed.iter().map(|member| {
            let name = if *member == "id" { "idv_id" } else { member };
            ((*member).to_owned(), result[name].clone())
        });
        check.extend(news);
        let stored = metadata.entry("id_verification").or_insert_with(|| json!({}));
        let mut kept = check.clone();
        if let Some(method) = kept.remove("method") {
            kept.insert("methods".into(), json!({ text(&method): check["last_check"] }));
        }
        stored.as_object_mut().unwrap().extend(kept);
    }
    assert_eq!(scene.ending(run), Some(&expected(ending, &check)), "{row:?}");
    assert_eq!(scene.model.people[PERSON].app_metadata, metadata, "{row:?}");
}

#[test]
fn a_requirement_means_in_the_trial_what_it_means_in_node() {
    let requirements: BTreeMap<String, Vec<Value>> =
        serde_json::from_str(include_str!("../auth0/requirements.json")).unwrap();
    for (meaning, all) in &requirements {
        let denied = match meaning.as_str() {
            "on" => Some("idv_interaction_required"),
            "off" => None,
            _ => Some("idv_configuration_error"),
        };
        for metadata in all {
            assert_eq!(without_a_browser(metadata).as_deref(), denied, "{metadata}");
        }
    }
}

/// The reason why a person without a check, and without a browser, is not admitted to an application with `metadata`.
fn without_a_browser(metadata: &Value) -> Option<String> {
    act(Handler::Execute, false, &event(&nothing(), metadata, &nothing()), &Returned::default()).denied
}

/// A login with a result as idv signs it; `tests/auth0/checks.test.mjs` says what the columns mean.
#[derive(Deserialize)]
struct Check {
    it: String,
    #[serde(default = "nothing")]
    settings: Value,
    #[serde(default = "nothing")]
    application: Value,
    #[serde(default = "nothing")]
    stored: Value,
    flow: Option<String>,
    request: Option<Map<String, Value>>,
    #[serde(default = "nothing")]
    result: Value,
    ends: Map<String, Value>,
    kept: Option<Value>,
    #[serde(default)]
    log: Vec<String>,
}

fn nothing() -> Value {
    json!({})
}

#[test]
fn the_checks_that_an_application_accepts_are_the_same_in_the_trial_as_in_node() {
    let table: Value = serde_json::from_str(include_str!("../auth0/checks.json")).unwrap();
    let table: Vec<Check> = serde_json::from_value(with_times(table)).unwrap();
    for row in &table {
        let effects = end(row);
        let ending = match &effects.denied {
            Some(reason) => Map::from_iter([("denied".to_owned(), reason.as_str().into())]),
            None => effects.claims,
        };
        let named = |name: &String| match name.as_str() {
            "denied" => name.clone(),
            name => format!("https://id-verification/{name}"),
        };
        let expected: Map<_, _> = row.ends.iter().map(|(name, value)| (named(name), value.clone())).collect();
        assert_eq!(ending, expected, "{}", row.it);
        assert_eq!(effects.metadata.get("id_verification"), row.kept.as_ref(), "{}", row.it);
        assert_eq!(effects.log, row.log, "{}", row.it);
    }
    println!("{} checks count as in Node", table.len());
}

/// What the Action asks for at the end of the login, whose request says what the table says.
fn end(row: &Check) -> Effects {
    let event = event(&row.settings, &row.application, &row.stored);
    let has_browser = row.flow.as_deref().is_none_or(|name| flow(name) == Flow::Interactive);
    let arrival = act(Handler::Execute, has_browser, &event, &Returned::default());
    let Some(request) = &row.request else {
        assert_eq!(arrival.redirect, None, "{}", row.it);
        return arrival;
    };
    assert!(arrival.metadata.is_empty() && arrival.log.is_empty(), "{}", row.it);
    let mut sent = token::open(arrival.redirect.unwrap().query["token"].as_str().unwrap(), SECRET);
    sent.retain(|name, _| ["last_check", "methods", "max_age", "ticket"].contains(&name.as_str()));
    assert_eq!(&sent, request, "{}", row.it);

    let claims = token::with(token::claims(NOW), &json!({ "iss": IDV, "state": STATE, "idv_id": "idv-1" }));
    let result = token::sign(&token::with(claims, &row.result));
    let parameters = Map::from_iter([("token".to_owned(), result.into())]);
    act(Handler::Continue, has_browser, &event, &Returned { state: STATE.into(), parameters })
}

/// What the account says, and what the Action makes of it; `tests/auth0/profile.test.mjs` says what the columns mean.
#[derive(Deserialize)]
struct Profiles {
    logins: Vec<ProfileOfLogin>,
    faults: Vec<ProfileFault>,
}

#[derive(Deserialize)]
struct ProfileOfLogin {
    it: String,
    settings: Value,
    user: Map<String, Value>,
    profile: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct ProfileFault {
    log: String,
    settings: Value,
}

fn profiles() -> Profiles {
    serde_json::from_str(include_str!("../auth0/profiles.json")).unwrap()
}

#[test]
fn a_profile_is_sealed_in_the_trial_as_in_node_and_idv_opens_it() {
    let key = TokenKey::new(SECRET);
    let logins = profiles().logins;
    for ProfileOfLogin { it, settings, user, profile } in &logins {
        let mut event = event(settings, &nothing(), &nothing());
        event["user"].as_object_mut().unwrap().remove("app_metadata");
        event["user"].as_object_mut().unwrap().extend(user.clone());
        let arrival = act(Handler::Execute, true, &event, &Returned::default());
        assert!(arrival.log.is_empty() && arrival.metadata.is_empty(), "{it}");
        let request = token::open(arrival.redirect.unwrap().query["token"].as_str().unwrap(), SECRET);
        let sealed = request.get("profile").map(|sealed| sealed.as_str().unwrap());
        let opened = sealed.map(|sealed| key.profile().open(sealed).unwrap());
        assert_eq!(opened.is_some(), profile.is_some(), "{it}");
        if let (Some(opened), Some(expected)) = (opened, profile) {
            let expected = |name: Name| expected.get(name.as_str()).map(|text| text.as_str().unwrap());
            assert_eq!(Name::ALL.map(|name| name.of(&opened)), Name::ALL.map(expected), "{it}");
        }
    }
    println!("{} accounts are told of as in Node", logins.len());
}

#[test]
fn a_profile_that_makes_no_sense_is_the_same_fault_in_the_trial_as_in_node() {
    for ProfileFault { log, settings } in profiles().faults {
        let required = json!({ "IDV_REQUIRED": "true" });
        let effects = act(Handler::Execute, true, &event(&settings, &required, &nothing()), &Returned::default());
        assert_eq!(effects.denied.as_deref(), Some("idv_configuration_error"), "{settings}");
        assert_eq!(effects.log, [format!("idv: not configured: {log}")], "{settings}");
    }
}

/// Times of the table are seconds before now, below 0.
fn with_times(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(with_times).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, with_times(value))).collect(),
        Value::Number(number) => match number.as_i64().filter(|seconds| *seconds < 0) {
            Some(seconds) => NOW.saturating_add_signed(seconds).into(),
            None => number.into(),
        },
        other => other,
    }
}

/// What the Action is told of a person with `stored` who logs in to an application with `metadata`.
fn event(settings: &Value, metadata: &Value, stored: &Value) -> Value {
    let secrets = [("TOKEN_SECRET", std::str::from_utf8(SECRET).unwrap()), ("IDV_DOMAIN", IDV)];
    let secrets = secrets.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect();
    json!({
        "client": { "client_id": "a1b2c3", "name": "An application", "metadata": metadata },
        "secrets": token::with(secrets, settings),
        "user": { "user_id": SUBJECT, "app_metadata": { "id_verification": stored } },
    })
}

fn act(handler: Handler, can_redirect: bool, event: &Value, request: &Returned) -> Effects {
    let login = Login { can_redirect, iss: DOMAIN.into(), sub: SUBJECT.into(), ip: "203.0.113.7".into(), now: NOW };
    engine::run(ACTION, handler, event, &login, request).unwrap()
}
