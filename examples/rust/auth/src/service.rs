use crate::{passwords::Passwords, roles::Roles, settings::Settings, tokens::Tokens, users::Users};
use tusk_plugin::{AuthResult, Clock, Error, PluginContext, Result, Session, Value, log};

/// Users, their passwords, their tokens and their roles.
pub struct Service {
    users: Users,
    passwords: Passwords,
    tokens: Tokens,
    roles: Roles,
    clock: Clock,
}

/// The same for an unknown name as for a wrong password.
const WRONG: &str = "The name or the password is wrong.";

/// The same for whatever is wrong with a token.
const NO_TOKEN: &str = "The token is not valid, or no longer.";

impl Service {
    pub fn new(context: &PluginContext) -> Result<Self> {
        let settings: Settings = context.settings()?;
        let PluginContext { clock, random, .. } = *context;
        let service = Self {
            tokens: Tokens::new(&settings, clock, random)?,
            passwords: Passwords::new(settings.hashing, settings.argon2, random)?,
            users: Users::new(context.database.open(&settings.database)?, random)?,
            roles: Roles::new(settings.roles)?,
            clock,
        };
        if let Some(admin) = settings.admin {
            service.add_first_admin(&admin.name, &admin.password)?;
        }
        Ok(service)
    }

    /// Begins a session, if the password is that of the user.
    pub fn sign_in(&self, name: &str, password: &str) -> Result<AuthResult> {
        let account = self.users.by_name(name)?;
        let hash = account
            .as_ref()
            .map(|account| account.password_hash.as_str());
        // Hashed in any case, so that the time that it takes does not tell whether there is such a user.
        let is_right = self.passwords.verify(password, hash)?;
        let Some(account) = account.filter(|_| is_right) else {
            log::info!("somebody failed to sign in");
            return Ok(AuthResult::Failure(WRONG.into()));
        };
        let token = self.tokens.issue(account.user.id)?;
        Ok(AuthResult::Success(Session {
            user: account.user,
            token: Some(token.text),
            expires_at_ms: Some(token.expires_at_ms),
        }))
    }

    /// Whose token this is. What its user may do is looked up, not read from it: it may have changed.
    pub fn recognise(&self, token: &str) -> Result<AuthResult> {
        let failure = || Ok(AuthResult::Failure(NO_TOKEN.into()));
        let Some(good) = self.tokens.read(token) else {
            return failure();
        };
        if self.users.is_ended(&good.id)? {
            return failure();
        }
        let Some(account) = self.users.by_id(good.user_id)? else {
            return failure();
        };
        Ok(AuthResult::Success(Session {
            user: account.user,
            token: None,
            expires_at_ms: Some(good.expires_at_ms),
        }))
    }

    /// Ends a token, if it is a good one.
    pub fn sign_out(&self, token: &str) -> Result<()> {
        match self.tokens.read(token) {
            Some(good) => self
                .users
                .end_token(&good.id, good.expires_at_ms, self.clock.now_ms()),
            None => Ok(()),
        }
    }

    /// Adds a user; false if there is one of this name.
    pub fn add_user(&self, name: &str, password: &str, roles: &[String]) -> Result<bool> {
        if let Some(unknown) = roles.iter().find(|role| !self.roles.has(role)) {
            return Err(Error::invalid_input(format_args!(
                "there is no role {unknown:?}"
            )));
        }
        self.users.add(name, &self.passwords.hash(password)?, roles)
    }

    /// Whether a user may do something. Roles are those in the database, whatever the caller says.
    pub fn allows(&self, user_id: u32, resource: &str, action: &str) -> Result<bool> {
        let account = self.users.by_id(user_id)?;
        Ok(account.is_some_and(|account| self.roles.allow(&account.user.roles, resource, action)))
    }

    pub fn permissions(&self, user_id: u32) -> Result<Vec<String>> {
        match self.users.by_id(user_id)? {
            Some(account) => Ok(self.roles.permissions(&account.user.roles)),
            None => Err(Error::not_found(format_args!("there is no user {user_id}"))),
        }
    }

    pub fn public_keys(&self) -> Value {
        self.tokens.public_keys()
    }

    /// Only once: a password that was changed since stays as it is.
    fn add_first_admin(&self, name: &str, password: &str) -> Result<()> {
        if self.users.by_name(name)?.is_none()
            && self.add_user(name, password, &["admin".into()])?
        {
            log::info!("the user {name:?} is there, and has the role \"admin\"");
        }
        Ok(())
    }
}
