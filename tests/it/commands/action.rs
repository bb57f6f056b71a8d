//! `idv action`.

use crate::support::process::Installation;

#[test]
fn it_prints_the_action_that_is_shipped() {
    let output = Installation::new().command(&["action"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), include_str!("../../../src/auth0/action.js"));
}
