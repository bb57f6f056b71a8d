//! `idv secret rotate`: from one secret to the next, so that at no instant Auth0 has one that idv does not accept.
//!
//! idv takes both secrets, then Auth0 changes, then idv forgets the old one. The configuration is its owner's: only they
//! change it, and each step says to what.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use crate::cli::{operate, output, tenant};
use crate::config::Config;
use crate::config::meant::TenantConfig;
use crate::config::rotation::{predecessor, successor};
use crate::config::secret::{self, Source};
use crate::control::Request;
use crate::ops::{file, random};
use crate::verification::tenant::TokenKey;

/// What no order of steps spares.
const CAVEAT: &str = "No login fails but of people who are on idv's pages in the minute of the deployment: Auth0 then knows only the new \
     secret, and idv answers with the one that their request was signed with. They log in again.";
const RELOAD: &str = "reload idv: sudo systemctl reload idv";
/// What is in the environment of the service is there from its start on.
const RESTART: &str = "restart idv: sudo systemctl restart idv";
/// Whom the running service is asked to sign a request for. Signing one stores nothing.
const NOBODY: &str = "idv|secret-rotate";

/// Makes the new secret and tells the steps. Where it was made before, it is kept and the steps are told again.
pub(super) fn begin(config: &Config, host: Option<&str>, json: bool) -> anyhow::Result<()> {
    let tenant = tenant::choose(config, host)?;
    let old = match &tenant.token_secrets[..] {
        [new, .., old] => {
            let end = conclusion(tenant, old, new).join(" ");
            bail!("{} has several token_secrets: a rotation is under way. {end}", tenant.domain);
        }
        [old] => old,
        [] => bail!("{} has no token_secrets", tenant.domain),
    };
    let new = successor(old);
    ensure_unused(config, &new)?;
    let was_made = match (old, &new) {
        (Source::File(old), Source::File(new)) => make(old, new)?,
        _ => false,
    };
    let steps = steps(tenant, old, &new);
    if json {
        return Ok(output::json(&json!({
            "tenant": tenant.domain, "new": new, "old": old, "made": was_made, "steps": steps, "caveat": CAVEAT,
        }))?);
    }
    match &new {
        Source::File(_) if was_made => output::line(&format!("Made the new secret of {}: {new}", tenant.domain))?,
        Source::File(_) => output::line(&format!("The new secret of {} was made before: {new}", tenant.domain))?,
        _ => output::line(&format!("The new secret of {} will be the {new}.", tenant.domain))?,
    }
    for (number, step) in steps.iter().enumerate() {
        output::line(&format!("{:2}. {step}", number + 1))?;
    }
    Ok(output::line(CAVEAT)?)
}

/// Removes the old secret's file, once neither the configuration nor the running service needs it.
pub(super) fn finish(config: &Config, host: Option<&str>, json: bool) -> anyhow::Result<()> {
    let tenant = tenant::choose(config, host)?;
    let new = &tenant.token_secrets[0];
    let Source::File(_) = new else {
        bail!("the secret is the {new}, which others hand to idv: remove the old one where it is kept");
    };
    let old = match predecessor(new) {
        Some(Source::File(path)) if path.exists() => path,
        _ => {
            bail!("no secret comes before the {new}: there is no rotation to finish; begin one with: idv secret rotate")
        }
    };
    ensure!(
        !names(config, &Source::File(old.clone())),
        "the configuration still names {}; once Auth0 has had the new secret for an hour, write {}, run: sudo systemctl \
         reload idv, and run this again",
        old.display(),
        line(&tenant.token_secrets[..1]),
    );
    let key = TokenKey::new(&new.read_token_secret().map_err(|error| {
        let remedy = error.remedy();
        anyhow::Error::new(error).context(format!("the new secret is not fit, and the old one was kept; {remedy}"))
    })?);
    let is_running = ensure_in_use(config, tenant, &key)?;
    file::remove(&old).with_context(|| format!("cannot remove {}", old.display()))?;
    if json {
        return Ok(output::json(&json!({ "tenant": tenant.domain, "removed": old, "service": is_running }))?);
    }
    let service = if is_running { "the service uses the new one" } else { "the service is not running" };
    Ok(output::line(&format!("Removed {}; {service}. The rotation is done.", old.display()))?)
}

/// Makes the file `new` for whoever may read `old`. Returns whether it was not there yet.
fn make(old: &Path, new: &Path) -> anyhow::Result<bool> {
    if let Some(Source::File(older)) = predecessor(&Source::File(old.to_owned())) {
        ensure!(
            !older.exists(),
            "{} is left of the last rotation; finish that first with: idv secret rotate --finish",
            older.display()
        );
    }
    let like = fs::metadata(old).with_context(|| format!("there is no secret at {} to replace", old.display()))?;
    match file::make_like(new, secret::from_random(random::bytes()).as_bytes(), &like) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot make {}", new.display())),
    }
}

fn ensure_unused(config: &Config, new: &Source) -> anyhow::Result<()> {
    ensure!(!names(config, new), "the {new} is in use already; give each tenant's secret a name without a number");
    Ok(())
}

/// Whether any tenant has a secret at `source`.
fn names(config: &Config, source: &Source) -> bool {
    config.tenants.iter().flat_map(|tenant| &tenant.token_secrets).any(|named| named == source)
}

