//! Signs users in with a name and a password, gives them tokens, and knows what they may do.
//!
//! Its settings are those of [`settings::Settings`]; the original's, `jwt_secret` and
//! `session_timeout`, are enough. It needs the permission `database` for the database of the users.
//!
//! A token is good until it expires or its user signs out. Whoever shows it after that replays it, and
//! is refused: every token has an id (`jti`), and the ids of those that were ended are kept until they
//! would have expired. A token without an id could not be ended, and is refused as well.

mod passwords;
mod roles;
mod routes;
mod service;
mod settings;
mod tokens;
mod users;

use service::Service;
use tusk_plugin::{
    AuthCredentials, AuthPlugin, AuthResult, HttpPlugin, HttpRequest, HttpResponse, Plugin,
    PluginContext, Result, Router, User,
};

/// What it was made into by its settings.
#[derive(Default)]
struct Auth(Option<Service>);

impl Auth {
    fn service(&self) -> Result<&Service> {
        Ok(self.0.as_ref().ok_or("the plugin has no settings")?)
    }
}

impl Plugin for Auth {
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
        self.0 = Some(Service::new(context)?);
        Ok(())
    }

    fn shutdown(&mut self) -> Result<()> {
        self.0 = None;
        Ok(())
    }
}

impl AuthPlugin for Auth {
    fn authenticate(&self, credentials: &AuthCredentials) -> Result<AuthResult> {
        let service = self.service()?;
        match credentials {
            AuthCredentials::Password { username, password } => service.sign_in(username, password),
            AuthCredentials::Token(token) => service.recognise(token),
        }
    }

    fn authorize(&self, user: &User, resource: &str, action: &str) -> Result<bool> {
        self.service()?.allows(user.id, resource, action)
    }

    fn get_user_permissions(&self, user_id: u32) -> Result<Vec<String>> {
        self.service()?.permissions(user_id)
    }
}

impl HttpPlugin for Auth {
    fn register_routes(&self, router: &mut Router) {
        routes::register(router);
    }

    fn handle_request(&self, request: &HttpRequest) -> Result<HttpResponse> {
        routes::handle(self.service()?, request)
    }
}

tusk_plugin::export!(Auth: AuthPlugin, HttpPlugin);
