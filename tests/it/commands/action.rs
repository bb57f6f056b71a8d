//! `idv action`: the same code in every package, and never a secret.

use std::fs;
use std::path::Path;
use std::process::Command;

use hcl::eval::Context;
use serde_json::{Value, json};

use crate::support::process::{BINARY, Installation};
use crate::support::token::{SECRET, TENANT};

const ACTION: &str = include_str!("../../../src/auth0/action.js");
const OTHER: &str = "other.eu.auth0.test";

fn printed(installation: &Installation, arguments: &[&str]) -> String {
    let output = installation.command(&[&["action"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(installation: &Installation, arguments: &[&str]) -> String {
    let output = installation.command(&[&["action"], arguments].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn with_two_tenants() -> Installation {
    let installation = Installation::new();
    let other = format!("[[tenants]]\ndomain = \"{OTHER}\"\ntoken_secrets = [{{ env = \"OTHER\" }}]\n");
    fs::write(installation.path("idv.toml"), installation.configuration() + &other).unwrap();
    installation
}

/// What Terraform makes of `text`, with every value from outside filled in.
fn terraform(text: &str) -> Value {
    let mut context = Context::new();
    context.declare_var("var", hcl::value!({ "token_secret" = "from the variable", "idv_expires_in" = 60 }));
    context.declare_var(
        "auth0_action",
        hcl::value!({ "identity_verification" = { "id" = "the action", "name" = "its name" } }),
    );
    let tostring = hcl::eval::FuncDef::builder()
        .param(hcl::eval::ParamType::Number)
        .build(|arguments| Ok(hcl::Value::from(arguments[0].to_string())));
    context.declare_func("tostring", tostring);
    context.declare_var("string", "string");
    context.declare_var("number", "number");
    hcl::eval::from_str(text, &context).unwrap()
}

#[test]
fn it_prints_the_action_that_is_shipped_without_any_configuration() {
    let elsewhere = tempfile::TempDir::new().unwrap();
    for arguments in [&["action"][..], &["action", "--format", "js"], &["--config", "/nowhere/idv.toml", "action"]] {
        let output = Command::new(BINARY).args(arguments).current_dir(&elsewhere).output().unwrap();
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), ACTION);
    }
}

#[test]
fn the_deploy_cli_gets_the_yaml_and_the_code_beside_it() {
    let installation = Installation::new();
    let directory = installation.path("auth0");
    let written =
        installation.json(&["action", "--format", "deploy-cli", "--out", directory.to_str().unwrap()])["written"]
            .clone();
    let paths: Vec<_> = written.as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    let [yaml, code] = paths[..] else { panic!("{paths:?}") };
    assert_eq!(Path::new(yaml), directory.join("tenant.yaml"));
    assert_eq!(Path::new(code), directory.join("actions/Identity verification/code.js"));
    assert_eq!(fs::read_to_string(code).unwrap(), ACTION);
    let yaml = fs::read_to_string(yaml).unwrap();
    assert_eq!(yaml, printed(&installation, &["--format", "deploy-cli"]));
    assert!(yaml.contains("code: \"./actions/Identity verification/code.js\""));
    assert!(yaml.contains("value: \"idv.example.test\"") && yaml.contains(TENANT), "{yaml}");
}

#[test]
fn terraform_reads_the_very_same_code() {
    let text = printed(&Installation::new(), &["--format", "terraform"]);
    let module = terraform(&text);
    let action = &module["resource"]["auth0_action"]["identity_verification"];
    assert_eq!(action["code"].as_str(), Some(ACTION));
    assert_eq!(action["runtime"].as_str(), Some("node22"));
    assert_eq!(action["deploy"].as_bool(), Some(true));
    assert_eq!(action["supported_triggers"], json!({ "id": "post-login", "version": "v3" }));
    assert_eq!(
        action["secrets"],
        json!([
            { "name": "TOKEN_SECRET", "value": "from the variable" },
            { "name": "IDV_DOMAIN", "value": "idv.example.test" },
            { "name": "IDV_EXPIRES_IN", "value": "60" }
        ])
    );
    assert_eq!(module["variable"]["token_secret"]["sensitive"].as_bool(), Some(true));
    let binding = &module["resource"]["auth0_trigger_action"]["identity_verification"];
    assert_eq!((binding["trigger"].as_str(), binding["action_id"].as_str()), (Some("post-login"), Some("the action")));
}

/// The text with the lines from `first` on, so many of them, that stand there as comments.
fn uncommented(text: &str, first: &str, count: usize) -> String {
    let start = text.lines().position(|line| line.trim() == first).unwrap_or_else(|| panic!("{first} in {text}"));
    let line = |(place, line): (usize, &str)| {
        let is_meant = (start..start + count).contains(&place);
        if is_meant { line.replacen("# ", "", 1) } else { line.to_owned() }
    };
    text.lines().enumerate().map(line).map(|line| line + "\n").collect()
}

#[test]
fn a_profile_is_one_setting_more_in_every_package() {
    let profile = json!({ "name": "IDV_PROFILE", "value": "family_name birthdate" });
    let text = printed(&Installation::new(), &["--format", "terraform"]);
    let secrets = |text: &str| terraform(text)["resource"]["auth0_action"]["identity_verification"]["secrets"].clone();
    let (without, with) = (secrets(&text), secrets(&uncommented(&text, "# secrets {", 4)));
    let (without, with) = (without.as_array().unwrap(), with.as_array().unwrap());
    assert_eq!((&with[..3], &with[3..]), (&without[..], &[profile][..]));
    let yaml = uncommented(&printed(&Installation::new(), &["--format", "deploy-cli"]), "# - name: IDV_PROFILE", 2);
    assert!(yaml.contains("\n      - name: IDV_PROFILE\n        value: \"family_name birthdate\"\n"), "{yaml}");
}

#[test]
fn terraform_itself_finds_nothing_to_format() {
    let installation = Installation::new();
    let directory = installation.path("module");
    printed(&installation, &["--format", "terraform", "--out", directory.to_str().unwrap()]);
    let file = directory.join("idv.tf");
    match Command::new("terraform").args(["fmt", "-check", "-diff"]).arg(&file).output() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(error) => eprintln!("terraform is not at hand ({error}); its language is checked by another test"),
    }
}

#[test]
fn no_package_holds_the_secret() {
    let installation = Installation::new();
    for format in ["js", "deploy-cli", "terraform"] {
        let all = installation.json(&["action", "--format", format]).to_string();
        assert!(!all.contains(std::str::from_utf8(SECRET).unwrap()), "{format}");
    }
}

#[test]
fn of_several_tenants_one_is_chosen() {
    let installation = with_two_tenants();
    for format in ["deploy-cli", "terraform"] {
        let told = refused(&installation, &["--format", format]);
        assert!(told.contains("--tenant") && told.contains(TENANT) && told.contains(OTHER), "{told}");
        assert!(printed(&installation, &["--format", format, "--tenant", OTHER]).contains(OTHER));
        assert!(
            refused(&installation, &["--format", format, "--tenant", "nobody.example"]).contains("no tenant's host")
        );
    }
}

#[test]
fn what_exists_is_never_written_over() {
    let installation = Installation::new();
    let directory = installation.path("auth0");
    fs::create_dir(&directory).unwrap();
    for (format, name) in [("js", "code.js"), ("deploy-cli", "tenant.yaml"), ("terraform", "idv.tf")] {
        fs::write(directory.join(name), "mine").unwrap();
        let told = refused(&installation, &["--format", format, "--out", directory.to_str().unwrap()]);
        assert!(told.contains(name) && told.contains("name another directory"), "{told}");
        assert_eq!(fs::read_to_string(directory.join(name)).unwrap(), "mine");
    }
    assert!(!directory.join("actions").exists(), "all or nothing");
}

#[test]
fn a_configuration_that_the_action_would_not_understand_is_told() {
    for (line, told) in
        [("token_parameter = \"session_token\"", "token_parameter"), ("result_subject = \"idv_id\"", "sub")]
    {
        let installation = Installation::new();
        fs::write(installation.path("idv.toml"), installation.configuration() + line + "\n").unwrap();
        for format in ["deploy-cli", "terraform"] {
            assert!(refused(&installation, &["--format", format]).contains(told), "{line}");
        }
    }
}
