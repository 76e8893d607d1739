use serde::Deserialize;
use std::fmt::Write as _;
use tusk_plugin::{Connection, Database, Error, Result};

/// Which database to open.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name by which the host knows it, a URL that the plugin's permission covers, or the name
    /// that it has on the server at `host`.
    pub database: String,
    host: Option<String>,
    port: Option<u16>,
    user: Option<String>,
    password: Option<String>,
    /// Connections to the server that this plugin may keep. The host may allow fewer.
    pool_size: Option<u32>,
}

impl Settings {
    /// Opens it: by its name where the host has and grants one, else on the server.
    pub fn open(&self, databases: Database) -> Result<Connection> {
        match (databases.open(&self.database), &self.host) {
            (Err(Error::NotFound(_) | Error::Denied(_)), Some(host)) => {
                databases.open(&self.url(host))
            }
            (opened, _) => opened,
        }
    }

    /// `postgres://user:password@host:port/database?pool_size=n`
    fn url(&self, host: &str) -> String {
        let user = match (&self.user, &self.password) {
            (Some(user), Some(password)) => format!("{}:{}@", encode(user), encode(password)),
            (Some(user), None) => format!("{}@", encode(user)),
            _ => String::new(),
        };
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            encode(host)
        };
        let port = self
            .port
            .map_or_else(String::new, |port| format!(":{port}"));
        let pool = self
            .pool_size
            .map_or_else(String::new, |size| format!("?pool_size={size}"));
        format!(
            "postgres://{user}{host}{port}/{}{pool}",
            encode(&self.database)
        )
    }
}

/// The text with everything percent-encoded that could mean something in a URL.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
        url
    })
}
