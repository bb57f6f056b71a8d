//! The console with cases in it: applicants who sent photos, and operators who look at them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use idv::config::load;
use idv::control::method::document::Request as CaseRequest;
use idv::control::{Office, Request, operator};
use idv::evidence::{Keeper, Off, Place, Whose};
use idv::ops::clock::Clock;
use idv::ops::random;
use idv::picture::Pool;
use idv::review::{Console, Exhibits};
use idv::store::Store;
use idv::verification::account::Account;
use idv::verification::audit::entry::Entry;
use idv::verification::command::Task;
use idv::verification::decision::{Answered, Step};
use idv::verification::erasure::Erasure;
use idv::verification::identity::Identity;
use idv::verification::method::document::applicant::{Act, Applied, Told, Via};
use idv::verification::method::document::checklist::{Response, questions};
use idv::verification::method::document::dossier::{Dossier, Reviewer, Stage};
use idv::verification::method::document::kind::{Cue, DocumentKind, Slot};
use idv::verification::method::document::picture::{Brought, Picture};
use idv::verification::method::document::review::{Deed, Order, Powers};
use idv::verification::method::{self, Answer, Kind, Reply};
use idv::verification::operator::recognition::Recognized;
use idv::verification::operator::session::OperatorToken;
use idv::verification::operator::{Role, Roles, SignedInBy};
use idv::verification::subject::{IdvId, Subject};
use idv::verification::time::Timestamp;
use idv::web::Uploads;
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::acts::{act, command};
use super::album::{Album, SPACE, everything_below};
use super::browser::{Browser, Page};
use super::faulty::Faulty;
use super::ledger::{Logins, subject_of};
use super::world::{BEGINNING, block_on};

const HOST: &str = "review.example.test";
const COOKIE: &str = "__Host-idv-operator";

pub(crate) struct Cases {
    album: Album,
    office: Arc<Office>,
    console: Arc<Console>,
    clock: Arc<AtomicU64>,
    logins: Logins,
}

impl Cases {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// Where `rules` are more lines of the method's section.
    pub(crate) fn with(rules: &str) -> Self {
        Self::of(rules, &[])
    }

    /// The same, once the organisation verifies nobody by documents any more.
    pub(crate) fn disabled(self) -> Self {
        self.changed(|office| office.config.methods.document = None)
    }

    /// The same in another process, to which the file of the photos' keys is damaged.
    pub(crate) fn without_keys(self) -> Self {
        let place =
            Place { directory: self.album.evidence(), store: self.album.directory.clone(), may_be_in_memory: true };
        std::fs::write(place.directory.join("keys"), "damaged").unwrap();
        let keeper = Keeper::new(self.album.store.clone(), place, SPACE);
        keeper.begin().unwrap();
        assert_eq!(keeper.off(), Some(Off::Damaged));
        self.changed(|office| office.evidence = Arc::new(keeper))
    }

    fn changed(self, change: impl FnOnce(&mut Office)) -> Self {
        let Self { album, office, console, clock, logins } = self;
        drop(console);
        let mut office = Arc::into_inner(office).unwrap();
        change(&mut office);
        let office = Arc::new(office);
        let console = Console::new(office.clone(), Arc::default(), None, None).unwrap();
        Self { album, office, console: taking(console), clock, logins }
    }

    /// Where the organisation has these specimens and pairs, by the names of their files: `specimens/passport.jpg`.
    pub(crate) fn showing(exhibits: &[(&str, Vec<u8>)]) -> Self {
        Self::of("", exhibits)
    }

    fn of(rules: &str, exhibits: &[(&str, Vec<u8>)]) -> Self {
        Self::over(Album::new(), rules, exhibits)
    }

