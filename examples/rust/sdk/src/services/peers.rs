use crate::{Result, bindings::services::tusk::plugin::peers, msgpack};
use serde::{Serialize, de::DeserializeOwned};

/// A service: the capabilities of other plugins. The permission `peers`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Peers;

impl Peers {
    /// Calls a function of a plugin that this one declares as a dependency.
    ///
    /// `capability` and `function` are named as in the contract, and `args` is a list: a tuple, an
    /// array, a slice, or `()` for none. The types of this crate have the contract's form:
    ///
    /// ```no_run
    /// # use tusk_plugin::{PluginContext, Result, User};
    /// fn may_read(context: &PluginContext, user: &User) -> Result<bool> {
    ///     context.peers.call("auth", "auth-plugin", "authorize", (user, "invoices/7", "read"))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// What the other plugin or the host answers, and [`Error::Internal`](crate::Error::Internal)
    /// when the result is not of this type.
    pub fn call<T: DeserializeOwned>(
        &self,
        plugin: &str,
        capability: &str,
        function: &str,
        args: impl Serialize,
    ) -> Result<T> {
        let args = msgpack::encode_list(&args)?;
        let result = peers::call(plugin, capability, function, &args)?;
        msgpack::decode_answer(function, &result)
    }
}
