//! Knows one user, whom the settings name. Real ones keep hashes of passwords, in a database.

use tusk_plugin::{
    AuthCredentials, AuthPlugin, AuthResult, Error, Plugin, PluginContext, Result, Session, User,
    json,
};

#[derive(Default)]
struct MyPlugin {
    username: String,
    password: String,
}

impl Plugin for MyPlugin {
    fn name(&self) -> &str {
        env!("CARGO_PKG_NAME")
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn description(&self) -> &str {
        env!("CARGO_PKG_DESCRIPTION")
    }

    fn initialize(&mut self, context: &PluginContext) -> Result<()> {
        self.username = context.config.get("username")?.unwrap_or_default();
        self.password = context.config.get("password")?.unwrap_or_default();
        Ok(())
    }
}

impl AuthPlugin for MyPlugin {
    fn authenticate(&self, credentials: &AuthCredentials) -> Result<AuthResult> {
        let right = match credentials {
            AuthCredentials::Password { username, password } => {
                *username == self.username && equal(password, &self.password)
            }
            AuthCredentials::Token(_) => false,
        };
        if !right || self.password.is_empty() {
            let reason = "The name or the password is wrong.";
            return Ok(AuthResult::Failure(reason.into()));
        }
        let user = User {
            id: 1,
            name: self.username.clone(),
            roles: vec!["admin".into()],
            claims: json!({}),
        };
        Ok(AuthResult::Success(Session {
            user,
            token: None,
            expires_at_ms: None,
        }))
    }

    fn authorize(&self, user: &User, _resource: &str, _action: &str) -> Result<bool> {
        Ok(user.roles.iter().any(|role| role == "admin"))
    }

    fn get_user_permissions(&self, user_id: u32) -> Result<Vec<String>> {
        match user_id {
            1 => Ok(vec!["*:*".into()]),
            _ => Err(Error::not_found("There is no such user.")),
        }
    }
}

/// Takes as long for what is nearly right as for what is quite wrong.
fn equal(a: &str, b: &str) -> bool {
    let difference = a.bytes().zip(b.bytes()).fold(0, |all, (x, y)| all | (x ^ y));
    difference == 0 && a.len() == b.len()
}

tusk_plugin::export!(MyPlugin: AuthPlugin);
