use crate::{Result, bindings::services::tusk::plugin::cache, msgpack};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// A service: values kept for a while. The permission `cache`.
///
/// A value may vanish at any time before it expires.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Cache;

impl Cache {
    /// The value kept under this key.
    ///
    /// # Errors
    ///
    /// What the host answers, and [`Error::Internal`](crate::Error::Internal) when the value is not
    /// of this type.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let found = cache::get(key)?;
        found
            .map(|bytes| msgpack::decode_answer("a cached value", &bytes))
            .transpose()
    }

    /// Keeps a value, for `ttl` (to the millisecond) or, without one, until room is needed.
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn set(
        &self,
        key: &str,
        value: &(impl Serialize + ?Sized),
        ttl: impl Into<Option<Duration>>,
    ) -> Result<()> {
        let ttl_ms = ttl
            .into()
            .map(|ttl| u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX));
        cache::set(key, &msgpack::encode(value)?, ttl_ms)
    }

    /// Forgets a value. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn delete(&self, key: &str) -> Result<bool> {
        cache::delete(key)
    }
}
