use serde::Deserialize;
use std::collections::HashMap;
use tusk_plugin::{Error, Result};

/// What the plugin is told. `jwt_secret` and `session_timeout` are those of the original.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The key of HS256: at least 32 bytes.
    pub jwt_secret: Option<String>,
    /// The key of `EdDSA`: 32 bytes in base64url, the `d` of a JWK.
    pub signing_key: Option<String>,
    /// How tokens are signed. Tokens that are signed in another way are refused.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// Seconds until a token expires.
    #[serde(default = "an_hour")]
    pub session_timeout: u64,
    /// Who gives out tokens: `iss`.
    #[serde(default = "its_own_name")]
    pub issuer: String,
    /// Whom tokens are for: `aud`.
    #[serde(default = "its_own_name")]
    pub audience: String,
    /// The name by which the host knows the database of the users.
    #[serde(default = "main")]
    pub database: String,
    /// Who is there from the beginning, with the role `admin`.
    pub admin: Option<Admin>,
    /// What each role may do: "resource:action", where "*" is any.
    #[serde(default = "all_to_admin")]
    pub roles: HashMap<String, Vec<String>>,
    /// By default Argon2id, where the plugin's memory limit leaves room for it.
    pub hashing: Option<Hashing>,
    /// What Argon2id costs.
    #[serde(default)]
    pub argon2: Argon2Costs,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
pub enum Algorithm {
    #[default]
    #[serde(rename = "HS256")]
    Hs256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    pub name: String,
    pub password: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Hashing {
    Argon2id,
    Pbkdf2,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Argon2Costs {
    /// Kibibytes.
    pub memory_kib: u32,
    /// How often the memory is gone through.
    pub iterations: u32,
}

/// What OWASP recommends as the least.
impl Default for Argon2Costs {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
        }
    }
}

impl Settings {
    /// The key for `algorithm`, checked for its length where that is a matter of the text.
    pub fn key(&self) -> Result<&str> {
        let (name, key) = match self.algorithm {
            Algorithm::Hs256 => ("jwt_secret", &self.jwt_secret),
            Algorithm::EdDsa => ("signing_key", &self.signing_key),
        };
        let key = key.as_deref().unwrap_or_default();
        if key.is_empty() {
            return Err(Error::invalid_input(format_args!("{name} is missing")));
        }
        if self.algorithm == Algorithm::Hs256 && key.len() < 32 {
            return Err(Error::invalid_input(
                "jwt_secret is shorter than 32 bytes, and could be guessed",
            ));
        }
        Ok(key)
    }
}

fn an_hour() -> u64 {
    3600
}

fn its_own_name() -> String {
    "tusk".into()
}

fn main() -> String {
    "main".into()
}

fn all_to_admin() -> HashMap<String, Vec<String>> {
    HashMap::from([("admin".into(), vec!["*:*".into()])])
}
