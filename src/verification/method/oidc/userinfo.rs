//! What the userinfo endpoint answers (OIDC Core §5.3), as JSON.

use super::fault::Fault;
use super::object::Object;
use super::refusal::is_out_of_order;

/// What is said of the person whom the checked ID token calls `sub`.
///
/// # Errors
/// U1 and U2: [`Fault::UserinfoUnreachable`], [`Fault::UserinfoMalformed`] (which a JWT is, too), [`Fault::UserinfoSub`].
pub fn check(status: u16, content_type: Option<&str>, body: &[u8], sub: &str) -> Result<Object, Fault> {
    if is_out_of_order(status) {
        return Err(Fault::UserinfoUnreachable);
    }
    let answer = Object::answered(content_type, body).filter(|_| status == 200).ok_or(Fault::UserinfoMalformed)?;
    // Somebody else's answer must not be taken for this person's (§5.3.2).
    if answer.text("sub") == Some(sub) { Ok(answer) } else { Err(Fault::UserinfoSub) }
}
