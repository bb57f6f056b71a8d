//! Everything that may not be as it should be between a click and a verified person, with what it means for them.
//!
//! Each is one check of the specification: what the log calls it, and which of three kinds it is.

use super::jose::JwsError;

/// What a fault means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The person may try again, or another way. They are told why.
    Again(Notice),
    /// The provider or our configuration is at fault. The person is told so much, and the log has it as an error.
    Broken,
    /// Nothing of the request is to be believed: it is refused like a forged token, and says nothing.
    Refused,
}

/// What a person is told, in a sentence of its own each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// They stopped there, or the provider did not want to.
    Denied,
    /// The provider needs them to do something there first.
    Interaction,
    /// The provider is not there at the moment.
    Unavailable,
    /// What they came back with is used or too old.
    StartAgain,
    /// They have to log in there afresh.
    FreshLogin,
    /// They are not known there at the level that is asked.
    Level,
    /// They are not verified there.
    NotVerified,
    /// The provider did not pass on what is needed.
    Incomplete,
    /// The provider, or what is configured of it, is at fault.
    Broken,
    /// Too many go there at this moment.
    Busy,
    /// There is too little time left of the login.
    TooLate,
}

impl Notice {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Denied,
        Self::Interaction,
        Self::Unavailable,
        Self::StartAgain,
        Self::FreshLogin,
        Self::Level,
        Self::NotVerified,
        Self::Incomplete,
        Self::Broken,
        Self::Busy,
        Self::TooLate,
    ];

    /// Its name in addresses and catalogues.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Interaction => "interaction",
            Self::Unavailable => "unavailable",
            Self::StartAgain => "start-again",
            Self::FreshLogin => "fresh-login",
            Self::Level => "level",
            Self::NotVerified => "not-verified",
            Self::Incomplete => "incomplete",
            Self::Broken => "broken",
            Self::Busy => "busy",
            Self::TooLate => "too-late",
        }
    }

    /// The one of this `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.as_str() == name)
    }
}

/// Declares the faults: of each its words, its name in the log and its kind.
macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $kind:expr;)*) => {
        /// What is not as it should be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $variant,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What the log calls it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it means.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$variant => $kind,)*
                }
            }
        }
    };
}

use Kind::{Again, Broken, Refused};

