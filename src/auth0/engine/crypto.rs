//! What of Node's `crypto` the Action uses to seal a profile.

use data_encoding::BASE64URL_NOPAD;
use ring::{aead, hkdf};
use rquickjs::prelude::Func;
use rquickjs::{Ctx, Exception, Object, Result};

use crate::ops::random;

/// The functions that `engine.js` builds on.
pub(super) fn native<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    native.set("base64url", Func::from(|bytes: Vec<u8>| BASE64URL_NOPAD.encode(&bytes)))?;
    native.set("deriveKey", Func::from(derive_key))?;
    native.set("randomBytes", Func::from(random_bytes))?;
    native.set("seal", Func::from(seal))?;
    Ok(native)
}

/// 32 bytes by HKDF-SHA256 without a salt.
fn derive_key(ctx: Ctx<'_>, secret: String, info: String) -> Result<Vec<u8>> {
    let mut key = vec![0; 32];
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret.as_bytes());
    let filled = derived.expand(&[info.as_bytes()], hkdf::HKDF_SHA256).and_then(|derived| derived.fill(&mut key));
    filled.map(|()| key).map_err(|_| Exception::throw_range(&ctx, "no key"))
}

fn random_bytes(ctx: Ctx<'_>, length: usize) -> Result<Vec<u8>> {
    let bytes = random::bytes::<32>();
    bytes.get(..length).map(<[u8]>::to_vec).ok_or_else(|| Exception::throw_range(&ctx, "more than 32 random bytes"))
}

/// AES-256-GCM: the ciphertext of `text`, and the tag.
fn seal(ctx: Ctx<'_>, key: Vec<u8>, nonce: Vec<u8>, text: String) -> Result<Vec<u8>> {
    let fault = |_| Exception::throw_range(&ctx, "a key or a nonce of another length");
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &key).map_err(fault)?);
    let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).map_err(fault)?;
    let mut sealed = text.into_bytes();
    key.seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut sealed).map_err(fault)?;
    Ok(sealed)
}
