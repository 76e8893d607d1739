use crate::{Plugin, Result, Value};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A capability: knows users and what they may do.
pub trait AuthPlugin: Plugin {
    /// Who shows these credentials. Wrong ones are an answer, not an error.
    ///
    /// # Errors
    ///
    /// When it cannot be found out.
    fn authenticate(&self, credentials: &AuthCredentials) -> Result<AuthResult>;

    /// Whether `user` may do `action` (`read`) to `resource` (`invoices/7`).
    ///
    /// # Errors
    ///
    /// When it cannot be found out.
    fn authorize(&self, user: &User, resource: &str, action: &str) -> Result<bool>;

    /// Everything the user may do, as `resource:action`.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) when there is no such user.
    fn get_user_permissions(&self, user_id: u32) -> Result<Vec<String>>;
}

/// What somebody shows to prove who they are. Its `Debug` form keeps the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub enum AuthCredentials {
    /// A name and a password.
    Password {
        /// As it was typed.
        username: String,
        /// As it was typed.
        password: String,
    },
    /// A token that `authenticate` gave out earlier.
    Token(String),
}

impl fmt::Debug for AuthCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { username, .. } => f
                .debug_struct("Password")
                .field("username", username)
                .finish_non_exhaustive(),
            Self::Token(_) => f.write_str("Token(..)"),
        }
    }
}

/// Whether the credentials were right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub enum AuthResult {
    /// They were.
    Success(Session),
    /// They were not. The text is for a person, and says nothing that helps a guesser.
    Failure(String),
}

/// What right credentials lead to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who it is.
    pub user: User,
    /// To be shown as [`AuthCredentials::Token`] from now on.
    pub token: Option<String>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub expires_at_ms: Option<u64>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("user", &self.user)
            .field("expires_at_ms", &self.expires_at_ms)
            .finish_non_exhaustive()
    }
}

/// Somebody whom an auth plugin knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Stable for as long as the user exists.
    pub id: u32,
    /// For a person.
    pub name: String,
    /// What the user is: `admin`.
    pub roles: Vec<String>,
    /// Whatever else the auth plugin says of the user: an object.
    pub claims: Value,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{from_value, json, to_value};

    #[test]
    fn credentials_cross_as_the_contract_says_for_peers() {
        let password = AuthCredentials::Password {
            username: "ada".into(),
            password: "lovelace".into(),
        };
        let value = to_value(&password).unwrap();
        assert_eq!(
            value,
            json!({ "tag": "password", "val": { "username": "ada", "password": "lovelace" } })
        );
        assert_eq!(from_value::<AuthCredentials>(&value).unwrap(), password);

        let failure = json!({ "tag": "failure", "val": "No." });
        assert_eq!(from_value(&failure), Ok(AuthResult::Failure("No.".into())));
    }

    #[test]
    fn secrets_are_not_printed() {
        let token = AuthCredentials::Token("hush".into());
        let password = AuthCredentials::Password {
            username: "ada".into(),
            password: "hush".into(),
        };
        assert!(!format!("{token:?} {password:?}").contains("hush"));
    }
}