faults! {
    /// A1: the answer in the browser is malformed, too long, or has a parameter twice.
    AnswerMalformed = "answer_malformed", Refused;
    /// A2: no transaction of this browser belongs to `state`.
    StateUnknown = "state_unknown", Refused;
    /// A3: the transaction is of another provider.
    OtherProvider = "other_provider", Refused;
    /// A3: the provider was configured otherwise when it began.
    OtherRegistration = "other_registration", Refused;
    /// A4: `iss` is missing, where the provider announces it.
    AnswerIssMissing = "answer_iss_missing", Refused;
    /// A4: `iss` is another issuer.
    AnswerIss = "answer_iss", Refused;
    /// A5: there is neither or both of `code` and `error`.
    AnswerBoth = "answer_code_and_error", Refused;
    /// A6: `access_denied`.
    ErrorDenied = "error_access_denied", Again(Notice::Denied);
    /// A6: `login_required`, `interaction_required`, `account_selection_required`, `consent_required`.
    ErrorInteraction = "error_interaction", Again(Notice::Interaction);
    /// A6: `temporarily_unavailable`, `server_error`.
    ErrorUnavailable = "error_unavailable", Again(Notice::Unavailable);
    /// A6: `unmet_authentication_requirements` (OpenID Connect Core Unmet Authentication Requirements).
    ErrorUnmet = "error_unmet_requirements", Again(Notice::Level);
    /// A6: any other error.
    ErrorOther = "error_other", Broken;
    /// A7: `code` is empty, longer than 2 KiB, or not visible ASCII.
    AnswerCode = "answer_code", Refused;
    /// What somebody else is answering already, and could not end.
    Interrupted = "interrupted", Again(Notice::StartAgain);

    /// M1: the provider has not answered of late, and is left alone for a while.
    ProviderDown = "provider_down", Again(Notice::Unavailable);
    /// M1: the metadata could not be had.
    MetadataUnreachable = "metadata_unreachable", Again(Notice::Unavailable);
    /// M1: the metadata is not a JSON object with what it must have.
    MetadataMalformed = "metadata_malformed", Broken;
    /// M1: its `issuer` is another one.
    MetadataIssuer = "metadata_issuer", Broken;
    /// M2: an endpoint is no https address of a host that is allowed.
    MetadataEndpoint = "metadata_endpoint", Broken;
    /// M3: what is configured is not announced.
    MetadataUnannounced = "metadata_unannounced", Broken;
    /// M4: the keys could not be had.
    KeysUnreachable = "keys_unreachable", Again(Notice::Unavailable);
    /// M4: the keys are no set of keys, or too many.
    KeysMalformed = "keys_malformed", Broken;
    /// M4: none of the keys is of use.
    KeysNone = "keys_none", Broken;
    /// The address of the request is longer than gets there.
    RequestTooLong = "request_too_long", Broken;
    /// Our own key or secret is not what the provider takes.
    ClientKey = "client_key", Broken;
    /// PAR: the pushed request was not answered.
    PushUnreachable = "push_unreachable", Again(Notice::Unavailable);
    /// PAR: the pushed request was refused.
    PushRefused = "push_refused", Broken;
    /// PAR: the answer to it is malformed.
    PushMalformed = "push_malformed", Broken;

    /// T1: the token endpoint was not reached, or did not answer in time, or was out of order.
    TokenUnreachable = "token_unreachable", Again(Notice::Unavailable);
    /// T1: its answer is not what such an answer is.
    TokenMalformed = "token_malformed", Broken;
    /// T2: `invalid_grant`.
    TokenGrant = "token_invalid_grant", Again(Notice::StartAgain);
    /// T3: `invalid_client`, `unauthorized_client`.
    TokenClient = "token_invalid_client", Broken;
    /// T3: any other error.
    TokenError = "token_error", Broken;
    /// T4: there is no `id_token`.
    TokenWithoutIdToken = "token_without_id_token", Broken;
    /// T4: `token_type` is missing or not bearer, or `access_token` is missing.
    TokenType = "token_type", Broken;

    /// I0: five parts.
    IdTokenEncrypted = "id_token_encrypted", Broken;
    /// I0: not the compact form of a signature.
    IdTokenMalformed = "id_token_malformed", Broken;
    /// I0: `alg` is none of those that are configured.
    IdTokenAlg = "id_token_alg", Broken;
    /// I1: no key fits.
    IdTokenKeyUnknown = "id_token_key_unknown", Broken;
    /// I1: several keys fit.
    IdTokenKeyAmbiguous = "id_token_key_ambiguous", Broken;
    /// I1: the key is not for this.
    IdTokenKeyUnfit = "id_token_key_unfit", Broken;
    /// I2: the signature is not by the key.
    IdTokenSignature = "id_token_signature", Broken;
    /// I3: the payload is not strict JSON.
    IdTokenPayload = "id_token_payload", Broken;
    /// I4: `iss` is not the issuer.
    IdTokenIss = "id_token_iss", Broken;
    /// I5: `aud` is not us alone.
    IdTokenAud = "id_token_aud", Broken;
    /// I5: `azp` is there and is not us.
    IdTokenAzp = "id_token_azp", Broken;
    /// I6: `exp` is missing, not a number, or past.
    IdTokenExp = "id_token_exp", Broken;
    /// I7: `iat` is missing, not a number, of later than now, or of before it was asked for.
    IdTokenIat = "id_token_iat", Broken;
    /// I8: `nbf` is there and not a number, or of later than now.
    IdTokenNbf = "id_token_nbf", Broken;
    /// I9: `nonce` is missing or another one.
    IdTokenNonce = "id_token_nonce", Refused;
    /// I10: `sub` is no text of 1 to 255 bytes.
    IdTokenSub = "id_token_sub", Broken;
    /// I11: `at_hash` is there and does not fit the access token.
    IdTokenAtHash = "id_token_at_hash", Broken;
    /// I12: `auth_time` was asked for, and is missing or no number.
    IdTokenAuthTimeMissing = "id_token_auth_time_missing", Broken;
    /// I12: the login there is older than was asked for.
    IdTokenAuthTime = "id_token_auth_time", Again(Notice::FreshLogin);

    /// U1: userinfo was not reached.
    UserinfoUnreachable = "userinfo_unreachable", Again(Notice::Unavailable);
    /// U1: its answer is not JSON of an object.
    UserinfoMalformed = "userinfo_malformed", Broken;
    /// U2: its `sub` is not that of the ID token: somebody else's answer, by mistake or by attack.
    UserinfoSub = "userinfo_sub", Broken;

    /// V1: `acr` is none of those that count.
    Acr = "acr", Again(Notice::Level);
    /// V2: there are no `verified_claims` that count.
    VerifiedClaims = "verified_claims", Again(Notice::NotVerified);
    /// V2: two that count are of different levels.
    VerifiedClaimsAmbiguous = "verified_claims_ambiguous", Again(Notice::NotVerified);
    /// V2: they are too old, of later than now, or their time makes no sense.
    VerifiedClaimsTime = "verified_claims_time", Again(Notice::NotVerified);
    /// V3: a value does not count.
    Values = "values", Again(Notice::NotVerified);

    /// W1: there is nothing that names the person, or more than one thing.
    IdentityMissing = "identity_missing", Broken;
    /// W4: Auth0 does not say what is to be compared.
    MatchUnknownHere = "match_unknown_here", Broken;
    /// W4: the provider does not say what is to be compared.
    MatchUnknownThere = "match_unknown_there", Again(Notice::Incomplete);

    /// There is too little time left of the login for a way there and back.
    TooLate = "too_late", Again(Notice::TooLate);
    /// Too many go there at this moment.
    Busy = "busy", Again(Notice::Busy);
}

