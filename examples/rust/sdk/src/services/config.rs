use crate::{Result, bindings::services::tusk::plugin::config, msgpack};
use serde::de::DeserializeOwned;

/// A service: the plugin's settings, as they stand now. Always granted.
///
/// What it was initialised with is [`PluginContext::settings`](crate::PluginContext::settings).
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Config;

impl Config {
    /// The value at a path of keys joined by dots (`server.port`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when it is not of this type.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let found = config::get(key);
        found
            .map(|bytes| msgpack::decode_input(key, &bytes))
            .transpose()
    }

    /// All of them.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when they are not of this type.
    pub fn all<T: DeserializeOwned>(&self) -> Result<T> {
        msgpack::decode_input("settings", &config::all())
    }
}