    /// Of those whose photos are in `album`.
    pub(crate) fn over(album: Album, rules: &str, exhibits: &[(&str, Vec<u8>)]) -> Self {
        for name in ["specimens", "pairs"] {
            std::fs::create_dir_all(album.directory.join(name)).unwrap();
        }
        for (name, bytes) in exhibits {
            std::fs::write(album.directory.join(name), bytes).unwrap();
        }
        let directory = album.directory.display();
        let config = format!(
            "public_url = \"https://idv.example.test\"\nserver.listen = [\"127.0.0.1:8001\"]\n\
             review.url = \"https://{HOST}\"\nreview.specimens = \"{directory}/specimens\"\n\
             review.pairs = \"{directory}/pairs\"\n[[tenants]]\ndomain = \"acme.eu.auth0.test\"\n\
             token_secrets = [{{ env = \"NONE\" }}]\n[methods.document]\nenabled = true\n\
             policy = \"https://acme.test/policy\"\n{rules}\n"
        );
        let clock = Arc::new(AtomicU64::new(BEGINNING));
        let time = clock.clone();
        let office = Arc::new(Office {
            config: load::parse(&config).0.unwrap(),
            tenants: Err("none".into()),
            store: album.store.clone(),
            evidence: album.keeper.clone(),
            clock: Clock::new(move || Timestamp::from_unix(time.load(Ordering::SeqCst))),
            running: None,
        });
        let exhibits = Exhibits::read(office.config.review.as_ref()).unwrap();
        let console = Console::new(office.clone(), Arc::default(), None, None).unwrap().showing(exhibits);
        Self { album, office, console: taking(console), clock, logins: Logins::new() }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.office.store
    }

    /// What whoever is root asks of cases.
    pub(crate) fn ask(&self, request: CaseRequest) -> Value {
        self.asked_by(Account::Root, Request::Method(request.into()))
    }

    /// What is answered to whoever asks from `account`.
    pub(crate) fn asked_by(&self, account: Account, request: Request) -> Value {
        block_on(self.office.perform(request, account)).unwrap()
    }

    /// What the clock is set by.
    pub(crate) fn clock(&self) -> Arc<AtomicU64> {
        self.clock.clone()
    }

    /// The files of photos, which fail as told.
    pub(crate) fn faulty(&self) -> &Faulty {
        &self.album.faulty
    }

    /// Removes files of which nobody knows, and counts what is left.
    pub(crate) fn swept(&self) -> usize {
        self.album.sweep().unwrap();
        self.album.files().len()
    }