impl Fault {
    /// Whether somebody has to look: the provider or our configuration is at fault, or the provider was not reached.
    #[must_use]
    pub const fn is_ours_or_theirs(self) -> bool {
        matches!(self.kind(), Broken)
            || matches!(
                self,
                Self::MetadataUnreachable
                    | Self::KeysUnreachable
                    | Self::PushUnreachable
                    | Self::TokenUnreachable
                    | Self::UserinfoUnreachable
            )
    }

    /// Whether a token may be sound that was checked by old keys: a provider may call a new key as it called another.
    #[must_use]
    pub const fn may_be_of_old_keys(self) -> bool {
        matches!(self, Self::IdTokenKeyUnknown | Self::IdTokenKeyUnfit | Self::IdTokenSignature)
    }
}

/// A fault, and what a provider says of it as far as the log may have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// What is not as it should be.
    pub fault: Fault,
    /// Printable ASCII, at most 200 bytes. For the log alone.
    pub detail: Option<String>,
}

impl From<Fault> for Rejected {
    fn from(fault: Fault) -> Self {
        Self { fault, detail: None }
    }
}

impl From<JwsError> for Fault {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Encrypted => Self::IdTokenEncrypted,
            JwsError::Malformed => Self::IdTokenMalformed,
            JwsError::Algorithm => Self::IdTokenAlg,
            JwsError::UnknownKey => Self::IdTokenKeyUnknown,
            JwsError::AmbiguousKey => Self::IdTokenKeyAmbiguous,
            JwsError::UnfitKey => Self::IdTokenKeyUnfit,
            JwsError::Signature => Self::IdTokenSignature,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_fault_and_each_notice_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
        assert_eq!(names.len(), Fault::ALL.len());
        assert!(Notice::ALL.into_iter().all(|notice| Notice::parse(notice.as_str()) == Some(notice)));
        assert_eq!(Notice::parse("x"), None);
    }
}
