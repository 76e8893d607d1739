use crate::{
    Cache, Clock, Config, Database, HttpClient, Logger, Mail, Peers, Random, Result, Timer, msgpack,
};
use serde::de::DeserializeOwned;

/// What the host gives a plugin to work with.
///
/// A service is a name for something of the host's. It holds nothing, so it can be copied, kept, or
/// made by `Default` wherever it is wanted. Using one makes the component import it, and an import
/// asks for a permission; what a plugin does not use it does not ask for.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PluginContext {
    /// The settings as they stand now.
    pub config: Config,
    /// The host's log.
    pub logger: Logger,
    /// Values kept for a while.
    pub cache: Cache,
    /// SQL databases.
    pub database: Database,
    /// Requests to other servers.
    pub http: HttpClient,
    /// E-mail.
    pub mail: Mail,
    /// The capabilities of other plugins.
    pub peers: Peers,
    /// The time.
    pub clock: Clock,
    /// Waiting.
    pub timer: Timer,
    /// Randomness fit for secrets.
    pub random: Random,
    settings: Vec<u8>,
}

impl PluginContext {
    pub(crate) fn new(settings: Vec<u8>) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// The settings that the plugin is initialised with: any type that serde knows, or a
    /// [`Value`](crate::Value).
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// #[serde(deny_unknown_fields)]
    /// struct Settings {
    ///     database: String,
    ///     #[serde(default)]
    ///     read_only: bool,
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput), naming the setting, when they do not
    /// have that form.
    pub fn settings<T: DeserializeOwned>(&self) -> Result<T> {
        msgpack::decode_input("settings", &self.settings)
    }
}