    /// Has time do to cases what is due.
    pub(crate) fn age(&self) -> usize {
        block_on(idv::control::method::age(&self.office)).unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.office.clock.now()
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    /// A browser in which `name` has signed in.
    pub(crate) fn signed_in(&self, name: &str, roles: &[Role]) -> Browser<Console> {
        self.signed_in_as(name, roles, None)
    }

    /// The same of somebody who is `subject` as an applicant.
    pub(crate) fn signed_in_as(&self, name: &str, roles: &[Role], subject: Option<Subject>) -> Browser<Console> {
        self.signed_in_by(SignedInBy::Anew, name, roles, subject)
    }

    /// The same, `by` that way of the provider.
    pub(crate) fn signed_in_by(
        &self,
        by: SignedInBy,
        name: &str,
        roles: &[Role],
        subject: Option<Subject>,
    ) -> Browser<Console> {
        let recognized = Recognized {
            identity: Identity::derive_of_operator(&self.office.store.key("test"), "https://op.example", name),
            names: vec![name.to_owned().try_into().unwrap()],
            roles: roles.iter().copied().collect::<Roles>(),
            subject,
        };
        let token = OperatorToken::from_random(random::bytes());
        let signed_in = self.office.store.sign_in_by_provider(recognized, by, token.session(), self.now());
        block_on(signed_in).unwrap().0.unwrap();
        let mut browser = Browser::of(self.console.clone(), HOST);
        browser.cookies.insert(COOKIE.into(), token.to_string());
        browser
    }

    /// A browser in which a new operator has signed in by a link.
    pub(crate) fn signed_in_by_link(&self, name: &str, roles: &[Role]) -> Browser<Console> {
        let (browser, place) = self.sign_in_by_link(&self.add_operator(name, roles));
        assert_eq!(place, "/me");
        browser
    }

    /// The link of a new operator.
    pub(crate) fn add_operator(&self, name: &str, roles: &[Role]) -> String {
        self.link_of(operator::Request::Add { name: name.into(), roles: roles.into(), subject: None, tenant: None })
    }

    /// Another link of one who is known.
    pub(crate) fn link_operator(&self, name: &str) -> String {
        self.link_of(operator::Request::Link { name: name.into() })
    }

    fn link_of(&self, request: operator::Request) -> String {
        let answer = block_on(self.office.perform(Request::Operator(request), Account::Root)).unwrap();
        answer["url"].as_str().unwrap().strip_prefix(&format!("https://{HOST}")).unwrap().to_owned()
    }

    /// A browser in which somebody has signed in by `link`, and where that led.
    pub(crate) fn sign_in_by_link(&self, link: &str) -> (Browser<Console>, String) {
        let mut browser = Browser::of(self.console.clone(), HOST);
        let place = browser.post(link, "").location().to_owned();
        (browser, place)
    }

    pub(crate) fn reviewer(&self, name: &str) -> Browser<Console> {
        self.signed_in(name, &[Role::Reviewer])
    }

    pub(crate) fn supervisor(&self, name: &str) -> Browser<Console> {
        self.signed_in(name, &[Role::Supervisor])
    }

    /// Applicant `n` does `act`.
    pub(crate) fn apply(&self, n: usize, act: Act) -> Told {
        self.apply_via(Via::Browser, n, act)
    }

    /// The same, there.
    pub(crate) fn apply_via(&self, via: Via, n: usize, step: Act) -> Told {
        let session = self.logins.session(n, 0);
        let rules = self.office.config.methods.document.as_ref().unwrap().of(&session.subject.tenant).clone();
        let applied = Applied { act: step, rules, via };
        let id = IdvId::from_random((n as u128).to_be_bytes());
        let act = act(&session, Step::Answer(Answer::Document(applied)), id, self.now());
        match block_on(self.office.store.act(act)).unwrap().0 {
            Answered::Told(Reply::Document(told)) => told,
            other => panic!("{other:?}"),
        }
    }

    /// The session in which applicant `n` sent takes what was decided.
    pub(crate) fn take(&self, n: usize) {
        let id = IdvId::from_random((n as u128).to_be_bytes());
        let act = act(&self.logins.session(n, 0), Step::Accept(None), id, self.now());
        let (answered, _) = block_on(self.office.store.act(act)).unwrap();
        assert!(matches!(answered, Answered::Concluded(_)), "{answered:?}");
    }

    /// Applicant `n` begins with a passport and sends it. Returns the case's number.
    pub(crate) fn send(&self, n: usize) -> u64 {
        self.begin(n);
        for slot in [Slot::Front, Slot::Selfie] {
            self.put(n, slot, format!("photo of {n}").as_bytes(), unlike(n));
        }
        assert_eq!(self.apply(n, Act::Send), Told::Sent);
        self.dossier(n).number
    }

    /// Applicant `n` agrees, and chooses a passport.
    pub(crate) fn begin(&self, n: usize) {
        let begin = Act::Begin {
            document: DocumentKind::Passport,
            notice: [0; 32],
            cue: Cue::from_random([0; 4]),
            draw: 0,
            is_anew: false,
        };
        assert_eq!(self.apply(n, begin), Told::Begun);
    }

    /// Puts a picture made of `bytes` into `slot`, and wants it so.
    pub(crate) fn put(&self, n: usize, slot: Slot, bytes: &[u8], difference_hash: u64) {
        let jpeg = [b"\xff\xd8\xff\xe0", slot.as_str().as_bytes(), bytes].concat();
        let (subject, dossier) = (subject_of(n), self.dossier(n));
        let whose =
            Whose { tenant: &subject.tenant, number: dossier.number, round: dossier.round, slot: slot.as_str() };
        let stored = self.album.keeper.put(&jpeg, &whose, self.now()).unwrap();
        let sha256: [u8; 32] = digest(&SHA256, &jpeg).as_ref().try_into().unwrap();
        let picture = Picture {
            object: stored.object,
            round: dossier.round,
            digest: sha256,
            upload: sha256,
            difference_hash,
            width: 1,
            height: 1,
            turns: 0,
        };
        let brought = Box::new(Brought { number: dossier.number, picture, record: stored.record });
        assert_eq!(self.apply(n, Act::Put { slot, brought }), Told::Shown(slot));
        drop(stored.held);
        assert_eq!(self.apply(n, Act::Keep { slot, object: picture.object }), Told::Kept);
    }

    /// Has applicant `n` erased.
    pub(crate) fn erase(&self, n: usize) -> Erasure {
        self.album.erase(n, self.now())
    }

    pub(crate) fn dossier(&self, n: usize) -> Dossier {
        let standing = self.office.store.kept_of(Kind::Document, &subject_of(n)).unwrap().into_document();
        *standing.dossier.unwrap()
    }

    pub(crate) fn is_decided(&self, n: usize) -> Option<bool> {
        match self.dossier(n).stage {
            Stage::Decided { is_verified, .. } => Some(is_verified),
            _ => None,
        }
    }

    /// Has `deed` done to the case of applicant `n` by somebody who is signed in.
    pub(crate) fn order(&self, n: usize, name: &str, deed: Deed) -> idv::verification::command::Done {
        let account = Account::Operator(name.to_owned().try_into().unwrap());
        let (subject, dossier) = (subject_of(n), self.dossier(n));
        let rules = self.office.config.methods.document.as_ref().unwrap().of(&subject.tenant).clone();
        let powers = Powers { is_supervisor: false, is_signed_in: true, subject: None };
        let by = Reviewer { account: account.clone(), claimed: None };
        let order = Order { number: dossier.number, by, rules, powers, deed };
        let task = Task::Order(method::Order::Document(order));
        block_on(self.office.store.carry_out(command(subject, account, task, self.now()))).unwrap().0
    }

    /// What the audit log has.
    pub(crate) fn entries(&self, action: &str) -> Vec<Entry> {
        let lines = self.office.store.entries(0, 5000).unwrap();
        let entries = lines.iter().map(|(_, line)| Entry::parse(line).unwrap());
        entries.filter(|entry| entry.action == action).collect()
    }

    /// How many sealed pictures there are on the disk.
    pub(crate) fn files(&self) -> usize {
        everything_below(&self.album.evidence().join("objects")).len()
    }

    /// Changes a byte of every sealed picture.
    pub(crate) fn damage(&self) {
        for path in everything_below(&self.album.evidence().join("objects")) {
            let mut bytes = std::fs::read(&path).unwrap();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            std::fs::write(&path, bytes).unwrap();
        }
    }

    /// The fields that the page of the case of `n` brings along.
    pub(crate) fn shown(&self, n: usize) -> String {
        let dossier = self.dossier(n);
        let digests: String = dossier.digests().iter().map(|one| data_encoding::HEXLOWER.encode(one)).collect();
        format!("revision={}&round={}&digests={digests}", dossier.revision, dossier.round)
    }

    /// Every answer of the case of `n` is `answer`.
    pub(crate) fn checks(&self, n: usize, answer: Response) -> String {
        let checks = questions(&self.dossier(n)).map(|item| format!("&check.{}={}", item.as_str(), answer.as_str()));
        checks.collect()
    }

    /// An approval in all its fields, confirmed.
    pub(crate) fn approval(&self, n: usize) -> String {
        format!("{}{}&outcome=approve&step=confirmed", self.shown(n), self.checks(n, Response::Yes))
    }

    pub(crate) fn rejection(&self, n: usize) -> String {
        let (shown, checks) = (self.shown(n), self.checks(n, Response::No));
        format!("{shown}{checks}&outcome=reject&reject.expired=on&step=confirmed")
    }

    pub(crate) fn asking(&self, n: usize) -> String {
        format!("{}&outcome=ask_again&ask.front.blurred=on&step=confirmed", self.shown(n))
    }
}

/// `console`, which takes photos in.
fn taking(console: Console) -> Arc<Console> {
    Arc::new(console.taking(Uploads::default(), Some(Arc::new(Pool::start(1).unwrap()))))
}

/// The difference hash of the photos of `n`, which is far from that of anybody else.
fn unlike(n: usize) -> u64 {
    (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The addresses of the pictures on `page`.
pub(crate) fn pictures(page: &Page) -> Vec<String> {
    let parts = page.body.split("<img src=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")).collect()
}
