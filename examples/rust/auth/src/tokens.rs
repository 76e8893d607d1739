use crate::settings::{Algorithm, Settings};
use base64ct::{Base64UrlUnpadded, Encoding};
use chrono::DateTime;
use ed25519_dalek::SigningKey;
use jwt_compact::{
    AlgorithmExt, Claims, Header, UntrustedToken,
    alg::{Ed25519, Hs256, Hs256Key},
};
use serde::{Deserialize, Serialize};
use tusk_plugin::{Clock, Error, Random, Result, Value, json};

/// How far ahead the clock of another issuer may be.
const LEEWAY_SECONDS: i64 = 5;

/// Longer ones are refused before anything is made of them.
const MAX_TOKEN_BYTES: usize = 4096;

/// Gives out tokens, and reads those that it or somebody else with the same key gave out.
pub struct Tokens {
    key: Key,
    issuer: String,
    audience: String,
    timeout_seconds: u64,
    clock: Clock,
    random: Random,
}

enum Key {
    Hs256(Hs256Key),
    EdDsa(Box<SigningKey>),
}

/// A token that was just made.
pub struct NewToken {
    pub text: String,
    pub expires_at_ms: u64,
}

/// What a good token says.
pub struct GoodToken {
    pub user_id: u32,
    /// What it is told apart by: `jti`.
    pub id: String,
    pub expires_at_ms: u64,
}

#[derive(Serialize, Deserialize)]
struct Subject {
    iss: String,
    aud: Audience,
    sub: String,
    jti: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What a header may hold beside what the library knows.
#[derive(Clone, Deserialize)]
struct MoreHeader {
    /// Extensions that have to be understood. None is.
    crit: Option<serde_json::Value>,
}

impl Tokens {
    /// # Errors
    ///
    /// When the key is missing, or is none.
    pub fn new(settings: &Settings, clock: Clock, random: Random) -> Result<Self> {
        let written = settings.key()?;
        let key = match settings.algorithm {
            Algorithm::Hs256 => Key::Hs256(Hs256Key::new(written.as_bytes())),
            Algorithm::EdDsa => {
                let mut seed = [0; 32];
                let decoded = Base64UrlUnpadded::decode(written, &mut seed).map(<[u8]>::len);
                if decoded != Ok(seed.len()) {
                    return Err(Error::invalid_input(
                        "signing_key is not 32 bytes in base64url",
                    ));
                }
                Key::EdDsa(Box::new(SigningKey::from_bytes(&seed)))
            }
        };
        Ok(Self {
            key,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            timeout_seconds: settings.session_timeout,
            clock,
            random,
        })
    }

    /// A token for a user, for the time of a session.
    pub fn issue(&self, user_id: u32) -> Result<NewToken> {
        let issued_at = self.clock.now_ms() / 1000;
        let expires_at = issued_at + self.timeout_seconds;
        let mut claims = Claims::new(Subject {
            iss: self.issuer.clone(),
            aud: Audience::One(self.audience.clone()),
            sub: user_id.to_string(),
            jti: Base64UrlUnpadded::encode_string(&self.random.bytes(16)),
        });
        claims.issued_at = Some(moment(issued_at)?);
        claims.expiration = Some(moment(expires_at)?);
        let header = Header::empty().with_token_type("JWT");
        let text = match &self.key {
            Key::Hs256(key) => Hs256.token(&header, &claims, key),
            Key::EdDsa(key) => Ed25519.token(&header, &claims, key),
        }
        .map_err(|_| "the token cannot be written")?;
        Ok(NewToken {
            text,
            expires_at_ms: expires_at * 1000,
        })
    }

    /// What a token says, if it is one that may be believed. Why not is nobody's business.
    pub fn read(&self, token: &str) -> Option<GoodToken> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let untrusted = UntrustedToken::<MoreHeader>::try_from(token).ok()?;
        if untrusted.header().other_fields.crit.is_some() {
            return None;
        }
        // The algorithm is that of the key, whatever the token says: another one, or "none", is refused.
        let token = match &self.key {
            Key::Hs256(key) => Hs256.validator::<Subject>(key).validate(&untrusted),
            Key::EdDsa(key) => Ed25519
                .validator::<Subject>(&key.verifying_key())
                .validate(&untrusted),
        };
        self.believe(token.ok()?.claims())
    }

    fn believe(&self, claims: &Claims<Subject>) -> Option<GoodToken> {
        let now = i64::try_from(self.clock.now_ms() / 1000).ok()?;
        let expires_at = claims.expiration?.timestamp();
        let later = |moment: Option<DateTime<_>>| {
            moment.is_some_and(|moment| moment.timestamp() > now + LEEWAY_SECONDS)
        };
        let Subject { iss, aud, sub, jti } = &claims.custom;
        let is_for_us = match aud {
            Audience::One(audience) => *audience == self.audience,
            Audience::Several(audiences) => audiences.contains(&self.audience),
        };
        if expires_at <= now || later(claims.not_before) || later(claims.issued_at) {
            return None;
        }
        if *iss != self.issuer || !is_for_us || jti.is_empty() {
            return None;
        }
        Some(GoodToken {
            user_id: sub.parse().ok()?,
            id: jti.clone(),
            expires_at_ms: u64::try_from(expires_at).ok()?.checked_mul(1000)?,
        })
    }

    /// The keys with which others can check the tokens: none where there is only one that is secret.
    pub fn public_keys(&self) -> Value {
        match &self.key {
            Key::Hs256(_) => json!({ "keys": [] }),
            Key::EdDsa(key) => {
                let x = Base64UrlUnpadded::encode_string(key.verifying_key().as_bytes());
                json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": x }] })
            }
        }
    }
}

fn moment(seconds: u64) -> Result<DateTime<chrono::Utc>> {
    let moment = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    Ok(moment.ok_or("session_timeout is too long")?)
}
