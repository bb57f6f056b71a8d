//! The OpenID Foundation's test modules for relying parties, each by its name.

use super::scene::{Scene, Setting};
use crate::support::liar::Par;
use crate::support::liar::lies::{Lie, named};

/// What the module's provider does.
enum Plays {
    /// It is honest.
    Honest,
    /// It answers by this, a lie or an oddity.
    Tells(&'static Lie),
    /// It takes new keys between two logins.
    RotatesBetweenLogins,
    /// It takes new keys after the browser was sent to it.
    RotatesBeforeSigning,
}

use Plays::{Honest, RotatesBeforeSigning, RotatesBetweenLogins};

fn tells(cause: &str, name: &str) -> Plays {
    Plays::Tells(named(cause, name))
}

/// Something odd that is allowed.
fn odd(name: &str) -> Plays {
    tells("", name)
}

const BASIC: Setting = Setting { way: "basic", algorithm: "RS256", par: Par::Absent };
const POST: Setting = Setting { way: "post", ..BASIC };
const ES256: Setting = Setting { algorithm: "ES256", ..BASIC };
/// Pushed requests, and a client that signs.
const FAPI: Setting = Setting { way: "ES256", algorithm: "PS256", par: Par::Required };

fn accept(setting: Setting, plays: &Plays) {
    let scene = Scene::new(setting);
    let mut browser = scene.world.browser();
    let session = browser.begin(&scene.world.token("one")).trim_end_matches("/oidc/liar").to_owned();
    match plays {
        Honest => {}
        Plays::Tells(lie) => {
            assert_eq!(lie.cause, "", "what is accepted is no lie");
            scene.liar.tell(lie);
        }
        RotatesBetweenLogins | RotatesBeforeSigning => scene.succeed("before"),
    }
    if matches!(plays, RotatesBetweenLogins) {
        scene.liar.rotate();
    }
    let meanwhile = || {
        if matches!(plays, RotatesBeforeSigning) {
            scene.liar.rotate();
        }
    };
    scene.go(browser, session, meanwhile).assert_success(&scene.liar);
}

fn refuse(setting: Setting, plays: &Plays) {
    let Plays::Tells(lie) = plays else { panic!("what is refused is a lie") };
    let scene = Scene::new(setting);
    scene.liar.tell(lie);
    assert_eq!(scene.log_in("one").complaints(lie.cause), Vec::<String>::new());
}

macro_rules! modules {
    ($($name:ident: $setting:ident, $plays:expr => $verdict:ident;)*) => {
        $(
            #[test]
            fn $name() {
                modules!($verdict $setting, $plays);
            }
        )*
    };
    (accepted $setting:ident, $plays:expr) => { accept($setting, &$plays) };
    (refused $setting:ident, $plays:expr) => { refuse($setting, &$plays) };
}

modules! {
    // The basic profile. Several keys and no `kid` may be accepted or refused: it is refused here.
    oidcc_client_test: BASIC, Honest => accepted;
    oidcc_client_test_invalid_iss: BASIC, tells("id_token_iss", "iss is another") => refused;
    oidcc_client_test_missing_sub: BASIC, tells("id_token_sub", "sub is missing") => refused;
    oidcc_client_test_invalid_aud: BASIC, tells("id_token_aud", "aud is another") => refused;
    oidcc_client_test_missing_iat: BASIC, tells("id_token_iat", "iat is missing") => refused;
    oidcc_client_test_kid_absent_single_jwks: BASIC, odd("kid is missing, and there is one key") => accepted;
    oidcc_client_test_kid_absent_multiple_jwks: BASIC, tells("id_token_key_ambiguous", "kid is missing among several keys") => refused;
    oidcc_client_test_idtoken_sig_rs256: BASIC, Honest => accepted;
    oidcc_client_test_idtoken_sig_none: BASIC, tells("id_token_alg", "alg is none, without a signature") => refused;
    oidcc_client_test_invalid_sig_rs256: BASIC, tells("id_token_signature", "the signature is another key's") => refused;
    oidcc_client_test_userinfo_invalid_sub: BASIC, tells("userinfo_sub", "userinfo is of another") => refused;
    oidcc_client_test_nonce_invalid: BASIC, tells("id_token_nonce", "nonce is another") => refused;
    oidcc_client_test_scope_userinfo_claims: BASIC, Honest => accepted;
    oidcc_client_test_client_secret_basic: BASIC, Honest => accepted;

    // The configuration profile, but for the one module that the basic profile has too.
    oidcc_client_test_discovery_openid_config: BASIC, Honest => accepted;
    oidcc_client_test_discovery_jwks_uri_keys: BASIC, odd("keys that nobody understands are beside ours") => accepted;
    oidcc_client_test_discovery_issuer_mismatch: BASIC, tells("metadata_issuer", "issuer is another") => refused;
    oidcc_client_test_signing_key_rotation_just_before_signing: BASIC, RotatesBeforeSigning => accepted;
    oidcc_client_test_signing_key_rotation: BASIC, RotatesBetweenLogins => accepted;

    // Of the comprehensive plan. Signed userinfo may be left unsupported: it is refused where JSON is configured.
    oidcc_client_test_missing_aud: BASIC, tells("id_token_aud", "aud is missing") => refused;
    oidcc_client_test_invalid_sig_es256: ES256, tells("id_token_signature", "the signature is another key's") => refused;
    oidcc_client_test_invalid_sig_hs256: BASIC, tells("id_token_alg", "alg is HS256, by the public key") => refused;
    oidcc_client_test_userinfo_signed: BASIC, tells("userinfo_malformed", "userinfo is a JWT in truth") => refused;
    oidcc_client_test_client_secret_post: POST, Honest => accepted;

    // The FAPI 2.0 security profile, as far as it needs no DPoP.
    fapi2_security_profile_final_client_test_happy_path: FAPI, Honest => accepted;
    fapi2_security_profile_final_client_test_invalid_aud: FAPI, tells("id_token_aud", "aud is another") => refused;
    fapi2_security_profile_final_client_test_invalid_secondary_aud: FAPI, tells("id_token_aud", "aud is a list of us and another") => refused;
    fapi2_security_profile_final_client_test_invalid_null_alg: FAPI, tells("id_token_alg", "alg is none, without a signature") => refused;
    fapi2_security_profile_final_client_test_invalid_expired_exp: FAPI, tells("id_token_exp", "exp is past by the leeway") => refused;
    fapi2_security_profile_final_client_test_invalid_missing_exp: FAPI, tells("id_token_exp", "exp is missing") => refused;
    fapi2_security_profile_final_client_test_remove_authorization_response_iss: FAPI, tells("answer_iss_missing", "iss is missing") => refused;
    fapi2_security_profile_final_client_test_invalid_authorization_response_iss: FAPI, tells("answer_iss", "iss is another") => refused;
    fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_state_fails: FAPI, tells("state_unknown", "state is another") => refused;
    fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_missing_state_fails: FAPI, tells("state_unknown", "state is missing") => refused;
    fapi2_security_profile_final_client_test_discovery_issuer_mismatch: FAPI, tells("metadata_issuer", "issuer is another") => refused;
    fapi2_security_profile_final_client_test_token_endpoint_response_without_expires_in: FAPI, odd("expires_in is missing") => accepted;
    fapi2_security_profile_final_client_test_token_type_case_insensitivity: FAPI, odd("token_type is in small letters") => accepted;
}