/// That the running service, if there is one, takes `key` for the tenant's newest. Returns whether one runs.
fn ensure_in_use(config: &Config, tenant: &TenantConfig, key: &TokenKey) -> anyhow::Result<bool> {
    let request = Request::Link { tenant: tenant.domain.to_string(), subject: NOBODY.into() };
    let Some(answer) = operate::ask_service(config, &request)? else { return Ok(false) };
    let url = answer.get("url").and_then(Value::as_str).unwrap_or_default();
    ensure!(
        is_signed_with(key, url).unwrap_or_default(),
        "the running service does not use the new secret yet, and the old one was kept; run: sudo systemctl reload idv, and \
         run this again"
    );
    Ok(true)
}

/// Whether the token of the start URL `url` is signed with `key`.
fn is_signed_with(key: &TokenKey, url: &str) -> Option<bool> {
    let (_, query) = url.split_once('?')?;
    let (_, token) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token")?;
    let (signed, tag) = token.rsplit_once('.')?;
    let tag = data_encoding::BASE64URL_NOPAD.decode(tag.as_bytes()).ok()?;
    Some(key.verifies(signed.as_bytes(), &tag))
}

fn steps(tenant: &TenantConfig, old: &Source, new: &Source) -> Vec<String> {
    let domain = &tenant.domain;
    let both = line(&[new.clone(), old.clone()]);
    let mut steps = hand_over(old, new);
    let holder = match new {
        Source::File(_) | Source::Credential(_) => format!("`sudo idv secret show --tenant {domain}` prints"),
        Source::Env(name) => format!("{name} holds"),
        Source::Held(held) => format!("the {} holds", held.source),
    };
    steps.push(format!("In idv.toml at {domain} write {both} and {}. It accepts both now.", taking(new)));
    steps.push(format!("In Auth0 set the Action's secret TOKEN_SECRET to what {holder}, and Deploy."));
    steps.extend(conclusion(tenant, old, new));
    steps
}

/// What has idv take the configuration that names `new`.
fn taking(new: &Source) -> &'static str {
    if matches!(new, Source::Env(_)) { RESTART } else { RELOAD }
}

/// What is left to do once Auth0 has the new secret.
///
/// The shipped unit hands over its first credential, and no drop-in takes a single one back. So there the new secret ends
/// in the old one's place, and the unit as it was shipped.
fn conclusion(tenant: &TenantConfig, old: &Source, new: &Source) -> Vec<String> {
    const LATER: &str = "An hour after Auth0 has the new secret, when no login can be older,";
    let (domain, alone) = (&tenant.domain, line(std::slice::from_ref(new)));
    match (old, new) {
        (Source::Credential(old), Source::Credential(new)) => {
            let (old_file, new_file) = (credential_file(old), credential_file(new));
            let alone = line(&[Source::Credential(old.clone())]);
            vec![
                format!("{LATER} put it in the old one's place: sudo cp {new_file} {old_file}"),
                format!(
                    "Then run: sudo systemctl edit idv, and remove the line LoadCredential={new}:{new_file}. In idv.toml at \
                     {domain} write {alone} and {RELOAD}"
                ),
                format!("Then run: sudo rm {new_file}"),
            ]
        }
        _ => vec![
            format!("{LATER} write {alone} in idv.toml at {domain} and {}", taking(new)),
            match old {
                Source::Env(name) => format!("Then remove {name} from idv's environment."),
                _ => format!("Then run: idv secret rotate --finish --tenant {domain}"),
            },
        ],
    }
}

/// What brings a new secret to idv, where that is not a matter of its file alone.
fn hand_over(old: &Source, new: &Source) -> Vec<String> {
    match (old, new) {
        (Source::Credential(_), Source::Credential(new)) => {
            let new_file = credential_file(new);
            vec![
                format!("Run: sudo idv secret generate --out {new_file}"),
                format!(
                    "Run: sudo systemctl edit idv, and below [Service] write the line LoadCredential={new}:{new_file}"
                ),
            ]
        }
        (Source::Env(_), Source::Env(new)) => {
            vec![format!("Add {new} to idv's environment, as `idv secret generate --out -` prints it.")]
        }
        _ => vec![],
    }
}

/// Where the shipped unit has the file that is handed over as the credential `name`: `/etc/idv/token-secret.2` for
/// `token_secret_2`.
fn credential_file(name: &str) -> String {
    let file = match predecessor(&Source::Credential(name.to_owned())) {
        Some(_) => name.rsplit_once('_').map_or(name.to_owned(), |(stem, number)| format!("{}.{number}", dashed(stem))),
        None => dashed(name),
    };
    format!("/etc/idv/{file}")
}

fn dashed(name: &str) -> String {
    name.replace('_', "-")
}

/// The line of `idv.toml` that names `sources`.
fn line(sources: &[Source]) -> String {
    let tables: Vec<_> = sources.iter().map(table).collect();
    format!("token_secrets = [{}]", tables.join(", "))
}

/// `source` as TOML, whose basic strings are JSON's.
fn table(source: &Source) -> String {
    let (kind, name) = match source {
        Source::File(path) => ("file", path.to_string_lossy().into_owned()),
        Source::Credential(name) => ("credential", name.clone()),
        Source::Env(name) => ("env", name.clone()),
        Source::Held(held) => return table(&held.source),
    };
    format!("{{ {kind} = {} }}", Value::from(name))
}
