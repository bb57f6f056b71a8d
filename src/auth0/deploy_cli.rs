//! The Action as a package for Auth0's Deploy CLI (`a0deploy import`).

use super::{ACTION, EXPIRES_IN, File, NAME, PROFILE, RUNTIME, TRIGGER, TRIGGER_VERSION};

/// The package for the tenant at `domain`, whose people are verified at `idv_domain`: the YAML first, then the code that
/// it names, for the Deploy CLI takes code from files only.
///
/// `@@TOKEN_SECRET@@` is replaced by the Deploy CLI with the value as JSON, which holds any secret; `##TOKEN_SECRET##`
/// would be replaced with the bare text, and a quotation mark or backslash in it would be taken for YAML's. Before 8.18.0 it
/// took `$&` and the like in either for JavaScript's patterns (auth0/auth0-deploy-cli#1153), which no way of writing avoids.
#[must_use]
pub fn package(domain: &str, idv_domain: &str) -> Vec<File> {
    let code = format!("actions/{NAME}/code.js");
    let yaml = format!(
        r#"# Identity verification with idv for the tenant {domain}, for Auth0's Deploy CLI:
#   a0deploy import --config_file config.json --input_file tenant.yaml
#
# {code} lies beside this file: `idv action --format deploy-cli --out DIR` writes both.
#
# config.json, besides the credentials of the Deploy CLI (keep the secret itself in the environment or in a vault):
#   "AUTH0_DOMAIN": "{domain}",
#   "AUTH0_INCLUDED_ONLY": ["actions", "triggers"],
#   "AUTH0_ALLOW_DELETE": false,
#   "AUTH0_KEYWORD_REPLACE_MAPPINGS": {{ "TOKEN_SECRET": "the secret shared with idv" }}
# A secret with a $ in it needs the Deploy CLI from 8.18.0 on: older ones change it. One that idv made has none.

actions:
  - name: {NAME}
    code: "./{code}"
    runtime: {RUNTIME}
    deployed: true
    dependencies: []
    supported_triggers:
      - id: {TRIGGER}
        version: {TRIGGER_VERSION}
    secrets:
      - name: TOKEN_SECRET
        value: "@@TOKEN_SECRET@@"
      - name: IDV_DOMAIN
        value: "{idv_domain}"
      # Seconds for which a successful check counts: 30 days. 0 is for ever; without this secret every login is verified.
      - name: IDV_EXPIRES_IN
        value: "{EXPIRES_IN}"
      # Names of the account that idv compares with what a provider says of the person, sealed.
      # - name: IDV_PROFILE
      #   value: "{PROFILE}"

# The Deploy CLI replaces the whole list. If the tenant has other post-login Actions, name them here too, in their order.
triggers:
  {TRIGGER}:
    - action_name: {NAME}
      display_name: {NAME}
"#
    );
    vec![File { path: "tenant.yaml".into(), text: yaml }, File { path: code, text: ACTION.into() }]
}
